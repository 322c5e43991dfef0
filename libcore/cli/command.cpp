#include "cli/command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tow::cli {

namespace {

std::int64_t parse_integer(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        base::fail(base::Kind::Usage, "expected an integer, got \"{}\"", base::printable(text));
    }
    return number;
}

record::Array to_array(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

record::Object option_object(const Option& option) {
    record::Object object{{"name", option.name},
                          {"kind", value_kind_name(option.kind)},
                          {"help", option.help},
                          {"shared", option.is_shared}};
    const auto add = [&object](std::string_view key, const std::string& text) {
        if (!text.empty()) {
            object.set(key, text);
        }
    };
    add("letter", option.short_letter == 0 ? "" : std::string(1, option.short_letter));
    add("value", option.value_name);
    add("default", option.default_text);
    add("environment", option.environment);
    add("setting", option.setting_key);
    if (!option.allowed.empty()) {
        object.set("choices", to_array(option.allowed));
    }
    return object;
}

}  // namespace

std::string_view value_kind_name(ValueKind kind) noexcept {
    constexpr std::array<std::string_view, 7> kNames{"flag",     "integer", "text",  "texts",
                                                     "duration", "time",    "choice"};
    return kNames[static_cast<std::size_t>(kind)];
}

Option::Option(std::string option_name, std::string value, ValueKind value_kind,
               std::string help_line, Assign assign)
    : name(std::move(option_name)),
      value_name(std::move(value)),
      kind(value_kind),
      help(std::move(help_line)),
      assign_(std::move(assign)) {}

Option& Option::letter(char c) {
    short_letter = c;
    return *this;
}

Option& Option::choices(std::vector<std::string> words) {
    kind = ValueKind::Choice;
    allowed = std::move(words);
    return *this;
}

Option& Option::fallback(std::string text) {
    default_text = std::move(text);
    return *this;
}

Option& Option::variable(std::string variable_name) {
    environment = std::move(variable_name);
    return *this;
}

Option& Option::setting(std::string key) {
    setting_key = std::move(key);
    return *this;
}

Option& Option::shared() {
    is_shared = true;
    return *this;
}

void Option::set(const std::string& text) const {
    base::with_context(name, [&] {
        if (kind == ValueKind::Choice && std::ranges::find(allowed, text) == allowed.end()) {
            const auto guess = base::nearest(text, allowed);
            throw base::Error(base::Kind::Usage,
                              fmt::format("expected one of {}, got \"{}\"",
                                          base::join(allowed, ", "), base::printable(text)),
                              guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
        }
        assign_(text);
    });
}

Command::Command(std::string command_name) : name(std::move(command_name)) {}

Command& Command::is_a(Role what) {
    role = what;
    return *this;
}

Command& Command::summary(std::string one_line) {
    purpose = std::move(one_line);
    return *this;
}

Command& Command::about(std::string paragraphs) {
    description = std::move(paragraphs);
    return *this;
}

Command& Command::example(std::string command, std::string what) {
    examples.push_back({std::move(command), std::move(what)});
    return *this;
}

Command& Command::operands(std::vector<std::string>& target, std::string operand_name,
                           std::string help) {
    positional = {std::move(operand_name), std::move(help), {}, &target};
    return *this;
}

Command& Command::rest(std::vector<std::string>& target, std::string operand_name,
                       std::string help) {
    behind = {std::move(operand_name), std::move(help), {}, &target};
    return *this;
}

Command& Command::verbs(std::vector<std::string> words) {
    positional.choices = std::move(words);
    return *this;
}

Command& Command::exit_code(int code, std::string meaning) {
    exit_codes.push_back({code, std::move(meaning)});
    return *this;
}

Command& Command::see_also(std::vector<std::string> pages) {
    related = std::move(pages);
    return *this;
}

Command& Command::emits(std::string type, std::vector<std::string> columns) {
    outputs.push_back({std::move(type), std::move(columns)});
    return *this;
}

Command& Command::keeps_state() {
    has_state = true;
    return *this;
}

Option& Command::add(Option option) {
    options.push_back(std::move(option));
    return options.back();
}

Option& Command::option(bool& target, std::string option_name, std::string help) {
    return add({std::move(option_name), "", ValueKind::Flag, std::move(help),
                [&target](const std::string& text) { target = text != "false" && text != "0"; }});
}

Option& Command::option(std::optional<std::int64_t>& target, std::string option_name,
                        std::string value, std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Integer, std::move(help),
                [&target](const std::string& text) { target = parse_integer(text); }});
}

