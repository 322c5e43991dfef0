// The one error type of aerotow, its classes, and what each class means for the exit code.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace tow::base {

// The class of a failure. It decides the exit code and is written to records as error.kind.
enum class Kind {
    Usage,         // the command line is wrong
    Data,          // an input is malformed
    NotFound,      // a named file, entry or job does not exist
    Unavailable,   // a service refused or did not answer
    Internal,      // a bug of ours
    CannotCreate,  // an output cannot be created
    Io,            // reading or writing failed (disk full)
    Busy,          // somebody holds the lock, or the other side says "later"
    Permission,    // a credential is missing, expired or too weak
    Config,        // a configuration file is wrong
    Timeout,       // our own deadline passed
};

// The sysexits(3) subset that tow(7) documents.
namespace exit_code {
constexpr int kOk = 0;
constexpr int kPartial = 1;
constexpr int kUsage = 64;
constexpr int kInternal = 70;
constexpr int kIo = 74;
constexpr int kTimeout = 124;
}  // namespace exit_code

int exit_code_of(Kind kind) noexcept;
std::string_view kind_name(Kind kind) noexcept;  // lower snake_case, as written to records
std::optional<Kind> kind_named(std::string_view name) noexcept;

class Error : public std::runtime_error {
  public:
    Error(Kind kind, const std::string& message, std::string hint = {})
        : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

    Kind kind() const noexcept { return kind_; }
    const std::string& hint() const noexcept { return hint_; }  // the next step; may be empty

    // The same error with "context: " before its message.
    Error within(std::string_view context) const;

  private:
    Kind kind_;
    std::string hint_;
};

template <class... Args>
[[noreturn]] void fail(Kind kind, fmt::format_string<Args...> format, Args&&... args) {
    throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

// fail() with the text of errno behind the message: "open x: No such file or directory".
[[noreturn]] void fail_errno(Kind kind, int error_number, std::string_view what);

// Runs action; an Error that leaves it gets "context: " before its message.
template <class Action>
decltype(auto) with_context(std::string_view context, Action&& action) {
    try {
        return std::forward<Action>(action)();
    } catch (const Error& error) {
        throw error.within(context);
    }
}

}  // namespace tow::base
