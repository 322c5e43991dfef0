#include "batch/pilot_kit.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "batch/pilot_settings.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include <fmt/core.h>

namespace tow::batch {

namespace {

constexpr std::string_view kScript = "tow-pilot";
constexpr std::string_view kSettings = "tow-pilot.conf";
constexpr std::size_t kLargestFile = std::size_t{64} << 20U;
constexpr std::size_t kMostMessages = 65536;

// RFC 4648, with padding.
std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve(bytes.size() / 3 * 4 + 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        for (std::size_t j = 0; j < 3; ++j) {
            bits = (bits << 8U) | (j < count ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            text += j <= count ? kDigits[(bits >> (18 - 6 * j)) & 63U] : '=';
        }
    }
    return text;
}

void add(PilotKit& kit, std::string_view name, std::string content, bool is_executable) {
    const auto is_same = [&](const PilotKit::File& file) { return file.name == name; };
    if (std::ranges::any_of(kit.files, is_same)) {
        base::fail(base::Kind::Data, "field \"target.pilot.files\": two files named \"{}\"",
                   base::printable(name));
    }
    // HTCondor parts the names of files by commas.
    if (name.find_first_of(",%") != std::string_view::npos) {
        base::fail(base::Kind::Data, "field \"target.pilot.files\": \"{}\" has , or % in its name",
                   base::printable(name));
    }
    kit.files.push_back({std::string(name), std::move(content), is_executable});
}

// What looks at CVMFS on the node, installed beside us; without it the pilot looks by itself.
std::optional<std::string> cvmfs_tool() {
    std::error_code none;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", none).parent_path();
    auto tool = (own / "../libexec/aerotow/tow-cvmfs-node").string();
    return ::access(tool.c_str(), X_OK) == 0 ? std::optional(std::move(tool)) : std::nullopt;
}

void run(Transport& transport, const base::Command& command, const std::string& what) {
    const auto done = transport.run(command, kMostMessages);
    if (!done.status.ok()) {
        base::fail(base::Kind::CannotCreate, "{}: {}", what, base::printable(done.complaint));
    }
}

}  // namespace

std::optional<PilotKit> pilot_kit(const model::Entry& entry) {
    const auto* keys = entry.target.find("pilot");
    if (keys == nullptr || keys->is_null()) {
        return std::nullopt;
    }
    const record::Document document(record::to_json(entry.target));
    const model::Fields target(document.root(), "target.");
    if (keys->object() == nullptr) {
        target.reject("pilot", "expected an object");
    }
    if (entry.target.find("argv") != nullptr) {
        target.reject("argv", "there is a pilot already");
    }
    auto settings = pilot_settings(entry, target);
    const auto* repositories = keys->object()->find("cvmfs");
    if (const auto tool = cvmfs_tool();
        tool && repositories != nullptr && !repositories->is_null()) {
        settings.files.push_back(*tool);
    }
    PilotKit kit;
    add(kit, kScript, std::string(pilot_script()), true);
    add(kit, kSettings, settings.text, false);
    for (const auto& path : settings.files) {
        add(kit, path.substr(path.rfind('/') + 1), base::read_file(path, kLargestFile),
            ::access(path.c_str(), X_OK) == 0);
    }
    std::string all;
    for (const auto& file : kit.files) {
        all += fmt::format("{} {} {}\n", file.name, file.content.size(), file.is_executable);
        all += file.content;
    }
    kit.name = "pilot-" + base::hash_hex(all);
    return kit;
}

model::Entry with_kit(const model::Entry& entry, const std::optional<PilotKit>& kit,
                      const std::string& folder) {
    auto result = entry;
    if (!kit) {
        return result;
    }
    const auto path_of = [&](std::string_view name) {
        return fmt::format("{}/{}/{}", folder, kit->name, name);
    };
    record::Array argv{path_of(kScript)};
    const auto* universe = entry.target.find("universe");
    const bool is_local = universe != nullptr && *universe == record::Value("local");
    if (entry.backend == "condor" && !is_local) {  // the pilot finds them beside itself
        const auto* given = entry.target.find("input_files");
        auto files =
            given == nullptr || given->array() == nullptr ? record::Array{} : *given->array();
        for (const auto& file : kit->files) {
            if (file.name != kScript) {
                files.emplace_back(path_of(file.name));
            }
        }
        result.target.set("input_files", std::move(files));
    } else {
        argv.emplace_back(path_of(kSettings));
    }
    result.target.set("argv", std::move(argv));
    return result;
}

void place(const PilotKit& kit, const std::string& folder, Transport& transport) {
    const auto target = folder + "/" + kit.name;
    const auto is_there = [&] {
        return transport.run({{"test", "-d", target}}, kMostMessages).status.ok();
    };
    if (is_there()) {
        return;
    }
    const auto draft =
        fmt::format("{}.{}-{}", target, ::getpid(), base::wall_clock().time_since_epoch().count());
    run(transport, {{"mkdir", "-p", "--", draft}}, draft);
    for (const auto& file : kit.files) {
        const auto path = draft + "/" + file.name;
        // The command is always the same; what differs are its arguments and its input.
        run(transport,
            {{"/bin/sh", "-c", R"(base64 -d >"$1" && chmod "$2" "$1")", "sh", path,
              file.is_executable ? "755" : "644"},
             {},
             base64(file.content)},
            path);
    }
    if (!transport.run({{"mv", "-T", "--", draft, target}}, kMostMessages).status.ok() &&
        !is_there()) {  // another run may have been faster
        base::fail(base::Kind::CannotCreate, "{}: cannot be made", target);
    }
}

}  // namespace tow::batch
