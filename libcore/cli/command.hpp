// What a tool accepts, as data: the parser, --help, man pages, completions and tests all read it.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cli {

enum class ValueKind { Flag, Integer, Text, Texts, Duration, Time, Choice };

std::string_view value_kind_name(ValueKind kind) noexcept;

// One option. The name of the value also tells completions what to offer: FILE, DIR, TYPE, ...
class Option {
  public:
    using Assign = std::function<void(const std::string& text)>;

    Option(std::string name, std::string value_name, ValueKind kind, std::string help,
           Assign assign);

    Option& letter(char c);
    Option& choices(std::vector<std::string> words);  // makes it a Choice
    Option& fallback(std::string text);               // as it would be typed
    Option& variable(std::string name);               // environment variable that sets it
    Option& setting(std::string key);                 // key of config.yaml that sets it
    Option& shared();                                 // one that every tool has

    std::string name;  // "--from"
    std::string value_name;
    ValueKind kind;
    std::string help;
    char short_letter = 0;
    std::vector<std::string> allowed;
    std::string default_text;
    std::string environment;
    std::string setting_key;
    bool is_shared = false;

    // Converts the text and stores it. Error{Usage} that names the option.
    void set(const std::string& text) const;

  private:
    Assign assign_;
};

struct Operands {
    std::string name;  // "FILE"; empty: the tool takes none
    std::string help;
    std::vector<std::string> choices;  // of the first one, where it is a verb
    std::vector<std::string>* target = nullptr;
};

struct Example {
    std::string command;
    std::string what;
};

struct ExitCode {
    int code;
    std::string meaning;
};

// How a tool deals with records, time and the world; decides its shared options and its tests.
enum class Role {
    Query,   // looks at services: 60 s of time by default
    Filter,  // reads records, passes on what it does not know
    Act,     // changes something: a lock, no default time limit, steps are finished before a stop
    Other,   // reads no records
};

class Command {
  public:
    explicit Command(std::string name);

    Command& is_a(Role what);
    Command& summary(std::string one_line);
    Command& about(std::string paragraphs);
    Command& example(std::string command, std::string what);
    Command& operands(std::vector<std::string>& target, std::string name, std::string help);
    // What stands behind "--", word for word: the command that the tool runs.
    Command& rest(std::vector<std::string>& target, std::string name, std::string help);
    Command& verbs(std::vector<std::string> words);  // what the first operand may be
    Command& exit_code(int code, std::string meaning);
    Command& see_also(std::vector<std::string> pages);
    Command& keeps_state();  // has --state
    // A record type it adds, and the columns of its table. The first one is what csv shows.
    Command& emits(std::string type, std::vector<std::string> columns);

    // References stay valid: options live in a deque.
    Option& option(bool& target, std::string name, std::string help);
    Option& option(std::optional<std::int64_t>& target, std::string name, std::string value,
                   std::string help);
    Option& option(std::string& target, std::string name, std::string value, std::string help);
    Option& option(std::optional<std::string>& target, std::string name, std::string value,
                   std::string help);
    Option& option(std::vector<std::string>& target, std::string name, std::string value,
                   std::string help);
    Option& option(std::optional<std::chrono::milliseconds>& target, std::string name,
                   std::string value, std::string help);
    Option& option(std::optional<base::Time>& target, base::Time now, std::string name,
                   std::string value, std::string help);

    struct Output {
        std::string type;
        std::vector<std::string> columns;
    };

    std::string name;  // "tow-jobs"
    Role role = Role::Other;
    bool has_state = false;
    std::string purpose;
    std::string description;
    std::vector<Example> examples;
    Operands positional;
    Operands behind;  // "--"
    std::deque<Option> options;
    std::vector<ExitCode> exit_codes;  // beyond those every tool has
    std::vector<std::string> related;
    std::vector<Output> outputs;

  private:
    Option& add(Option option);
};

// The exit codes every tool may end with, and those this one adds, by number.
std::vector<ExitCode> exit_codes_of(const Command& command);

std::string help_text(const Command& command);
std::string spec_json(const Command& command);  // for the generators of documents and for tests

struct Parsed {
    std::vector<std::string> given;  // names of options on the command line, in order, repeated
};

// Parses the command line into the command's targets. Error{Usage} with a hint.
Parsed parse(const Command& command, int argc, const char* const* argv);

}  // namespace tow::cli
