#include "source/lines.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <utility>

namespace tow::source {

Lines::Lines(int fd, std::string name) : input_(fd), name_(std::move(name)) {}

std::string Lines::where() const {
    return fmt::format("{}:{}", base::printable(name_), line_);
}

void Lines::reject(std::string_view why) const {
    base::fail(base::Kind::Data, "{}: {}", where(), why);
}

std::string_view Lines::text() const noexcept {
    auto text = input_.pending().substr(0, size_);
    if (text.ends_with('\n')) {
        text.remove_suffix(1);
    }
    if (text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    return text;
}

bool Lines::next() {
    input_.consume(std::exchange(size_, 0));
    ++line_;
    for (std::size_t searched = 0;;) {
        const auto pending = input_.pending();
        const auto end = pending.find('\n', searched);
        if (end != std::string_view::npos) {
            size_ = end + 1;
            return true;
        }
        searched = pending.size();
        if (searched > record::kMaxDocument) {
            reject(fmt::format("a line of more than {} MiB", record::kMaxDocument >> 20U));
        }
        if (!input_.fill()) {
            size_ = input_.pending().size();
            return size_ > 0;
        }
    }
}

}  // namespace tow::source
