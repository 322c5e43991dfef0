// One JSON document that may be far larger than memory, part by part: the members of the object it
// is, and one by one the elements of those that are arrays. An array is taken as a member without a
// name. A part has at most record::kMaxDocument bytes.
#pragma once

#include "record/input.hpp"
#include "record/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tow::source {

class JsonMembers {
  public:
    // Reads fd, which must outlive it. name stands in messages.
    JsonMembers(int fd, std::string name);

    // The next part; false at the end. Error{Data} with "name:line" for what is no JSON.
    bool next();

    const std::string& key() const noexcept { return key_; }  // of the member, as it is written
    record::View value() const { return parser_.root(); }     // until the next call of next()
    std::string where() const;                                // "name:line" of the part

    [[noreturn]] void reject(std::string_view why) const;

  private:
    enum class Place { Begin, InObject, InArray, End };

    char peek();
    void consume(std::size_t count);
    void expect(char wanted);
    bool end_of(char closing);
    void begin();
    void read_key();
    void finish_document();
    void take_value();
    std::size_t value_size();

    record::InputBuffer input_;
    std::string name_;
    record::JsonParser parser_;
    std::string key_;
    Place place_ = Place::Begin;
    bool has_object_ = false;  // around the array
    bool is_first_ = true;     // in the innermost of object and array
    std::size_t size_ = 0;     // of the current part, which the input begins with
    std::size_t line_ = 1;
};

}  // namespace tow::source
