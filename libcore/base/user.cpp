// Apart from the directories: user names come from NSS, which no static program can have.
#include "base/dirs.hpp"

#include <array>
#include <cstddef>
#include <pwd.h>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>

namespace tow::base {

std::string user_name() {
    if (auto name = environment("SUDO_USER")) {
        return *name;
    }
    constexpr std::size_t kLongest = 16384;
    std::vector<char> buffer(kLongest);
    passwd user{};
    passwd* found = nullptr;
    ::getpwuid_r(::getuid(), &user, buffer.data(), buffer.size(), &found);
    return found == nullptr ? fmt::format("{}", ::getuid()) : found->pw_name;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') {
        return "localhost";
    }
    const std::string text(name.data());
    return text.substr(0, text.find('.'));
}

}  // namespace tow::base
