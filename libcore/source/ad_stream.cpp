#include "source/ad_stream.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/formats.hpp"
#include "classad/unparse.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace tow::source {

AdStream::AdStream(int fd, std::string name, std::optional<AdFormat> format,
                   const AttributeTable& wanted)
    : input_(fd), name_(std::move(name)), format_(format), wanted_(wanted) {}

std::string AdStream::where() const {
    return fmt::format("{}:{}", base::printable(name_), line_);
}

void AdStream::reject(std::size_t offset, std::string_view why) const {
    const auto line = line_ + base::count_newlines(input_.pending().substr(0, offset));
    base::fail(base::Kind::Data, "{}:{}: {}", base::printable(name_), line, why);
}

ValueSyntax AdStream::syntax() const noexcept {
    return format_ == AdFormat::Json   ? ValueSyntax::Json
           : format_ == AdFormat::Long ? ValueSyntax::Old
                                       : ValueSyntax::New;
}

void AdStream::consume(std::size_t count) {
    line_ += base::count_newlines(input_.pending().substr(0, count));
    input_.consume(count);
}

// Drops blanks; the next byte, or 0 at the end of the input.
char AdStream::peek() {
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

void AdStream::detect_format() {
    const char first = peek();
    format_ = first == '[' || first == '{' ? AdFormat::Json
              : first == '<'               ? AdFormat::Xml
                                           : AdFormat::Long;
}

bool AdStream::next() {
    consume(std::exchange(length_, 0));
    if (!format_) {
        detect_format();
    }
    const bool found = format_ == AdFormat::Json   ? skip_to_json_ad()
                       : format_ == AdFormat::Long ? peek() != 0
                                                   : skip_to_xml_ad();
    if (!found) {
        return false;
    }
    for (;;) {
        length_ = scan(input_.pending(), false);
        if (length_ > 0) {
            return true;
        }
        if (input_.pending().size() > record::kMaxDocument) {
            reject(0, fmt::format("an ad of more than {} MiB", record::kMaxDocument >> 20U));
        }
        if (!input_.fill()) {
            length_ = scan(input_.pending(), true);
            return true;
        }
    }
}

void AdStream::rescan() {
    scan(input_.pending().substr(0, length_), true);
}

// Between the objects of an array stand commas, around it brackets; HTCondor's own reader is as
// lenient about them. An array that is opened must be closed: else its end was lost.
bool AdStream::skip_to_json_ad() {
    for (;;) {
        const char c = peek();
        if (c == '{') {
            return true;
        }
        if (c == 0 && in_array_) {
            reject(0, "the array ends too early");
        }
        if (c == 0) {
            return false;
        }
        if (c == '[' && !in_array_) {
            in_array_ = true;
        } else if (c == ']' && in_array_) {
            in_array_ = false;
        } else if (c != ',' || !in_array_) {
            reject(0, "expected an ad: '{'");
        }
        consume(1);
    }
}

// To the next "<c>" outside of any ad.
bool AdStream::skip_to_xml_ad() {
    for (;;) {
        const auto start = input_.pending().find("<c>");
        if (start != std::string_view::npos) {
            consume(start);
            return true;
        }
        const auto size = input_.pending().size();
        consume(size - std::min<std::size_t>(size, 2));  // "<c" may be cut in two
        if (!input_.fill()) {
            const auto rest = base::trim(input_.pending());
            if (!rest.empty() && format_ == AdFormat::Xml && !rest.ends_with('>')) {
                reject(0, "the document ends too early");
            }
            return false;
        }
    }
}

std::size_t AdStream::scan(std::string_view text, bool is_all) {
    try {
        switch (*format_) {
            case AdFormat::Json:
                return scan_json_ad(text, is_all, wanted_, values_);
            case AdFormat::Long:
                return scan_long_ad(text, is_all, wanted_, values_);
            case AdFormat::Xml:
                break;
        }
        return scan_xml_ad(text, is_all);
    } catch (const Malformed& problem) {
        reject(problem.offset, problem.what);
    }
}

// XML is rare and long-winded: each ad goes through the complete reader, its values come out as
// new-style text.
std::size_t AdStream::scan_xml_ad(std::string_view text, bool is_all) {
    std::size_t depth = 0;  // an attribute may hold an ad
    std::size_t at = 0;
    do {
        const auto tag = text.find('<', at);
        if (tag == std::string_view::npos || text.size() - tag < 4) {
            if (is_all) {
                throw Malformed{at, "the ad ends too early"};
            }
            return 0;
        }
        depth += text.substr(tag, 3) == "<c>" ? 1 : 0;
        depth -= text.substr(tag, 4) == "</c>" ? 1 : 0;
        at = tag + 1;
    } while (depth > 0);
    const auto length = at + 3;
    owned_.clear();
    values_.assign(wanted_.size(), std::string_view{});
    try {
        classad::read_xml(fmt::format("<classads>{}</classads>", text.substr(0, length)),
                          [this](const classad::Ad& ad) {
                              for (const auto& entry : ad) {
                                  if (const auto number = wanted_.find(entry.name)) {
                                      owned_.push_back(classad::unparse(*entry.value));
                                      values_[*number] = owned_.back();
                                  }
                              }
                          });
    } catch (const base::Error& error) {
        throw Malformed{0, error.what()};
    }
    return length;
}

}  // namespace tow::source
