#include "foreign/ini.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace tow::foreign {

namespace {

constexpr std::size_t kMaxExpanded = std::size_t{64} << 10U;  // bytes of one value
constexpr int kMaxDepth = 10;                                 // as ConfigParser
constexpr std::size_t kMaxOptions = 10'000;                   // of one section

using Options = std::vector<std::pair<std::string, std::string>>;

auto find_option(const Options& options, std::string_view key) {
    return std::ranges::find(options, key,
                             [](const auto& option) -> std::string_view { return option.first; });
}

void set_option(Options& options, std::string key, std::string value) {
    const auto there = std::ranges::find(options, key, &Options::value_type::first);
    if (there == options.end()) {
        options.emplace_back(std::move(key), std::move(value));
    } else {
        there->second = std::move(value);
    }
}

void expand(const IniSection& section, std::string_view text, int depth, std::string& out) {
    const auto reject = [&](std::string_view why) {
        base::fail(base::Kind::Data, "[{}] in line {}: {}", base::printable(section.name),
                   section.line, why);
    };
    if (depth > kMaxDepth) {
        reject("names that stand for each other, more than 10 deep");
    }
    while (!text.empty()) {
        if (out.size() > kMaxExpanded) {
            reject("a value of more than 64 KiB");
        }
        const auto percent = text.find('%');
        out += text.substr(0, percent);
        text.remove_prefix(std::min(percent, text.size()));
        if (text.starts_with("%(")) {
            const auto end = text.find(")s");
            const auto name = text.substr(2, end == std::string_view::npos ? end : end - 2);
            const auto option = find_option(section.options, name);
            if (end == std::string_view::npos || option == section.options.end()) {
                reject(
                    fmt::format("nothing is called \"{}\"", base::printable(name.substr(0, 100))));
            }
            expand(section, option->second, depth + 1, out);
            text.remove_prefix(end + 2);
        } else if (!text.empty()) {
            out += '%';
            text.remove_prefix(text.starts_with("%%") ? 2 : 1);
        }
    }
}

class IniReader {
  public:
    IniReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    std::vector<IniSection> read() {
        while (!text_.empty()) {
            const auto end = text_.find('\n');
            read_line(text_.substr(0, end));
            text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
        }
        IniSection defaults;
        std::erase_if(sections_, [&defaults](const auto& section) {
            if (section.name == "DEFAULT") {
                defaults = section;
            }
            return section.name == "DEFAULT";
        });
        for (auto& section : sections_) {
            for (const auto& option : defaults.options) {
                if (!section.has(option.first)) {
                    section.options.push_back(option);
                }
            }
        }
        return std::move(sections_);
    }

  private:
    [[noreturn]] void reject(std::string_view why) const {
        base::fail(base::Kind::Data, "{}:{}: {}", base::printable(name_), line_, why);
    }

    void read_line(std::string_view line) {
        ++line_;
        const auto content = base::trim(line);
        if (content.empty() || content[0] == '#' || content[0] == ';') {
            return;
        }
        const bool continues = base::is_space(line[0]) && section_ != kNone && has_option_;
        if (continues) {
            auto& value = sections_[section_].options[option_].second;
            value += '\n';
            value += content;
        } else if (content[0] == '[') {
            open(content);
        } else {
            set(content);
        }
    }

    void open(std::string_view content) {
        const auto end = content.find(']');
        if (end == std::string_view::npos) {
            reject("expected ] behind the name of a section");
        }
        const auto name = content.substr(1, end - 1);
        const auto there = std::ranges::find(sections_, name, &IniSection::name);
        section_ = static_cast<std::size_t>(there - sections_.begin());
        has_option_ = false;
        if (there == sections_.end()) {
            sections_.push_back({std::string(name), line_, {}});
        }
    }

    void set(std::string_view content) {
        const auto separator = content.find_first_of("=:");
        if (section_ == kNone || separator == std::string_view::npos || separator == 0) {
            reject(section_ == kNone ? "expected a [section] first" : "expected name = value");
        }
        auto value = base::trim(content.substr(separator + 1));
        if (const auto comment = value.find(" ;"); comment != std::string_view::npos) {
            value = base::trim(value.substr(0, comment));
        }
        auto& options = sections_[section_].options;
        if (options.size() >= kMaxOptions) {
            reject("a section of more than 10000 options");
        }
        const std::string key(base::trim(content.substr(0, separator)));
        set_option(options, key, std::string(value));
        option_ = static_cast<std::size_t>(find_option(options, key) - options.begin());
        has_option_ = true;
    }

    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    std::string_view text_;
    const std::string& name_;
    std::vector<IniSection> sections_;
    std::size_t section_ = kNone;
    std::size_t option_ = 0;
    bool has_option_ = false;
    int line_ = 0;
};

}  // namespace

std::string IniSection::get(std::string_view key) const {
    const auto option = find_option(options, key);
    std::string value;
    if (option != options.end()) {
        expand(*this, option->second, 0, value);
    }
    return value;
}

bool IniSection::has(std::string_view key) const noexcept {
    return find_option(options, key) != options.end();
}

std::vector<IniSection> parse_ini(std::string_view text, const std::string& name) {
    return IniReader(text, name).read();
}

}  // namespace tow::foreign
