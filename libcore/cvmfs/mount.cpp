#include "cvmfs/mount.hpp"

#include "base/text.hpp"
#include "cvmfs/apart.hpp"
#include "cvmfs/mount_child.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace tow::cvmfs {

namespace {

constexpr std::uint64_t kMostKilobytes = std::uint64_t{1} << 40;

template <class Number>
std::optional<Number> parsed(std::string_view text) {
    Number number{};
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return !text.empty() && result.ec == std::errc() && result.ptr == end ? std::optional(number)
                                                                          : std::nullopt;
}

void take_file(MountFacts& facts, std::string_view value) {
    const auto words = base::split(value, '\n');  // error, bytes, path
    if (words.size() == 3) {
        facts.files.push_back({words[2], parsed<std::int64_t>(words[1]).value_or(0),
                               parsed<int>(words[0]).value_or(EIO)});
    }
}

void take(MountFacts& facts, std::string_view key, std::string_view value) {
    const auto number = parsed<std::uint64_t>(value).value_or(0);
    if (key.starts_with("user.")) {
        facts.attributes.emplace(key.substr(5), value);
    } else if (key == "open_error") {
        facts.open_error = static_cast<int>(number);
    } else if (key == "file_system") {
        facts.file_system = number;
    } else if (key == "block_bytes") {
        facts.block_bytes = number;
    } else if (key == "blocks") {
        facts.blocks = number;
    } else if (key == "blocks_free") {
        facts.blocks_free = number;
    } else if (key == "entries") {
        facts.entries = static_cast<std::int64_t>(number);
    } else if (key == "file") {
        take_file(facts, value);
    } else if (key == "cache_free_percent") {
        facts.cache_free_ratio = static_cast<double>(number) / 100;
    } else if (key == "stacktrace") {
        facts.stacktrace_written_at = static_cast<std::int64_t>(number);
    } else if (key == "socket_error") {
        facts.socket_error = static_cast<int>(number);
    } else if (key == "memory_kilobytes") {
        facts.memory_bytes = std::min(number, kMostKilobytes) * 1024;
    } else if (key == "paused") {
        facts.is_paused = true;
    }
}

MountFacts facts_of(const MountProbe& probe, const Said& said) {
    MountFacts facts;
    facts.repository = probe.repository;
    facts.path = probe.path;
    facts.seconds = said.seconds;
    std::string_view rest = said.text;
    std::string under_way = "starting";
    while (!rest.empty()) {
        const auto key = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), key.size() + 1));
        const auto value = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), value.size() + 1));
        if (key == "begin") {
            under_way = value;
        } else {
            take(facts, key, value);
        }
    }
    if (under_way != "end") {
        facts.hung_at = under_way;  // or it died there
    }
    return facts;
}

}  // namespace

std::optional<std::string> MountFacts::attribute(std::string_view name) const {
    const auto found = attributes.find(std::string(name));
    return found == attributes.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> MountFacts::number(std::string_view attribute_name) const {
    const auto text = attribute(attribute_name);
    return text ? parsed<std::int64_t>(*text) : std::nullopt;
}

std::vector<MountFacts> probe_mounts(const std::vector<MountProbe>& probes,
                                     std::chrono::milliseconds limit) {
    std::vector<Job> jobs;
    jobs.reserve(probes.size());
    for (const auto& probe : probes) {
        jobs.emplace_back([&probe](int output) { look_at_mount(probe, output); });
    }
    const auto said = run_apart(jobs, limit);
    std::vector<MountFacts> facts;
    facts.reserve(probes.size());
    for (std::size_t i = 0; i < probes.size(); ++i) {
        facts.push_back(facts_of(probes[i], said[i]));
    }
    return facts;
}

std::vector<std::string> mounted_repositories(std::string_view mounts, std::string_view base) {
    std::vector<std::string> result;
    const auto prefix = std::string(base) + "/";
    for (const auto& line : base::split(mounts, '\n')) {
        const auto words = base::split(line, ' ');
        if (words.size() >= 3 && words[0] == "cvmfs2" && words[2].starts_with("fuse") &&
            words[1].starts_with(prefix) &&
            words[1].find('/', prefix.size()) == std::string::npos) {
            result.push_back(words[1].substr(prefix.size()));
        }
    }
    return result;
}

}  // namespace tow::cvmfs
