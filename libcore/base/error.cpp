#include "base/error.hpp"

#include <array>
#include <system_error>

namespace tow::base {

namespace {

struct Class {
    std::string_view name;
    int code;
};

// In the order of Kind.
constexpr std::array kClasses{
    Class{"usage", exit_code::kUsage},
    Class{"data", 65},
    Class{"not_found", 66},
    Class{"unavailable", 69},
    Class{"internal", exit_code::kInternal},
    Class{"cannot_create", 73},
    Class{"io", exit_code::kIo},
    Class{"busy", 75},
    Class{"permission", 77},
    Class{"config", 78},
    Class{"timeout", exit_code::kTimeout},
};
static_assert(kClasses.size() == static_cast<std::size_t>(Kind::Timeout) + 1);

}  // namespace

int exit_code_of(Kind kind) noexcept {
    return kClasses[static_cast<std::size_t>(kind)].code;
}

std::string_view kind_name(Kind kind) noexcept {
    return kClasses[static_cast<std::size_t>(kind)].name;
}

std::optional<Kind> kind_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
        if (kClasses[i].name == name) {
            return static_cast<Kind>(i);
        }
    }
    return std::nullopt;
}

Error Error::within(std::string_view context) const {
    return {kind_, fmt::format("{}: {}", context, what()), hint_};
}

void fail_errno(Kind kind, int error_number, std::string_view what) {
    fail(kind, "{}: {}", what, std::generic_category().message(error_number));
}

}  // namespace tow::base
