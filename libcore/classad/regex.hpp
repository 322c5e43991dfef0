// Perl regular expressions with bounded work. Internal.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace tow::classad {

struct RegexOptions {
    bool caseless = false;
    bool multiline = false;
    bool dot_all = false;
    bool extended = false;
};

class Regex {
  public:
    Regex(std::string_view pattern, RegexOptions options);
    ~Regex();
    Regex(Regex&&) noexcept;
    Regex& operator=(Regex&&) noexcept;

    // False if the pattern is no regular expression; then nothing else may be called.
    bool valid() const noexcept;

    enum class Outcome { Match, NoMatch, TooMuchWork };

    struct Group {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool set = false;
    };

    // Finds the first match that begins at or behind from. Bytes, not characters. The groups, the
    // whole match first, end with the last one that took part. Takes what it costs from the budget,
    // a few units for each step and some for the way it moves through the subject; a search that
    // needs more ends.
    Outcome search(std::string_view subject, std::size_t from, std::size_t& budget,
                   std::vector<Group>& groups) const;

  private:
    struct Compiled;

    std::unique_ptr<const Compiled> compiled_;
};

}  // namespace tow::classad