Option& Command::option(std::string& target, std::string option_name, std::string value,
                        std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Text, std::move(help),
                [&target](const std::string& text) { target = text; }});
}

Option& Command::option(std::optional<std::string>& target, std::string option_name,
                        std::string value, std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Text, std::move(help),
                [&target](const std::string& text) { target = text; }});
}

Option& Command::option(std::vector<std::string>& target, std::string option_name,
                        std::string value, std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Texts, std::move(help),
                [&target](const std::string& text) {
                    for (auto& part : base::split(text, ',')) {
                        target.push_back(std::move(part));
                    }
                }});
}

Option& Command::option(std::optional<std::chrono::milliseconds>& target, std::string option_name,
                        std::string value, std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Duration, std::move(help),
                [&target](const std::string& text) { target = base::parse_duration(text); }});
}

Option& Command::option(std::optional<base::Time>& target, base::Time now, std::string option_name,
                        std::string value, std::string help) {
    return add({std::move(option_name), std::move(value), ValueKind::Time, std::move(help),
                [&target, now](const std::string& text) { target = base::parse_time(text, now); }});
}

std::vector<ExitCode> exit_codes_of(const Command& command) {
    auto codes = command.exit_codes;
    const auto add = [&codes](int code, std::string meaning) {
        if (std::ranges::find(codes, code, &ExitCode::code) == codes.end()) {
            codes.push_back({code, std::move(meaning)});
        }
    };
    add(0, "done, also when there was nothing to do");
    add(64, "wrong option, operand or combination");
    add(70, "a bug in aerotow");
    add(74, "reading or writing failed, the disk is full");
    add(78, "a configuration file is wrong");
    add(124, "the time given with --timeout passed");
    if (command.role != Role::Other) {
        add(65, "an input is malformed; the message names file and line");
        add(66, "a named file does not exist");
    }
    if (command.role == Role::Query || command.role == Role::Filter) {
        add(1, "some sources failed, or nothing was found and --fail-if-empty was given");
    }
    if (command.role == Role::Act) {
        add(1, "some of the work failed; the records say which");
        add(73, "the state file cannot be created");
        add(75, "another run holds the lock");
    }
    std::ranges::sort(codes, {}, &ExitCode::code);
    return codes;
}

std::string spec_json(const Command& command) {
    constexpr std::array<std::string_view, 4> kRoles{"query", "filter", "act", "other"};
    record::Array options;
    std::ranges::transform(command.options, std::back_inserter(options), option_object);
    record::Array examples;
    for (const auto& example : command.examples) {
        examples.emplace_back(record::Object{{"command", example.command}, {"what", example.what}});
    }
    record::Array codes;
    for (const auto& code : exit_codes_of(command)) {
        codes.emplace_back(record::Object{{"code", code.code}, {"meaning", code.meaning}});
    }
    record::Array outputs;
    for (const auto& output : command.outputs) {
        outputs.emplace_back(
            record::Object{{"type", output.type}, {"columns", to_array(output.columns)}});
    }
    const record::Object spec{
        {"name", command.name},
        {"summary", command.purpose},
        {"role", kRoles[static_cast<std::size_t>(command.role)]},
        {"operands", record::Object{{"name", command.positional.name},
                                    {"help", command.positional.help},
                                    {"choices", to_array(command.positional.choices)}}},
        {"rest", command.behind.name},
        {"options", options},
        {"examples", examples},
        {"exit_codes", codes},
        {"emits", outputs},
        {"see_also", to_array(command.related)}};
    return record::to_json(spec);
}

}  // namespace tow::cli
