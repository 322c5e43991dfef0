#include "foreign/xml.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <exception>
#include <memory>

#include <expat.h>

namespace tow::foreign {

namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxElements = 2'000'000;
constexpr std::size_t kChunk = std::size_t{1} << 20U;

class TreeReader {
  public:
    explicit TreeReader(const std::string& name) : name_(name), parser_(XML_ParserCreate(nullptr)) {
        if (!parser_) {
            base::fail(base::Kind::Internal, "cannot create an XML parser");
        }
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(parser_.get(), on_start, on_end);
        XML_SetCharacterDataHandler(parser_.get(), on_text);
        XML_SetEntityDeclHandler(parser_.get(), on_entity);
    }

    Element read(std::string_view document) {
        do {
            const auto chunk = document.substr(0, kChunk);
            document.remove_prefix(chunk.size());
            const auto status = XML_Parse(parser_.get(), chunk.data(),
                                          static_cast<int>(chunk.size()), document.empty());
            if (problem_ != nullptr) {
                std::rethrow_exception(problem_);
            }
            if (status != XML_STATUS_OK) {
                reject(XML_ErrorString(XML_GetErrorCode(parser_.get())));
            }
        } while (!document.empty());
        return std::move(root_);
    }

  private:
    struct FreeParser {
        void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
    };

    int line() const noexcept { return static_cast<int>(XML_GetCurrentLineNumber(parser_.get())); }

    [[noreturn]] void reject(std::string_view why) const {
        base::fail(base::Kind::Data, "{}:{}: {}", base::printable(name_), line(), why);
    }

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
        auto& reader = *static_cast<TreeReader*>(self);
        reader.guarded([&] { reader.open(tag, attributes); });
    }

    static void on_end(void* self, const char* /*tag*/) {
        auto& reader = *static_cast<TreeReader*>(self);
        reader.guarded([&] { reader.close(); });
    }

    static void on_text(void* self, const char* text, int size) {
        auto& reader = *static_cast<TreeReader*>(self);
        reader.guarded(
            [&] { reader.open_.back().text.append(text, static_cast<std::size_t>(size)); });
    }

    // NOLINTNEXTLINE(readability-function-size) nine parameters are expat's
    static void on_entity(void* self, const char* /*name*/, int /*is_parameter*/,
                          const char* /*value*/, int /*length*/, const char* /*base*/,
                          const char* /*system*/, const char* /*public_id*/,
                          const char* /*notation*/) {
        auto& reader = *static_cast<TreeReader*>(self);
        reader.guarded([&] { reader.reject("declares entities, which are not expanded here"); });
    }

    void open(const char* tag, const char** attributes) {
        if (open_.size() >= kMaxDepth) {
            reject(fmt::format("nested deeper than {} elements", kMaxDepth));
        }
        if (++elements_ > kMaxElements) {
            reject(fmt::format("has more than {} elements", kMaxElements));
        }
        Element element;
        element.name = tag;
        element.line = line();
        for (; attributes[0] != nullptr; attributes += 2) {
            element.attributes.emplace_back(attributes[0], attributes[1]);
        }
        open_.push_back(std::move(element));
    }

    void close() {
        auto element = std::move(open_.back());
        open_.pop_back();
        element.text = base::trim(element.text);
        (open_.empty() ? root_ : open_.back().children.emplace_back()) = std::move(element);
    }

    const std::string& name_;
    std::unique_ptr<XML_ParserStruct, FreeParser> parser_;
    std::vector<Element> open_;
    Element root_;
    std::size_t elements_ = 0;
    std::exception_ptr problem_;
};

}  // namespace

const std::string* Element::attribute(std::string_view key) const noexcept {
    const auto found = std::ranges::find(attributes, key,
                                         [](const auto& a) -> std::string_view { return a.first; });
    return found == attributes.end() ? nullptr : &found->second;
}

std::string Element::attribute_or(std::string_view key, std::string_view otherwise) const {
    const auto* value = attribute(key);
    return value == nullptr ? std::string(otherwise) : *value;
}

const Element* Element::child(std::string_view tag) const noexcept {
    const auto found =
        std::ranges::find(children, tag, [](const auto& c) -> std::string_view { return c.name; });
    return found == children.end() ? nullptr : &*found;
}

std::string Element::child_text(std::string_view tag) const {
    const auto* found = child(tag);
    return found == nullptr ? "" : found->text;
}

Element parse_xml(std::string_view document, const std::string& name) {
    return TreeReader(name).read(document);
}

}  // namespace tow::foreign
