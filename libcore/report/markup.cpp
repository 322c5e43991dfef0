#include "report/markup.hpp"

#include "base/utf8.hpp"

namespace tow::report {

namespace {

// Control characters, those that turn the writing direction among them, are shown, not obeyed.
void append_escaped(std::string_view text, std::string& out) {
    for (const char c : base::printable(text)) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
}

}  // namespace

void Markup::begin(std::string_view element, Attributes attributes) {
    out_ += '<';
    out_ += element;
    for (const auto& [name, value] : attributes) {
        out_ += ' ';
        out_ += name;
        out_ += "=\"";
        append_escaped(value, out_);
        out_ += '"';
    }
    out_ += '>';
}

Markup& Markup::open(std::string_view element, Attributes attributes) {
    begin(element, attributes);
    open_.push_back(element);
    return *this;
}

Markup& Markup::close() {
    out_ += "</";
    out_ += open_.back();
    out_ += '>';
    if (open_.back() != "td" && open_.back() != "th") {
        out_ += '\n';
    }
    open_.pop_back();
    return *this;
}

Markup& Markup::empty(std::string_view element, Attributes attributes) {
    begin(element, attributes);
    return *this;
}

Markup& Markup::text(std::string_view text) {
    append_escaped(text, out_);
    return *this;
}

Markup& Markup::leaf(std::string_view element, std::string_view text, Attributes attributes) {
    begin(element, attributes);
    append_escaped(text, out_);
    out_ += "</";
    out_ += element;
    out_ += '>';
    return *this;
}

Markup& Markup::literal(std::string_view markup) {
    out_ += markup;
    return *this;
}

std::string Markup::take() {
    while (!open_.empty()) {
        close();
    }
    return std::move(out_);
}

}  // namespace tow::report
