// Reads the fields of a record. Every complaint names the field and says what was expected.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

// The functions without "known" are Error{Data} if the field is absent; all are if it is of another
// type. null counts as absent.
class Fields {
  public:
    explicit Fields(const record::Object& object, std::string path = {});

    std::string text(std::string_view key) const;
    std::optional<std::string> known_text(std::string_view key) const;
    std::int64_t count(std::string_view key) const;  // an integer of at least 0
    std::optional<std::int64_t> known_count(std::string_view key) const;
    std::optional<std::int64_t> known_integer(std::string_view key) const;
    std::optional<double> known_number(std::string_view key) const;
    std::optional<std::chrono::seconds> known_seconds(std::string_view key) const;  // rounded down
    std::optional<base::Time> known_time(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;  // empty if absent

    const record::Object* known_object(std::string_view key) const;
    std::optional<Fields> known_fields(std::string_view key) const;
    Fields fields(std::string_view key) const;
    std::vector<Fields> list(std::string_view key) const;  // of objects; empty if absent

    [[noreturn]] void reject(std::string_view key, std::string_view why) const;

  private:
    const record::Value* find(std::string_view key) const;
    const record::Value& require(std::string_view key) const;
    [[noreturn]] void expected(std::string_view key, std::string_view what,
                               const record::Value& got) const;

    const record::Object* object_;
    std::string path_;  // "pilot.", for messages
};

}  // namespace tow::model
