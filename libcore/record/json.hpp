// JSON text to values and back. The reader is simdjson, behind one source file; the writer is ours.
#pragma once

#include "record/value.hpp"
#include "record/view.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tow::record {

constexpr std::size_t kMaxDepth = 64;                        // nesting of arrays and objects
constexpr std::size_t kMaxDocument = std::size_t{16} << 20;  // bytes of one record
constexpr std::size_t kPadding = 64;  // readable bytes the parser wants behind a text

// A parser to be reused for many documents. Bytes that are not UTF-8 are replaced and counted;
// numbers no machine type holds become strings of their digits.
class JsonParser {
  public:
    JsonParser();
    JsonParser(JsonParser&&) noexcept;
    JsonParser& operator=(JsonParser&&) noexcept;
    JsonParser(const JsonParser&) = delete;
    JsonParser& operator=(const JsonParser&) = delete;
    ~JsonParser();

    // Checks and indexes one document. kPadding bytes behind it must be readable; it must stay
    // where it is until the next call. Error{Data} without a place: the caller knows the file and
    // line.
    void parse_padded(std::string_view text);

    // Of the document last parsed:
    std::string_view type() const;  // the string at "type", empty if there is none
    View root() const;              // Error{Data} if an object has a key twice
    Value value() const { return root().value(); }

    std::size_t repaired_documents() const noexcept { return repaired_; }

  private:
    struct State;
    void parse_repaired(std::string_view text);

    std::unique_ptr<State> state_;
    std::size_t repaired_ = 0;
};

// One document with what is needed to look at it. Error{Data} without a place.
class Document {
  public:
    explicit Document(std::string_view text);

    View root() const noexcept { return root_; }

  private:
    JsonParser parser_;
    View root_;
};

// The same as a value. Error{Data} without a place.
Value parse_json(std::string_view text);

// Compact: no blanks. Reals keep a ".0" and are the shortest text that reads back the same; a field
// that holds NaN or infinity is left out (null in an array): there is no JSON for it.
void write_json(const Value& value, std::string& out);
void write_json(const Object& object, std::string& out);
void write_string(std::string_view text, std::string& out);
void write_integer(std::int64_t number, std::string& out);
std::string to_json(const Value& value);

// The same document without blanks between tokens; the tokens themselves are not touched.
std::string minified(std::string_view json);

}  // namespace tow::record
