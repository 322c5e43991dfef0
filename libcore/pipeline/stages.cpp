#include "pipeline/stages.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace tow::pipeline {

namespace {

// errno of an attempt to execute this file, or 0.
int obstacle(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return errno;
    }
    if (!S_ISREG(status.st_mode)) {
        return EACCES;
    }
    return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

}  // namespace

std::vector<Stage> parse_stages(const std::vector<std::string>& words) {
    std::vector<Stage> stages{{Command{}}};
    for (const auto& word : words) {
        if (word != "|" && word != ";") {
            stages.back().back().push_back(word);
        } else if (stages.back().back().empty()) {
            base::fail(base::Kind::Usage, "no command before \"{}\"", word);
        } else if (word == "|") {
            stages.push_back({Command{}});
        } else {
            stages.back().emplace_back();
        }
    }
    if (stages.back().back().empty()) {
        base::fail(base::Kind::Usage, "no command {}",
                   words.empty() ? "behind --" : fmt::format("behind \"{}\"", words.back()));
    }
    return stages;
}

std::string_view name_problem(std::string_view name) noexcept {
    constexpr std::size_t kLongest = 64;
    const auto good = [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-' || c == '.';
    };
    if (name.empty() || name.size() > kLongest) {
        return "has to have 1 to 64 characters";
    }
    if (!std::ranges::all_of(name, good) || name.front() == '.' || name.front() == '-') {
        return "may have letters, digits and _ - . only, and no . or - in front";
    }
    return {};
}

int program_obstacle(const std::string& program) {
    if (program.empty()) {
        return ENOENT;
    }
    if (program.find('/') != std::string::npos) {
        return obstacle(program);
    }
    int result = ENOENT;
    const auto path = base::environment("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
    for (const auto& folder : base::split(path, ':')) {
        const int found = obstacle(fmt::format("{}/{}", folder, program));
        if (found == 0) {
            return 0;
        }
        result = found == EACCES ? found : result;  // says more than "not there"
    }
    return result;
}

}  // namespace tow::pipeline
