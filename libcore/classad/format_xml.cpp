// ClassAds in XML.
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/numbers.hpp"
#include "classad/times.hpp"
#include "classad/token.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <memory>
#include <utility>

#include <expat.h>

namespace tow::classad {

namespace {

constexpr std::size_t kMaxDepth = 340;  // elements: <a> and its value for each nested ad
constexpr std::size_t kChunk = 1U << 20U;

// The content of <s> has the escapes of a string literal.
std::string unescaped(std::string_view content) {
    if (content.find('\\') == std::string_view::npos) {
        return std::string(content);
    }
    std::string literal = "\"";
    for (std::size_t i = 0; i < content.size(); ++i) {
        const bool escaped = content[i] == '\\' && i + 1 < content.size();
        literal += content[i] == '"' ? "\\" : "";
        literal += content[i];
        if (escaped) {
            ++i;
            literal += content[i];
        }
    }
    literal += '"';
    Token token;
    Tokenizer(literal, Lexer::New).next(token);
    if (token.type != TokenType::String) {
        base::fail(base::Kind::Data, "<s>: {}", token.text);
    }
    return std::move(token.text);
}

Value real_from(std::string_view text) {
    const std::string number(text);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (end == number.c_str() || *end != '\0') {
        base::fail(base::Kind::Data, "<r>: expected a number");
    }
    return Value::real(value);
}

Value absolute_from(std::string_view text) {
    const auto time = parse_absolute_time(text);
    if (!time) {
        base::fail(base::Kind::Data, "<at>: expected a time");
    }
    return Value::absolute_time(*time);
}

Value relative_from(std::string_view text) {
    const auto seconds = parse_relative_time(text);
    if (!seconds) {
        base::fail(base::Kind::Data, "<rt>: expected a time");
    }
    return Value::relative_time(*seconds);
}

// One element that is open: what it is, and what has been collected in it.
struct Element {
    std::string tag;
    std::string name;  // n of <a>
    std::string text;
    bool truth = false;  // v of <b>
    Ad ad;
    std::vector<ExprPtr> values;
};

class XmlReader {
  public:
    XmlReader(const std::string& name, const std::function<void(XmlAd)>& on_ad)
        : name_(name), on_ad_(on_ad), parser_(XML_ParserCreate(nullptr)) {
        if (!parser_) {
            base::fail(base::Kind::Internal, "cannot create an XML parser");
        }
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), on_start, on_end);
        XML_SetCharacterDataHandler(parser_.get(), on_text);
        XML_SetEntityDeclHandler(parser_.get(), on_entity);
    }

    void read(std::string_view block, bool is_last);

  private:
    struct FreeParser {
        void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
    };

    // Expat is C: what is thrown waits until XML_Parse() is back.
    template <class Action>
    void guarded(Action action) noexcept {
        if (problem_ != nullptr) {
            return;
        }
        try {
            action();
        } catch (...) {
            problem_ = std::current_exception();
            XML_StopParser(parser_.get(), XML_FALSE);
        }
    }

    static void on_start(void* self, const char* tag, const char** attributes) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([&] { reader.start(tag, attributes); });
    }

    static void on_end(void* self, const char* /*tag*/) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([&] { reader.end(); });
    }

    static void on_text(void* self, const char* text, int length) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([&] {
            if (!reader.open_.empty()) {
                reader.open_.back().text.append(text, static_cast<std::size_t>(length));
            }
        });
    }

    // NOLINTNEXTLINE(readability-function-size) nine parameters are expat's
    static void on_entity(void* self, const char* /*name*/, int /*is_parameter*/,
                          const char* /*value*/, int /*length*/, const char* /*base*/,
                          const char* /*system*/, const char* /*public_id*/,
                          const char* /*notation*/) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([] { base::fail(base::Kind::Data, "entities may not be declared"); });
    }

    bool fits_here(std::string_view tag) const;
    void start(std::string_view tag, const char** attributes);
    void end();
    ExprPtr value_of(Element& element);
    ExprPtr integer_from(std::string_view text);
    std::size_t offset() const;
    void add_value(ExprPtr value);
    [[noreturn]] void rethrow() const;

    const std::string& name_;
    const std::function<void(XmlAd)>& on_ad_;
    std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
    std::vector<Element> open_;
    std::exception_ptr problem_;
    std::size_t nodes_ = 0;
    std::size_t depth_of_ad_ = 0;
    XmlAd current_;  // its line and notes; the ad itself is being collected in open_
};

constexpr std::array<std::string_view, 13> kTags{"classads", "c", "a",  "i",  "r",  "s", "b",
                                                 "e",        "l", "un", "er", "at", "rt"};

