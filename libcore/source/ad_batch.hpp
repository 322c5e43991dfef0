// Many questions about ads, one JSON object a line, answered in place: the same object with result
// and type. A byte that is not UTF-8 is written as a lone surrogate, "\udcXX", as Python does.
#pragma once

#include "base/error.hpp"
#include "classad/evaluate.hpp"

#include <functional>
#include <string>

namespace tow::source {

struct BatchEvents {
    std::function<void()> before_read;  // before each read that may block
    std::function<void(const std::string& line)> on_answer;
    std::function<void(const base::Error&)> on_bad;
};

// Answers every line of fd that is not blank. One that is no question goes to on_bad as Error{Data}
// with "name:line", and the reading goes on.
void answer_lines(int fd, const std::string& name, const classad::EvalOptions& options,
                  const BatchEvents& events);

}  // namespace tow::source
