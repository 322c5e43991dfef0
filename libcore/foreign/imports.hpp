// Entries from the configurations of other systems: what was taken over, and what was not, and why.
#pragma once

#include "base/error.hpp"
#include "model/entry.hpp"
#include "record/value.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tow::foreign {

struct Text {
    std::string name;  // of the file or URL, for messages
    std::string content;
};

struct Origin {
    std::string file;
    int line = 0;  // 0: the format has no lines worth naming

    std::string text() const;  // "file:line" or "file"
};

struct Imported {
    model::Entry entry;
    Origin origin;
    std::string comment;  // what upstream's people wrote about it
};

// Something that the entry does not say as upstream said it.
struct Note {
    enum class Kind {
        Dropped,  // there is no place for it
        Assumed,  // upstream does not say, so we had to
        Suspect,  // upstream says it, but cannot mean it: check(1) would say so, too
    };

    Kind kind = Kind::Dropped;
    std::string entry;  // empty: it is about the file
    Origin origin;
    std::string what;  // the same for all entries it happened to
    std::string why;
    std::string detail;  // which one
};

std::string_view kind_name(Note::Kind kind) noexcept;

// Where importers put what they find.
class Import {
  public:
    // A name that our entries may not have is changed, and that is noted. Of two entries of a name
    // the last one counts, as in the configuration folders of GlideinWMS.
    void add(Imported entry);
    void note(Note note) { notes_.push_back(std::move(note)); }

    const std::vector<Imported>& entries() const noexcept { return entries_; }
    const std::vector<Note>& notes() const noexcept { return notes_; }

  private:
    std::vector<Imported> entries_;
    std::vector<Note> notes_;
    std::unordered_map<std::string, std::size_t> places_;
};

// Writes notes about one entry.
class Noter {
  public:
    Noter(Import& import, std::string entry, Origin origin)
        : import_(import), entry_(std::move(entry)), origin_(std::move(origin)) {}

    void dropped(std::string what, std::string why, std::string detail = {}) const;
    void assumed(std::string what, std::string why, std::string detail = {}) const;
    void suspect(std::string what, std::string why, std::string detail = {}) const;

    const std::string& entry() const noexcept { return entry_; }
    const Origin& origin() const noexcept { return origin_; }

  private:
    void note(Note::Kind kind, std::string what, std::string why, std::string detail) const;

    Import& import_;
    std::string entry_;
    Origin origin_;
};

struct Format {
    std::string_view name;
    std::string_view what;  // for people
    void (*read)(const std::vector<Text>& texts, Import& import);
};

std::span<const Format> formats() noexcept;

// Error{Usage}, with a suggestion.
const Format& format_named(std::string_view name);

// Error{Data} with the place if a text is not of the format at all. What is wrong with one entry is
// a note.
Import import_entries(const Format& format, const std::vector<Text>& texts);

// For people: one line for each kind of thing that was noted, with how often; and one note alone.
std::vector<std::string> summary(const Import& import);
std::string line_of(const Note& note);

// The readers, one source file each.
void read_gwms(const std::vector<Text>& texts, Import& import);
void read_osg_autoconf(const std::vector<Text>& texts, Import& import);
void read_factory_ads(const std::vector<Text>& texts, Import& import);
void read_cric(const std::vector<Text>& texts, Import& import);
void read_autopyfactory(const std::vector<Text>& texts, Import& import);
void read_tardis(const std::vector<Text>& texts, Import& import);
void read_harvester(const std::vector<Text>& texts, Import& import);

}  // namespace tow::foreign
