// Reads the fields of a record. Every complaint names the field and says what was expected.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

// The functions without "known" are Error{Data} if the field is absent; all are if it is of another
// type. null counts as absent. Fields in fields must not outlive those they are in.
class Fields {
  public:
    // path stands before the names of the fields in complaints: "target."
    explicit Fields(record::View object, std::string_view path = {})
        : object_(object), path_(path) {}

    std::string text(std::string_view key) const;
    std::optional<std::string> known_text(std::string_view key) const;
    std::int64_t count(std::string_view key) const;  // an integer of at least 0
    std::optional<std::int64_t> known_count(std::string_view key) const;
    std::optional<std::int64_t> known_integer(std::string_view key) const;
    std::optional<double> known_number(std::string_view key) const;
    std::optional<std::chrono::seconds> known_seconds(std::string_view key) const;  // rounded down
    std::optional<base::Time> known_time(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;  // empty if absent

    record::Object object(std::string_view key) const;  // a copy; empty if absent
    std::optional<Fields> known_fields(std::string_view key) const;
    Fields fields(std::string_view key) const;
    std::vector<Fields> list(std::string_view key) const;  // of objects; empty if absent

    [[noreturn]] void reject(std::string_view key, std::string_view why) const;

  private:
    Fields(record::View object, const Fields& parent, std::string_view key, std::size_t index)
        : object_(object), path_(key), parent_(&parent), index_(index) {}

    record::View find(std::string_view key) const { return object_.find(key); }

    std::string path() const;
    [[noreturn]] void expected(std::string_view key, std::string_view what) const;
    [[noreturn]] void expected(std::string_view key, std::string_view what,
                               record::View found) const;

    static constexpr std::size_t kNoList = static_cast<std::size_t>(-1);

    record::View object_;
    std::string_view path_;           // all of it, or the key under which the parent holds this
    const Fields* parent_ = nullptr;  // null: nobody holds this
    std::size_t index_ = kNoList;
};

}  // namespace tow::model
