#include "foreign/imports.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace tow::foreign {

namespace {

constexpr std::array<Format, 7> kFormats{{
    {"apf", "AutoPyFactory queues, INI", read_autopyfactory},
    {"cric", "CRIC PanDA queues, JSON", read_cric},
    {"gwms", "GlideinWMS factory configuration, XML", read_gwms},
    {"harvester", "Harvester queues, JSON", read_harvester},
    {"hepcloud", "GlideinWMS factory ads as HEPCloud keeps them, any ad format", read_factory_ads},
    {"osg", "OSG_autoconf YAML: defaults, CE figures and allow-lists", read_osg_autoconf},
    {"tardis", "COBalD/TARDIS sites, YAML", read_tardis},
}};

// As near to the name as our rules allow.
std::string usable_name(std::string_view name) {
    constexpr std::size_t kLongest = 128;
    std::string result;
    for (const char c : name.substr(0, kLongest)) {
        const auto one = std::string(result.empty() ? "x" : "") + c;
        result += model::name_problem(one).empty() ? c : '_';
    }
    return model::name_problem(result).empty() ? result : ("x" + result).substr(0, kLongest);
}

}  // namespace

std::string Origin::text() const {
    return line == 0 ? base::printable(file) : fmt::format("{}:{}", base::printable(file), line);
}

std::string_view kind_name(Note::Kind kind) noexcept {
    return kind == Note::Kind::Dropped   ? "dropped"
           : kind == Note::Kind::Assumed ? "assumed"
                                         : "suspect";
}

void Import::add(Imported entry) {
    auto& name = entry.entry.name;
    if (!model::name_problem(name).empty()) {
        const auto usable = usable_name(name);
        note({Note::Kind::Suspect, usable, entry.origin, "name that entries may not have",
              "letters, digits and _ . - + @ : only",
              base::printable(name) + " becomes " + usable});
        name = usable;
    }
    const auto [place, is_first] = places_.emplace(name, entries_.size());
    if (is_first) {
        entries_.push_back(std::move(entry));
        return;
    }
    auto& first = entries_[place->second];
    note({Note::Kind::Suspect, name, entry.origin, "duplicate name", "the last one counts",
          name + ", first in " + first.origin.text()});
    first = std::move(entry);
}

void Noter::note(Note::Kind kind, std::string what, std::string why, std::string detail) const {
    import_.note({kind, entry_, origin_, std::move(what), std::move(why), std::move(detail)});
}

void Noter::dropped(std::string what, std::string why, std::string detail) const {
    note(Note::Kind::Dropped, std::move(what), std::move(why), std::move(detail));
}

void Noter::assumed(std::string what, std::string why, std::string detail) const {
    note(Note::Kind::Assumed, std::move(what), std::move(why), std::move(detail));
}

void Noter::suspect(std::string what, std::string why, std::string detail) const {
    note(Note::Kind::Suspect, std::move(what), std::move(why), std::move(detail));
}

std::span<const Format> formats() noexcept {
    return kFormats;
}

const Format& format_named(std::string_view name) {
    const auto* found = std::ranges::find(kFormats, name, &Format::name);
    if (found == kFormats.end()) {
        std::vector<std::string> names;
        std::ranges::transform(kFormats, std::back_inserter(names),
                               [](const auto& known) { return std::string(known.name); });
        const auto guess = base::nearest(name, names);
        throw base::Error(base::Kind::Usage,
                          fmt::format("expected one of the formats {}, got \"{}\"",
                                      base::join(names, ", "), base::printable(name)),
                          guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
    }
    return *found;
}

Import import_entries(const Format& format, const std::vector<Text>& texts) {
    Import import;
    try {
        format.read(texts, import);
    } catch (const base::Error& error) {
        // The YAML reader takes all it reads for our own configuration.
        const auto kind = error.kind() == base::Kind::Config ? base::Kind::Data : error.kind();
        throw base::Error(kind, error.what(), error.hint());
    }
    return import;
}

std::vector<std::string> summary(const Import& import) {
    struct Kind {
        std::size_t count = 0;
        std::set<std::string> details;
    };
    std::map<std::tuple<Note::Kind, std::string, std::string>, Kind> kinds;
    for (const auto& note : import.notes()) {
        auto& kind = kinds[{note.kind, note.what, note.why}];
        ++kind.count;
        if (!note.detail.empty()) {
            kind.details.insert(note.detail);
        }
    }
    std::vector<std::string> lines;
    for (const auto& [key, kind] : kinds) {
        constexpr std::size_t kShown = 4;
        std::vector<std::string> shown(
            kind.details.begin(),
            std::next(kind.details.begin(),
                      static_cast<std::ptrdiff_t>(std::min(kShown, kind.details.size()))));
        if (kind.details.size() > kShown) {
            shown.push_back(fmt::format("{} more", kind.details.size() - kShown));
        }
        lines.push_back(fmt::format("{}, {} time{}: {}{}{} ({})", kind_name(std::get<0>(key)),
                                    kind.count, kind.count == 1 ? "" : "s", std::get<1>(key),
                                    shown.empty() ? "" : ": ", base::join(shown, ", "),
                                    std::get<2>(key)));
    }
    return lines;
}

std::string line_of(const Note& note) {
    return fmt::format("{}: {}: {} {}{}{} ({})", note.origin.text(), note.entry,
                       kind_name(note.kind), note.what, note.detail.empty() ? "" : ": ",
                       note.detail, note.why);
}

}  // namespace tow::foreign
