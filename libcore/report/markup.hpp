// Writes HTML. Whatever comes from records goes through text() or an attribute and cannot become
// markup: this is the only place that escapes.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace tow::report {

class Markup {
  public:
    struct Attribute {
        std::string_view name;  // a literal
        std::string_view value;
    };

    using Attributes = std::initializer_list<Attribute>;

    // element is a literal.
    Markup& open(std::string_view element, Attributes attributes = {});
    Markup& close();                                                 // the innermost that is open
    Markup& empty(std::string_view element, Attributes attributes);  // one that has no end tag
    Markup& text(std::string_view text);
    Markup& leaf(std::string_view element, std::string_view text, Attributes attributes = {});

    // Markup of our own: a style sheet.
    Markup& literal(std::string_view markup);

    std::string take();  // closes what is open

  private:
    void begin(std::string_view element, Attributes attributes);

    std::string out_;
    std::vector<std::string_view> open_;
};

}  // namespace tow::report