// Whether an element may begin where we are.
bool XmlReader::fits_here(std::string_view tag) const {
    const std::string_view parent = open_.empty() ? std::string_view() : open_.back().tag;
    const bool value_place = parent == "a" || parent == "l";
    if (tag == "classads") {
        return open_.empty();
    }
    if (tag == "a") {
        return parent == "c";
    }
    return value_place || (tag == "c" && (open_.empty() || parent == "classads"));
}

void XmlReader::start(std::string_view tag, const char** attributes) {
    if (std::ranges::find(kTags, tag) == kTags.end()) {
        base::fail(base::Kind::Data, "<{}>: an unknown element", tag);
    }
    if (!fits_here(tag)) {
        base::fail(base::Kind::Data, "<{}>: not allowed here", tag);
    }
    if (open_.size() >= kMaxDepth || ++nodes_ > kMaxNodes) {
        base::fail(base::Kind::Data, "<{}>: too deep or too much", tag);
    }
    Element element;
    element.tag = tag;
    for (; *attributes != nullptr; attributes += 2) {
        const std::string_view key = attributes[0];
        if (tag == "a" && key == "n") {
            element.name = attributes[1];
        } else if (tag == "b" && key == "v") {
            element.truth = attributes[1][0] == 't';
        }
    }
    if (tag == "a" && element.name.empty()) {
        base::fail(base::Kind::Data, "<a>: no name");
    }
    const bool outermost = open_.empty() || open_.back().tag == "classads";
    if (tag == "c" && outermost) {
        current_ = {{}, XML_GetCurrentLineNumber(parser_.get()), {}};
        depth_of_ad_ = open_.size() + 1;
    } else if (tag == "a" && open_.size() == depth_of_ad_) {
        current_.notes.places.push_back({element.name, offset()});
    }
    open_.push_back(std::move(element));
}

std::size_t XmlReader::offset() const {
    return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_.get()));
}

ExprPtr XmlReader::integer_from(std::string_view text) {
    const bool digits = text.find_first_not_of("-0123456789") == std::string_view::npos;
    if (text.empty() || !digits || text.rfind('-') + 1 > 1) {
        base::fail(base::Kind::Data, "<i>: expected an integer");
    }
    const auto number = parse_integer(text);
    if (!number) {
        current_.notes.zeroed_integers.push_back(offset());
    }
    return make_literal(Value::integer(number.value_or(0)));  // too large is 0, as everywhere
}

ExprPtr XmlReader::value_of(Element& element) {
    const auto& tag = element.tag;
    const auto text = base::trim(element.text);
    if (tag == "i") {
        return integer_from(text);
    }
    if (tag == "r") {
        return make_literal(real_from(text));
    }
    if (tag == "s") {
        return make_literal(Value::string(unescaped(element.text)));
    }
    if (tag == "b") {
        return make_literal(Value::boolean(element.truth));
    }
    if (tag == "e") {
        ParseNotes inner;
        auto expr = parse_expr(text, {}, &inner);
        auto& notes = current_.notes;
        notes.zeroed_integers.insert(notes.zeroed_integers.end(), inner.zeroed_integers.size(),
                                     offset());
        notes.ignored_texts.insert(notes.ignored_texts.end(), inner.ignored_texts.size(), offset());
        return expr;
    }
    if (tag == "l") {
        return make_list(std::move(element.values));
    }
    if (tag == "c") {
        return make_ad(std::move(element.ad));
    }
    if (tag == "at") {
        return make_literal(absolute_from(text));
    }
    if (tag == "rt") {
        return make_literal(relative_from(text));
    }
    return make_literal(tag == "er" ? Value::error() : Value::undefined());
}

void XmlReader::add_value(ExprPtr value) {
    auto& parent = open_.back();
    if (parent.tag == "a" && !parent.values.empty()) {
        base::fail(base::Kind::Data, "<a n=\"{}\">: more than one value", parent.name);
    }
    parent.values.push_back(std::move(value));
}

void XmlReader::end() {
    auto element = std::move(open_.back());
    open_.pop_back();
    const bool top = open_.empty() || open_.back().tag == "classads";
    if (element.tag == "classads") {
        return;
    }
    if (element.tag == "c" && top) {
        nodes_ = 0;
        current_.ad = std::move(element.ad);
        on_ad_(std::move(current_));
    } else if (element.tag == "a") {
        if (element.values.empty()) {
            base::fail(base::Kind::Data, "<a n=\"{}\">: no value", element.name);
        }
        auto& ad = open_.back().ad;
        ad.insert(element.name, std::move(element.values[0]));
        if (ad.size() > Ad::kMaxAttributes) {
            base::fail(base::Kind::Data, "too many attributes in one ad");
        }
    } else {
        add_value(value_of(element));
    }
}

