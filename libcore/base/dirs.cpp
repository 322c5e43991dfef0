#include "base/dirs.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace tow::base {

namespace {

// The value of an XDG variable, or the place under the home directory that stands for it.
std::optional<std::string> xdg_directory(const char* variable, std::string_view under_home) {
    if (auto directory = environment(variable)) {
        return *directory + "/aerotow";
    }
    if (auto home = environment("HOME")) {
        return fmt::format("{}/{}/aerotow", *home, under_home);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr || *value == '\0') {
        return std::nullopt;
    }
    return value;
}

std::string state_directory() {
    if (auto directory = environment("TOW_STATE_DIR")) {
        return *directory;
    }
    if (auto directories = environment("STATE_DIRECTORY")) {  // systemd separates several by ':'
        return directories->substr(0, directories->find(':'));
    }
    if (auto directory = xdg_directory("XDG_STATE_HOME", ".local/state")) {
        return *directory;
    }
    throw Error(Kind::Config,
                "no place for the state file: neither $TOW_STATE_DIR nor $HOME is set",
                "name a directory with --state DIR");
}

std::optional<std::string> cache_directory() {
    if (auto directory = environment("TOW_CACHE_DIR")) {
        return directory;
    }
    if (auto directories = environment("CACHE_DIRECTORY")) {
        return directories->substr(0, directories->find(':'));
    }
    return xdg_directory("XDG_CACHE_HOME", ".cache");
}

std::vector<std::string> config_files() {
    namespace fs = std::filesystem;
    std::vector<std::string> files{"/etc/aerotow/config.yaml"};
    std::error_code none;
    for (const auto& file : fs::directory_iterator("/etc/aerotow/config.d", none)) {
        if (file.path().extension() == ".yaml") {
            files.push_back(file.path().string());
        }
    }
    std::sort(files.begin() + 1, files.end());
    if (const auto directory = xdg_directory("XDG_CONFIG_HOME", ".config")) {
        files.push_back(*directory + "/config.yaml");
    }
    std::erase_if(files, [](const std::string& file) {
        std::error_code ignored;
        return !fs::exists(file, ignored);
    });
    return files;
}

}  // namespace tow::base
