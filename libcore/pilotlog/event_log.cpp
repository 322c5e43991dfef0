#include "pilotlog/event_log.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "pilotlog/event_ad.hpp"
#include "pilotlog/lines.hpp"
#include "record/input.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace tow::pilotlog {

namespace {

// "012 (" begins an event wherever a line begins with it.
bool is_header(std::string_view text) noexcept {
    return text.size() > 5 && base::is_digit(text[0]) && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && text[3] == ' ' && text[4] == '(';
}

std::size_t line_end(std::string_view text, std::size_t from) noexcept {
    const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
    return found == nullptr
               ? std::string_view::npos
               : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// The line that ends an event, without its own end.
bool is_end_mark(std::string_view line) noexcept {
    return line == "..." || line == "...\r";
}

bool take_id(std::string_view& text, std::int64_t& number, char behind) noexcept {
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end.ptr - text.data());
    if (end.ec != std::errc() || length >= text.size() || text[length] != behind) {
        return false;
    }
    text.remove_prefix(length + 1);
    return true;
}

// "012 (005.000.000) 2026-11-21 19:49:34Z Job was held."
bool read_header(std::string_view line, const LogClock& clock, JobEvent& event) noexcept {
    if (!is_header(line)) {
        return false;
    }
    event.number = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    line.remove_prefix(5);
    if (!take_id(line, event.cluster, '.') || !take_id(line, event.proc, '.') ||
        !take_id(line, event.subproc, ')')) {
        return false;
    }
    line = base::trim_left(line);
    const auto at = take_stamp(line, clock);
    if (!at) {
        return false;
    }
    event.at = *at;
    event.message = base::trim(line);
    return true;
}

// The end of "<c>...</c>", in which others may be nested; of any other tag, its own end.
std::size_t xml_end(std::string_view text) noexcept {
    if (!text.starts_with("<c>")) {
        const auto end = text.find('>');
        return end == std::string_view::npos ? 0 : end + 1;
    }
    std::size_t depth = 0;
    for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const auto rest = text.substr(at);
        if (rest.starts_with("<c>")) {
            ++depth;
        } else if (rest.starts_with("</c>") && --depth == 0) {
            return at + 4;
        }
    }
    return 0;
}

void clear(JobEvent& event) {
    auto attributes = std::move(event.attributes);
    attributes.clear();
    event = {};
    event.attributes = std::move(attributes);
}

}  // namespace

// The size without the last line's mark. An event may lack it: then the next one's header ends it.
EventScanner::Span EventScanner::text_event(std::string_view text) const {
    std::size_t begin = 0;
    for (auto end = line_end(text, 0); end != std::string_view::npos; end = line_end(text, begin)) {
        const char first = text[begin];
        if (first == '.' && is_end_mark(text.substr(begin, end - begin))) {
            return {begin, end + 1, false};
        }
        if (begin > 0 && base::is_digit(first) && is_header(text.substr(begin, 6))) {
            return {begin, begin, true};
        }
        begin = end + 1;
        if (begin == text.size()) {
            break;
        }
    }
    if (begin < text.size() && is_end_mark(text.substr(begin))) {
        return {begin, 0, false};
    }
    return {text.size(), 0, false};
}

void EventScanner::deliver(JobEvent& event) {
    ++counts_.events;
    event.offset = counts_.complete;
    visit_(event);
}

void EventScanner::visit_text(std::string_view text) {
    const auto end = std::min(text.find('\n'), text.size());
    clear(event_);
    if (!read_header(text.substr(0, end), clock_, event_)) {
        counts_.broken += base::trim(text).empty() ? 0 : 1;
        return;
    }
    event_.body = end < text.size() ? text.substr(end + 1) : std::string_view{};
    read_text_details(event_);
    deliver(event_);
}

void EventScanner::visit_json(std::string_view text) {
    clear(event_);
    decoded_.clear();
    try {
        parser_.parse_padded(text);
        const auto root = parser_.root();
        if (read_event_object(root, clock_, decoded_, event_)) {
            deliver(event_);
        } else {
            ++counts_.broken;
        }
    } catch (const base::Error&) {
        ++counts_.broken;
    }
}

void EventScanner::visit_xml(std::string_view text) {
    if (!text.starts_with("<c>")) {
        return;  // a declaration, or the root element that these logs mostly lack
    }
    clear(event_);
    decoded_.clear();
    if (read_event_xml(text, clock_, decoded_, event_)) {
        deliver(event_);
    } else {
        ++counts_.broken;
    }
}

// How much of the text the first event, and whatever stands before it, takes; 0: it is not
// complete.
std::size_t EventScanner::scan_one(std::string_view text, bool is_end) {
    const char first = text.front();
    if (base::is_space(first) || first == ',' || first == '[' || first == ']' || first == '\0') {
        return 1;
    }
    Span span;
    if (first == '{') {
        span.taken = span.size = json_object_size(text);
    } else if (first == '<') {
        span.taken = span.size = xml_end(text);
    } else {
        span = text_event(text);
    }
    if (span.taken == 0) {
        if (!is_end && text.size() < kLongest) {
            return 0;
        }
        span.size = span.size == 0 ? text.size() : span.size;
        span.taken = text.size();
        counts_.is_cut = counts_.is_cut || is_end;
        counts_.oversized += is_end ? 0 : 1;
    }
    const auto event = text.substr(0, span.size);
    if (first == '{') {
        visit_json(event);
    } else if (first == '<') {
        visit_xml(event);
    } else {
        counts_.broken += span.is_interrupted ? 1 : 0;
        visit_text(event);
    }
    return span.taken;
}

std::size_t EventScanner::scan(std::string_view text, bool is_end) {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto taken = scan_one(text.substr(done), is_end);
        if (taken == 0) {
            break;
        }
        done += taken;
        counts_.complete += taken;
    }
    return done;
}

EventCounts read_event_log(int fd, const LogClock& clock, const EventScanner::Visit& visit) {
    EventScanner scanner(clock, visit);
    record::InputBuffer input(fd);
    while (input.fill()) {
        input.consume(scanner.scan(input.pending(), false));
    }
    const auto complete = scanner.counts().complete;
    scanner.scan(input.pending(), true);
    auto counts = scanner.counts();
    counts.complete = complete;  // what there is of the last event is to come again
    return counts;
}

}  // namespace tow::pilotlog
