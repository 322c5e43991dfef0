// The terminal, by ncurses: the only place that knows it.
#pragma once

#include "top/view.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace tow::top {

class Terminal {
  public:
    // Error{Usage} if standard input and output are no terminal, or one that nobody can draw on.
    explicit Terminal(bool use_color);
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal();  // as it was before

    Size size() const;  // now: it may have been resized

    // Waits for a key so long. Ends early as stop.hpp says, and when the size changes.
    KeyPress read(std::chrono::milliseconds at_most);

    void draw(const std::vector<Line>& lines);

  private:
    struct Screen;
    std::unique_ptr<Screen> screen_;
};

}  // namespace tow::top
