// Everything that is said on standard error: one line, one write, nothing a terminal obeys.
#pragma once

#include "base/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cli {

enum class Verbosity { Quiet, Normal, Steps, Everything };  // -q, nothing, -v, -vv

class Diagnostics {
  public:
    explicit Diagnostics(std::string tool);

    void set_verbosity(Verbosity verbosity) noexcept { verbosity_ = verbosity; }
    Verbosity verbosity() const noexcept { return verbosity_; }

    void error(std::string_view message) const;
    void error(const base::Error& error) const;  // with its hint
    // An error with details, each in a line of its own; all of it at once. Nothing if empty.
    void report(const std::vector<std::string>& lines) const;
    void hint(std::string_view message) const;
    void warning(std::string_view message) const;
    void note(std::string_view message) const;   // with -v
    void debug(std::string_view message) const;  // with -vv

    // For a warning that may come a million times: said once by finish(), as "<times> <what>".
    void count(const std::string& what, std::size_t times = 1);
    void finish();

  private:
    enum class Level { Error, Hint, Warning, Note, Debug };
    void say(Level level, std::string_view message) const;
    std::string line(Level level, std::string_view text) const;

    std::string tool_;
    Verbosity verbosity_ = Verbosity::Normal;
    bool journal_;  // systemd reads our standard error: priorities instead of times
    std::map<std::string, std::size_t> counted_;
};

}  // namespace tow::cli
