#include "source/ad_file.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/unparse.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace tow::source {

namespace {

using classad::Format;

// Enough to tell the format by.
constexpr std::size_t kGlimpse = 64;

std::string place(const std::string& file, std::size_t line) {
    return fmt::format("{}:{}", base::printable(file), line);
}

}  // namespace

std::optional<Format> ad_format(std::string_view word) noexcept {
    return word == "long"                      ? std::optional(Format::Long)
           : word == "json" || word == "jsonl" ? std::optional(Format::Json)
           : word == "new"                     ? std::optional(Format::New)
           : word == "xml"                     ? std::optional(Format::Xml)
                                               : std::nullopt;
}

std::string FileAd::where() const {
    return place(file, line);
}

std::size_t FileAd::line_of(std::size_t offset) const {
    return line + base::count_newlines(text.substr(0, std::min(offset, text.size())));
}

AdFile::AdFile(int fd, std::string name, std::optional<Format> format,
               std::function<void()> before_read)
    : input_(fd, std::move(before_read)), name_(std::move(name)), format_(format) {}

// Until there are so many bytes; false at the end of the input.
bool AdFile::fill_to(std::size_t size) {
    bool more = true;
    while (more && input_.pending().size() < size) {
        more = input_.fill();
    }
    return more;
}

void AdFile::consume(std::size_t count) {
    const auto text = input_.pending().substr(0, count);
    line_ += base::count_newlines(text);
    const auto content = base::trim(text);
    if (!content.empty()) {
        first_ = first_ == 0 ? content.front() : first_;
        last_ = content.back();
    }
    input_.consume(count);
}

void AdFile::detect_format() {
    bool more = true;
    while (more && base::trim_left(input_.pending()).size() < kGlimpse) {
        const auto blank = input_.pending().size() - base::trim_left(input_.pending()).size();
        consume(blank);
        more = input_.fill();
    }
    if (!format_) {
        format_ = classad::detect_format(input_.pending());
    }
}

// Moves to the next ad; false at the end. What may go on is looked at again when there is twice as
// much of it, so that a long ad is not looked at again and again.
bool AdFile::next() {
    consume(std::exchange(length_, 0));
    for (bool more = true;;) {
        const auto text = input_.pending();
        const auto span = classad::find_ad(text, *format_);
        if (span.end - span.begin > record::kMaxDocument) {
            too_long_ = true;
            return false;
        }
        if (more && span.end == text.size()) {
            consume(span.begin);
            const auto size = input_.pending().size();
            more = fill_to(size < record::InputBuffer::kBlock ? size + 1 : 2 * size);
            continue;
        }
        consume(span.begin);
        length_ = span.end - span.begin;
        if (length_ == 0) {
            consume(text.size() - span.begin);
            return false;
        }
        return true;
    }
}

// A file that was cut off between two ads does not show it in any of them.
bool AdFile::is_cut_off() const noexcept {
    return (*format_ == Format::Json && first_ == '[' && last_ != ']') ||
           (*format_ == Format::New && first_ == '{' && last_ != '}');
}

void AdFile::read(const std::function<void(FileAd)>& on_ad,
                  const std::function<void(const base::Error&)>& on_bad) {
    detect_format();
    if (*format_ == Format::Xml) {
        read_xml(on_ad, on_bad);
        return;
    }
    while (next()) {
        FileAd found{{}, {}, name_, line_, input_.pending().substr(0, length_)};
        std::optional<base::Error> problem;
        try {
            found.ad = classad::read_ad(found.text, *format_, &found.notes);
        } catch (const base::Error& error) {
            problem = error.within(place(name_, found.line_of(found.notes.failed_at)));
        }
        if (problem) {
            on_bad(*problem);
        } else {
            on_ad(std::move(found));
        }
    }
    if (too_long_) {
        on_bad({base::Kind::Data, fmt::format("{}: an ad of more than {} MiB", place(name_, line_),
                                              record::kMaxDocument >> 20U)});
    } else if (is_cut_off()) {
        on_bad({base::Kind::Data,
                fmt::format("{}: the list of ads does not end", place(name_, line_))});
    }
}

void AdFile::read_xml(const std::function<void(FileAd)>& on_ad,
                      const std::function<void(const base::Error&)>& on_bad) {
    bool first = true;  // the first block is there already, from guessing the format
    const auto skipped = line_ - 1;
    const auto next_block = [&] {
        if (!std::exchange(first, false) || input_.pending().empty()) {
            input_.consume(input_.pending().size());
            input_.fill();
        }
        return input_.pending();
    };
    bool reading = true;  // what the receiver throws is not about the document
    try {
        classad::read_xml(base::printable(name_), next_block, [&](classad::XmlAd ad) {
            reading = false;
            on_ad({std::move(ad.ad), std::move(ad.notes), name_, ad.line + skipped, {}});
            reading = true;
        });
    } catch (const base::Error& error) {
        if (!reading || error.kind() != base::Kind::Data) {
            throw;
        }
        on_bad(error);
    }
}

AdFileWriter::AdFileWriter(std::string_view format) {
    constexpr std::array<std::string_view, 6> kNames{"long", "json", "jsonl", "new", "xml", "yaml"};
    const auto* const name = std::ranges::find(kNames, format);
    assert(name != kNames.end());
    format_ = static_cast<Format>(name - kNames.begin());
}

std::string AdFileWriter::begin() {
    switch (format_) {
        case Format::Json:
            return "[\n";
        case Format::Xml:
            return "<?xml version=\"1.0\"?>\n<!DOCTYPE classads SYSTEM "
                   "\"classads.dtd\">\n<classads>\n";
        default:
            return {};
    }
}

std::string AdFileWriter::text_of(const classad::Ad& ad) const {
    switch (format_) {
        case Format::Long:
            return write_long(ad, classad::Order::Name) + '\n';
        case Format::New:
            return unparse(ad) + '\n';
        case Format::Xml:
            return write_xml(ad) + '\n';
        case Format::Yaml:
            return "---\n" + write_yaml(ad);
        case Format::Jsonl:
            return write_json(ad) + '\n';
        case Format::Json:
            break;
    }
    return (first_ ? "" : ",\n") + write_json(ad);
}

std::string AdFileWriter::add(const classad::Ad& ad) {
    auto text = text_of(ad);
    first_ = false;
    if (format_ == Format::Long) {
        broken_lines_ += base::count_newlines(text) > ad.size() + 1 ? 1 : 0;
    } else if (format_ != Format::New && !base::is_utf8(text)) {
        text = base::repair_utf8(text, &replaced_);
    }
    return text;
}

std::map<std::string, std::size_t> AdFileWriter::losses() const {
    return {
        {"bytes that are not UTF-8, which were replaced", replaced_},
        {"ads with a line break in a string, which cannot be read back from long", broken_lines_}};
}

std::string AdFileWriter::end() {
    return format_ == Format::Json  ? (first_ ? "]\n" : "\n]\n")
           : format_ == Format::Xml ? "</classads>\n"
                                    : "";
}

}  // namespace tow::source
