// A value in the document that a JsonParser holds, looked at where it stands: nothing is copied.
#pragma once

#include "record/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tow::record {

// Good until the next document is parsed.
class View {
  public:
    View() = default;  // nothing is there

    bool is_null() const noexcept;  // or nothing is there
    bool is_number() const noexcept;
    bool is_array() const noexcept;
    bool is_object() const noexcept;
    std::optional<std::int64_t> integer() const noexcept;  // as of a Value
    std::optional<double> number() const noexcept;
    std::optional<std::string_view> string() const noexcept;

    View find(std::string_view key) const noexcept;  // in an object
    std::vector<View> elements() const;              // of an array
    Value value() const;                             // a copy

  private:
    // With the place, what simdjson calls an element.
    const void* document_ = nullptr;
    [[maybe_unused]] std::size_t place_ = 0;
};

}  // namespace tow::record