void XmlReader::rethrow() const {
    const auto line = XML_GetCurrentLineNumber(parser_.get());
    const auto place =
        name_.empty() ? fmt::format("line {}", line) : fmt::format("{}:{}", name_, line);
    if (problem_ == nullptr) {
        base::fail(base::Kind::Data, "{}: {}", place,
                   XML_ErrorString(XML_GetErrorCode(parser_.get())));
    }
    try {
        std::rethrow_exception(problem_);
    } catch (const base::Error& error) {
        throw error.within(place);
    }
}

void XmlReader::read(std::string_view block, bool is_last) {
    do {
        const auto chunk = block.substr(0, kChunk);
        block.remove_prefix(chunk.size());
        const bool end = is_last && block.empty();
        if (XML_Parse(parser_.get(), chunk.data(), static_cast<int>(chunk.size()),
                      end ? XML_TRUE : XML_FALSE) != XML_STATUS_OK) {
            rethrow();
        }
    } while (!block.empty());
}

void append_xml(std::string& out, std::string_view text) {
    for (const char c : text) {
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
            default:
                out += c;
        }
    }
}

void append_element(std::string& out, std::string_view tag, std::string_view content) {
    out += fmt::format("<{}>", tag);
    append_xml(out, content);
    out += fmt::format("</{}>", tag);
}

// HTCondor writes no minus zero here, unlike everywhere else.
std::string xml_real(double number) {
    if (std::isfinite(number)) {
        return number == 0 ? "0.0" : canonical_real(number);
    }
    return std::isnan(number) ? "NaN" : number > 0 ? "INF" : "-INF";
}

void write_constant(std::string& out, const Value& value) {
    switch (value.kind()) {
        case Kind::Boolean:
            out += *value.if_boolean() ? "<b v=\"t\"/>" : "<b v=\"f\"/>";
            break;
        case Kind::Integer:
            append_element(out, "i", unparse(value));
            break;
        case Kind::Real:
            append_element(out, "r", xml_real(*value.if_real()));
            break;
        case Kind::RelativeTime:
            append_element(out, "r", xml_real(*value.if_relative_time()));
            break;
        case Kind::String: {
            std::string escaped;
            append_escaped(escaped, *value.if_string(), '"');
            append_element(out, "s", escaped);
            break;
        }
        case Kind::AbsoluteTime:
            append_element(out, "at", format_absolute_time(*value.absolute_time()));
            break;
        default:
            out += value.is_error() ? "<er/>" : "<un/>";
    }
}

void write_ad(std::string& out, const Ad& ad);

void write_value(std::string& out, const Expr& expr) {
    if (const auto* list = expr.as<ListNode>()) {
        out += "<l>";
        for (const auto& element : *list->elements) {
            write_value(out, *element);
        }
        out += "</l>";
    } else if (const auto* nested = expr.as<AdNode>()) {
        write_ad(out, *nested->ad);
    } else if (const auto* literal = expr.as<Literal>()) {
        write_constant(out, literal->value);
    } else {
        append_element(out, "e", unparse(expr));
    }
}

void write_ad(std::string& out, const Ad& ad) {
    out += "<c>";
    for (const auto* entry : ad.in_display_order()) {
        out += "<a n=\"";
        std::string name;
        append_xml(name, entry->name);
        for (const char c : name) {
            out += c == '"' ? "&quot;" : std::string_view(&c, 1);
        }
        out += "\">";
        write_value(out, *entry->value);
        out += "</a>";
    }
    out += "</c>";
}

}  // namespace

void read_xml(const std::string& name, const std::function<std::string_view()>& next_block,
              const std::function<void(XmlAd)>& on_ad) {
    XmlReader reader(name, on_ad);
    bool blank = true;  // HTCondor's tools print nothing if there are no ads
    for (auto block = next_block(); !block.empty(); block = next_block()) {
        blank = blank && base::trim(block).empty();
        reader.read(block, false);
    }
    if (!blank) {
        reader.read({}, true);
    }
}

void read_xml(std::string_view document, const std::function<void(Ad)>& on_ad) {
    read_xml(
        {}, [&document] { return std::exchange(document, std::string_view()); },
        [&on_ad](XmlAd found) { on_ad(std::move(found.ad)); });
}

std::string write_xml(const Ad& ad) {
    std::string text;
    write_ad(text, ad);
    return text;
}

}  // namespace tow::classad
