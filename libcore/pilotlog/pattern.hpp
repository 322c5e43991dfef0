// Perl regular expressions compiled to machine code, for searching much text; bounded in what one
// search may cost. Not to be shared between threads.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace tow::pilotlog {

class Pattern {
  public:
    // Error{Usage} if it is no regular expression. ^ and $ match at every line.
    explicit Pattern(std::string_view text);
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

    // The first match that begins at or behind from: where it begins and ends. A search that costs
    // too much finds nothing.
    std::optional<std::pair<std::size_t, std::size_t>> find(std::string_view text,
                                                            std::size_t from = 0) const;

  private:
    struct Compiled;

    std::unique_ptr<const Compiled> compiled_;
};

}  // namespace tow::pilotlog
