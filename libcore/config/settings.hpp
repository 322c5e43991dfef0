// The settings of config.yaml: one table says which there are, of what type, with what default.
#pragma once

#include "config/node.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::config {

enum class Type { Integer, Boolean, Text, Duration, Expression, Texts, Choice };

struct Setting {
    std::string_view key;  // path with dots
    Type type;
    std::string_view fallback;  // as it would be written; empty: not set
    std::string_view help;
    std::string_view choices = {};  // of Type::Choice, separated by blanks
};

// Every setting there is, in the order tow-config prints them.
std::span<const Setting> all_settings() noexcept;

class Settings {
  public:
    // Reads and merges the files, lowest precedence first, and checks them against the table.
    // Error{Config} with file, line, key, and a suggestion for an unknown key.
    static Settings read(const std::vector<std::string>& files);

    // The setting as written or its default; nothing if it has neither.
    std::optional<std::string> text(std::string_view key) const;
    std::vector<std::string> texts(std::string_view key) const;  // of Type::Texts
    record::Value value(std::string_view key) const;             // for records: null if not set

    Origin origin(std::string_view key) const;

    // Each text as a path, relative to the file that sets it.
    std::vector<std::string> paths(std::string_view key) const;

    const std::vector<std::string>& files() const noexcept { return files_; }

  private:
    const Node* find(std::string_view key) const noexcept;

    Node root_;
    std::vector<std::string> files_;
};

}  // namespace tow::config
