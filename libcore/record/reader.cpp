#include "record/reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace tow::record {

namespace {

// Looks for the brace that closes the one a text begins with; goes on where it stopped.
class BraceScanner {
  public:
    // One past that brace, or 0 if the text, which may only grow, does not hold it yet.
    std::size_t scan(std::string_view text) {
        for (; at_ < text.size(); ++at_) {
            if (in_string_) {
                step_in_string(text[at_]);
            } else if (step_outside(text[at_])) {
                return at_ + 1;
            }
        }
        return 0;
    }

  private:
    void step_in_string(char c) {
        at_ += c == '\\' ? 1 : 0;
        in_string_ = c != '"';
    }

    bool step_outside(char c) {
        in_string_ = c == '"';
        depth_ += c == '{' ? 1 : 0;
        return c == '}' && --depth_ == 0;
    }

    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool in_string_ = false;
};

}  // namespace

RecordReader::RecordReader(int fd, std::string name, std::function<void()> before_read)
    : input_(fd, std::move(before_read)), name_(std::move(name)) {}

std::string RecordReader::where() const {
    return fmt::format("{}:{}", base::printable(name_), line_);
}

void RecordReader::reject(std::string_view why) const {
    base::fail(base::Kind::Data, "{}: {}", where(), why);
}

bool RecordReader::next() {
    if (form_ == Form::Unknown) {
        detect_form();
    }
    const bool found = form_ == Form::List ? next_element() : form_ == Form::Lines && next_line();
    if (!found) {
        form_ = Form::Finished;
        return false;
    }
    one_line_.clear();
    at_place([this] { parser_.parse_padded(text_); });
    if (type().empty()) {
        reject("not a record: no \"type\"");
    }
    return true;
}

Object RecordReader::record() const {
    return at_place([this] { return *parser_.value().object(); });
}

std::string_view RecordReader::line() const {
    if (lines_in_text_ == 0) {
        return text_;
    }
    if (one_line_.empty()) {
        one_line_ = minified(text_);
    }
    return one_line_;
}

void RecordReader::detect_form() {
    const char first = peek_token();
    form_ = first == '[' ? Form::List : Form::Lines;
    if (form_ == Form::List) {
        input_.consume(1);
    }
}

// Drops blanks; returns the first byte that is none, 0 at the end of the input.
char RecordReader::peek_token() {
    for (;;) {
        const auto pending = input_.pending();
        const auto blanks = pending.size() - base::trim_left(pending).size();
        line_ += base::count_newlines(pending.substr(0, blanks));
        input_.consume(blanks);
        if (!input_.pending().empty()) {
            return input_.pending().front();
        }
        if (!input_.fill()) {
            return 0;
        }
    }
}

void RecordReader::take(std::string_view text) {
    text_ = text;
    lines_in_text_ = base::count_newlines(text);
    if (text.size() > kMaxDocument) {
        reject(fmt::format("a record of more than {} MiB", kMaxDocument >> 20U));
    }
}

bool RecordReader::next_line() {
    input_.consume(std::exchange(to_consume_, 0));
    line_ += std::exchange(lines_in_text_, 0);
    if (peek_token() == 0) {
        return false;
    }
    std::size_t searched = 0;
    for (;;) {
        const auto pending = input_.pending();
        const auto end = pending.find('\n', searched);
        if (end != std::string_view::npos) {
            take(base::trim(pending.substr(0, end)));
            to_consume_ = end;  // the newline itself is a blank of the next search: it counts there
            return true;
        }
        searched = pending.size();
        if (searched > kMaxDocument) {
            take(pending);
        }
        if (!input_.fill()) {
            take(base::trim(input_.pending()));
            to_consume_ = input_.pending().size();
            return true;
        }
    }
}

bool RecordReader::next_element() {
    input_.consume(std::exchange(to_consume_, 0));
    line_ += std::exchange(lines_in_text_, 0);
    char token = peek_token();
    if (token == ',' && !first_element_) {
        input_.consume(1);
        token = peek_token();
    } else if (token != ']' && token != 0 && !first_element_) {
        reject("expected ',' or ']' after an element of the array");
    }
    if (token == ']') {
        input_.consume(1);
        if (peek_token() != 0) {
            reject("text after the end of the array");
        }
        return false;
    }
    if (token == 0) {
        reject("the array ends too early");
    }
    if (token != '{') {
        reject("expected an object");
    }
    first_element_ = false;
    take(input_.pending().substr(0, element_end()));
    to_consume_ = text_.size();
    return true;
}

// The length of the object at the front of the input, by its braces outside of strings.
std::size_t RecordReader::element_end() {
    BraceScanner scanner;
    for (;;) {
        if (const auto end = scanner.scan(input_.pending()); end != 0) {
            return end;
        }
        if (input_.pending().size() > kMaxDocument) {
            take(input_.pending());
        }
        if (!input_.fill()) {
            reject("the array ends too early");
        }
    }
}

}  // namespace tow::record
