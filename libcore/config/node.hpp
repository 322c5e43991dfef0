// YAML as a tree that knows where every value was written. Checked harder than YAML libraries do:
// duplicate keys, types, ranges and unknown keys are errors that name file, line and key.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::config {

struct Origin {
    std::shared_ptr<const std::string> file;  // null: not from a file
    int line = 0;

    std::string text() const;  // "file:line", or "default"
};

class Node {
  public:
    enum class Kind { Null, Scalar, List, Map };
    struct Field;

    Node();
    Node(Kind kind, Origin origin);
    Node(const Node&);
    Node(Node&&) noexcept;
    Node& operator=(const Node&);
    Node& operator=(Node&&) noexcept;
    ~Node();

    Kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == Kind::Null; }
    const Origin& origin() const noexcept { return origin_; }
    const std::string& path() const noexcept { return path_; }  // "entries.X.limits", for messages

    const std::vector<Node>& items() const noexcept { return items_; }  // of a list
    const std::vector<Field>& fields() const noexcept {
        return fields_;
    }                                 // of a map, in file order
    Node take(std::string_view key);  // moves the value out and leaves a null; null if absent
    Node take_at(std::size_t field);  // the same by position
    const Node* find(std::string_view key) const noexcept;

    // The scalar as it stands. All of these: Error{Config} with file, line and path if it is not
    // what is asked for.
    std::string string() const;
    std::int64_t integer() const;
    double real() const;
    bool boolean() const;
    std::chrono::seconds duration() const;  // "2h", "48 h"; a bare number is seconds
    std::int64_t bytes() const;             // "16 GiB"; a bare number is bytes
    base::Time time() const;                // RFC 3339
    std::vector<std::string> strings()
        const;  // a list of scalars; a single scalar is a list of one

    // As a record value: unquoted true, 12, 1.5, null are what they look like, all else is text.
    record::Value value() const;

    [[noreturn]] void reject(std::string_view why) const;
    [[noreturn]] void expected(std::string_view what) const;

    // Used by readers of YAML.
    void set_scalar(std::string text, bool quoted);
    void add_item(Node node);
    void add_field(std::string key, Node node);     // Error{Config} if the key is there already
    void append_field(std::string key, Node node);  // without looking for the key
    void set_field(std::string key, Node node);     // replaces the value of a key that is there
    void set_path(const std::string& path);         // of this node and all below it
    void merge(Node overlay);                       // maps merge, everything else is replaced

  private:
    Kind kind_ = Kind::Null;
    bool quoted_ = false;
    Origin origin_;
    std::string path_;
    std::string text_;
    std::vector<Node> items_;
    std::vector<Field> fields_;
};

struct Node::Field {
    std::string key;
    Node value;
};

// Reads the fields of a map one by one; finish() refuses those that nobody asked for.
class MapReader {
  public:
    explicit MapReader(const Node& map);  // Error{Config} if it is not a map; null is an empty one

    const Node* get(std::string_view key);      // nullptr if absent or null
    const Node* find(std::string_view key);     // nullptr if absent: who asks must see a null
    const Node& require(std::string_view key);  // Error{Config} if absent

    std::optional<std::string> string(std::string_view key);
    std::optional<std::int64_t> integer(std::string_view key);
    std::optional<std::int64_t> count(std::string_view key);  // an integer that is not negative
    std::optional<double> real(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::chrono::seconds> duration(std::string_view key);
    std::optional<std::int64_t> bytes(std::string_view key);
    std::optional<base::Time> time(std::string_view key);

    const Origin& origin() const noexcept { return map_.origin(); }

    void finish() const;  // Error{Config} with a suggestion, for the first unknown key

  private:
    const Node& map_;
    std::vector<std::string> asked_;
};

}  // namespace tow::config
