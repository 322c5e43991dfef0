#include "source/json_members.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <utility>

namespace tow::source {

namespace {

// The end of a JSON value, as far as brackets and quotes tell; goes on where it stopped.
class ValueScanner {
  public:
    // The size of the value that the text, which may only grow, begins with; 0: not yet known.
    std::size_t scan(std::string_view text) {
        for (; at_ < text.size(); ++at_) {
            if (in_string_) {
                step_in_string(text[at_]);
            } else if (const auto size = step_outside(text[at_])) {
                return size;
            }
        }
        return 0;
    }

  private:
    void step_in_string(char c) {
        at_ += c == '\\' ? 1 : 0;
        in_string_ = c != '"';
        if (!in_string_ && depth_ == 0) {
            is_scalar_ = true;  // the next byte is behind it
        }
    }

    std::size_t step_outside(char c) {
        const bool opens = c == '{' || c == '[';
        const bool closes = c == '}' || c == ']';
        if (depth_ == 0 && !opens && c != '"') {  // in or behind a number, word or text
            const bool ends = closes || c == ',' || base::is_space(c) || is_scalar_;
            return ends && at_ > 0 ? at_ : 0;
        }
        in_string_ = c == '"';
        depth_ += opens ? 1 : 0;
        depth_ -= closes ? 1 : 0;
        return closes && depth_ == 0 ? at_ + 1 : 0;
    }

    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool is_scalar_ = false;
};

}  // namespace

JsonMembers::JsonMembers(int fd, std::string name) : input_(fd), name_(std::move(name)) {}

std::string JsonMembers::where() const {
    return fmt::format("{}:{}", base::printable(name_), line_);
}

void JsonMembers::reject(std::string_view why) const {
    base::fail(base::Kind::Data, "{}: {}", where(), why);
}

void JsonMembers::consume(std::size_t count) {
    line_ += base::count_newlines(input_.pending().substr(0, count));
    input_.consume(count);
}

// Drops blanks; the next byte, or 0 at the end of the input.
char JsonMembers::peek() {
    for (;;) {
        const auto pending = input_.pending();
        consume(pending.size() - base::trim_left(pending).size());
        if (!input_.pending().empty()) {
            return input_.pending().front();
        }
        if (!input_.fill()) {
            return 0;
        }
    }
}

void JsonMembers::expect(char wanted) {
    if (const char c = peek(); c != wanted) {
        reject(c == 0     ? std::string("the document ends too early")
               : c == '<' ? std::string("expected JSON, this looks like HTML or XML")
                          : fmt::format("expected '{}'", wanted));
    }
    consume(1);
}

void JsonMembers::begin() {
    has_object_ = peek() != '[';
    expect(has_object_ ? '{' : '[');
    place_ = has_object_ ? Place::InObject : Place::InArray;
    is_first_ = true;
}

// Whether the object or array ends here; if not, the comma before its next part is dropped.
bool JsonMembers::end_of(char closing) {
    if (peek() == closing) {
        consume(1);
        return true;
    }
    if (!std::exchange(is_first_, false)) {
        expect(',');
    }
    return false;
}

void JsonMembers::finish_document() {
    if (peek() != 0) {
        reject("text behind the end of the document");
    }
    place_ = Place::End;
}

bool JsonMembers::next() {
    consume(std::exchange(size_, 0));
    if (place_ == Place::Begin) {
        begin();
    }
    while (place_ != Place::End) {
        if (place_ == Place::InArray) {
            if (!end_of(']')) {
                take_value();
                return true;
            }
            place_ = Place::InObject;
            is_first_ = false;
            if (!has_object_) {
                finish_document();
            }
            continue;
        }
        if (end_of('}')) {
            finish_document();
            continue;
        }
        read_key();
        if (peek() == '[') {
            consume(1);
            place_ = Place::InArray;
            is_first_ = true;
            continue;
        }
        take_value();
        return true;
    }
    return false;
}

void JsonMembers::read_key() {
    if (peek() != '"') {
        reject("expected a key");
    }
    const auto size = value_size();
    key_ = input_.pending().substr(1, size - 2);
    consume(size);
    expect(':');
}

void JsonMembers::take_value() {
    if (peek() == 0) {
        reject("the document ends too early");
    }
    size_ = value_size();
    try {
        parser_.parse_padded(input_.pending().substr(0, size_));
    } catch (const base::Error& error) {
        throw error.within(where());
    }
}

std::size_t JsonMembers::value_size() {
    ValueScanner scanner;
    for (;;) {
        if (const auto size = scanner.scan(input_.pending())) {
            return size;
        }
        if (input_.pending().size() > record::kMaxDocument) {
            reject(fmt::format("a value of more than {} MiB", record::kMaxDocument >> 20U));
        }
        if (!input_.fill()) {
            reject("the document ends too early");
        }
    }
}

}  // namespace tow::source
