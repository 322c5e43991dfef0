#include "cvmfs/client_config.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cvmfs/apart.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <poll.h>
#include <unistd.h>

namespace tow::cvmfs {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMostOutput = std::size_t{1} << 20;
constexpr std::size_t kMostScript = std::size_t{1} << 20;

// Prints the values that a file leaves in the names it sets, each with a NUL behind it.
constexpr std::string_view kScript =
    R"(cd "$1" && . "$2" >/dev/null; shift 2; for n; do eval "printf '%s=%s\\0' \"\$n\" \"\$$n\""; done)";

bool is_name_char(char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '_';
}

// The whole output of a command, within a time.
std::string output_of(const base::Child& child, milliseconds limit, const std::string& what) {
    const auto deadline = Clock::now() + limit;
    std::string output;
    std::array<char, 65536> buffer{};
    while (true) {
        base::check_stop();
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        pollfd ready{child.output(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) == 0) {
            base::fail(base::Kind::Timeout, "{}: no end after {} ms", what, limit.count());
        }
        const auto count = base::read_some(child.output(), buffer);
        if (count == 0) {
            return output;
        }
        output.append(buffer.data(), count);
        if (output.size() > kMostOutput) {
            base::fail(base::Kind::Data, "{}: printed more than {} bytes", what, kMostOutput);
        }
    }
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

class FileReader {
  public:
    FileReader(std::string repository, milliseconds limit)
        : repository_(std::move(repository)), deadline_(Clock::now() + limit) {}

    void read(const std::string& path) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) {
            return;
        }
        const auto names = names_in(base::read_file(path, kMostScript));
        if (names.empty()) {
            return;
        }
        const std::filesystem::path file(path);
        std::vector<std::string> argv{"/bin/sh",
                                      "-c",
                                      std::string(kScript),
                                      "sh",
                                      file.parent_path().string(),
                                      "./" + file.filename().string()};
        argv.insert(argv.end(), names.begin(), names.end());
        std::vector<std::string> environment{"CVMFS_FQRN=" + repository_};
        for (const auto& [name, value] : config) {
            environment.push_back(name + "=" + value.value);
        }
        const base::Child child({argv, environment});
        const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
        take(output_of(child, left, path), path);
    }

    ClientConfig config;

  private:
    void take(std::string_view output, const std::string& path) {
        while (!output.empty()) {
            const auto item = output.substr(0, output.find('\0'));
            output.remove_prefix(std::min(output.size(), item.size() + 1));
            const auto equals = item.find('=');
            if (equals == std::string_view::npos) {
                continue;
            }
            auto value = std::string(item.substr(equals + 1));
            replace_all(value, "@fqrn@", repository_);
            replace_all(value, "@org@", repository_.substr(0, repository_.find('.')));
            config[std::string(item.substr(0, equals))] = {base::repair_utf8(value), path};
        }
    }

    std::string repository_;
    Clock::time_point deadline_;
};

std::vector<std::string> config_files_in(const std::string& directory) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
        if (entry.path().extension() == ".conf") {
            files.push_back(entry.path().string());
        }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::vector<std::string> names_in(std::string_view script) {
    std::vector<std::string> names;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < script.size(); ++at) {
        if (is_name_char(script[at])) {
            continue;
        }
        const auto name = script.substr(begin, at - begin);
        if (script[at] == '=' && !name.empty() && !base::is_digit(name[0]) &&
            std::ranges::find(names, name) == names.end()) {
            names.emplace_back(name);
        }
        begin = at + 1;
    }
    return names;
}

ClientConfig parse_client_output(std::string_view text) {
    ClientConfig config;
    for (const auto& line : base::split(text, '\n')) {
        const auto equals = line.find('=');
        if (line.starts_with('#') || equals == std::string::npos) {
            continue;
        }
        constexpr std::string_view kFrom = "    # from ";
        const auto from = line.rfind(kFrom);
        auto value = line.substr(equals + 1, from == std::string::npos ? from : from - equals - 1);
        if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'') {
            value = value.substr(1, value.size() - 2);
        }
        config[line.substr(0, equals)] = {
            value, from == std::string::npos ? "" : line.substr(from + kFrom.size())};
    }
    return config;
}

ClientConfig read_config_files(const std::string& directory, const std::string& repository,
                               milliseconds limit) {
    FileReader reader(repository, limit);
    reader.read(directory + "/default.conf");
    for (const auto& file : config_files_in(directory + "/default.d")) {
        reader.read(file);
    }
    reader.read(directory + "/default.local");
    const auto dot = repository.find('.');
    const auto domain = dot == std::string::npos ? "" : repository.substr(dot + 1);
    for (const auto& part : {"/domain.d/" + domain, "/config.d/" + repository}) {
        reader.read(directory + part + ".conf");
        reader.read(directory + part + ".local");
    }
    return std::move(reader.config);
}

ClientConfig effective_config(const std::string& directory, const std::string& repository,
                              milliseconds limit) {
    constexpr std::array kPlaces{"/usr/bin/cvmfs2", "/usr/local/bin/cvmfs2"};
    for (const char* place : kPlaces) {
        if (directory != "/etc/cvmfs" || ::access(place, X_OK) != 0) {
            continue;
        }
        const Job parse = [&](int output) {
            ::dup2(output, STDOUT_FILENO);
            ::execl(place, place, "-o", "parse", repository.c_str(), "/", nullptr);
        };
        const auto said = run_apart({parse}, limit);
        if (said[0].is_done && !said[0].text.empty()) {
            return parse_client_output(said[0].text);
        }
    }
    return read_config_files(directory, repository, limit);
}

}  // namespace tow::cvmfs
