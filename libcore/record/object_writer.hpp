// Writes one JSON object field by field, for records that come by the hundred thousand: no tree is
// built first. The same method names as Object, so that a template can fill either.
#pragma once

#include "record/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::record {

class ObjectWriter {
  public:
    // Behind what out holds. Nobody else may write to it before close().
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

    // No key may be set twice; nobody looks.
    void set(std::string_view key, std::string_view text) { write_string(text, value_of(key)); }

    void set(std::string_view key, std::int64_t number) { write_integer(number, value_of(key)); }

    void set(std::string_view key, const Object& object) { write_json(object, value_of(key)); }

    template <class T>
    void set_known(std::string_view key, const std::optional<T>& value) {
        if (value) {
            set(key, *value);
        }
    }

    // fill(ObjectWriter&) sets the fields of an object in this one.
    template <class Fill>
    void set_object(std::string_view key, Fill fill) {
        ObjectWriter object(value_of(key));
        fill(object);
        object.close();
    }

    // write(item, out) writes an element of the array: just one value.
    template <class Items, class Write>
    void set_list(std::string_view key, const Items& items, Write write) {
        auto& out = value_of(key);
        out += '[';
        for (const auto& item : items) {
            if (out.back() != '[') {
                out += ',';
            }
            write(item, out);
        }
        out += ']';
    }

    void close() { out_ += '}'; }

  private:
    std::string& value_of(std::string_view key) {
        if (out_.back() != '{') {
            out_ += ',';
        }
        write_string(key, out_);
        return out_ += ':';
    }

    std::string& out_;
};

// An object that begins as every record does, as new_record().
inline ObjectWriter begin_record(std::string_view type, std::string& out) {
    ObjectWriter record(out);
    record.set("type", type);
    record.set("v", 1);
    return record;
}

}  // namespace tow::record
