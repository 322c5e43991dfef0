// Whole ads in files of any of HTCondor's formats: read one after the other, and written. Memory
// stays flat however long a file is. Where a few attributes are enough, AdStream is faster.
#pragma once

#include "base/error.hpp"
#include "classad/formats.hpp"
#include "record/input.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tow::source {

// "long", "json", "jsonl", "new" or "xml"; nothing for any other word: it is to be guessed.
std::optional<classad::Format> ad_format(std::string_view word) noexcept;

struct FileAd {
    classad::Ad ad;
    classad::ParseNotes notes;
    std::string file;
    std::size_t line = 0;   // where it begins
    std::string_view text;  // valid while it is handed over; empty if it came from XML

    std::string where() const;  // "file:line"

    // The line of an offset in the notes; of the ad, if it came from XML.
    std::size_t line_of(std::size_t offset) const;
};

class AdFile {
  public:
    // Reads fd, which must outlive it. Without a format it is guessed as HTCondor does. name stands
    // in messages. before_read runs before each read that may block.
    AdFile(int fd, std::string name, std::optional<classad::Format> format,
           std::function<void()> before_read = {});

    // Hands over every ad. A malformed one goes to on_bad as Error{Data} with "name:line", and the
    // reading goes on with the next; behind an error in XML, or an ad of more than 16 MiB, there is
    // no next.
    void read(const std::function<void(FileAd)>& on_ad,
              const std::function<void(const base::Error&)>& on_bad);

  private:
    void detect_format();
    void read_xml(const std::function<void(FileAd)>& on_ad,
                  const std::function<void(const base::Error&)>& on_bad);
    bool fill_to(std::size_t size);
    bool next();
    void consume(std::size_t count);
    bool is_cut_off() const noexcept;

    record::InputBuffer input_;
    std::string name_;
    std::optional<classad::Format> format_;
    std::size_t line_ = 1;
    std::size_t length_ = 0;  // of the current ad, which pending() begins with
    bool too_long_ = false;
    char first_ = 0;  // and last byte of the input that is no blank
    char last_ = 0;
};

// Ads to a file. The caller hands the text on.
class AdFileWriter {
  public:
    // "long", "json", "jsonl", "new", "xml" or "yaml".
    explicit AdFileWriter(std::string_view format);

    // What stands before the first ad, the next one, and what closes the file.
    std::string begin();
    std::string add(const classad::Ad& ad);
    std::string end();

    // What could not be written as it was, and how often: bytes that are no UTF-8 (long and new
    // hold them), and strings with a line break in long, which HTCondor cannot read back either.
    std::map<std::string, std::size_t> losses() const;

  private:
    enum class Format { Long, Json, Jsonl, New, Xml, Yaml };
    std::string text_of(const classad::Ad& ad) const;

    Format format_ = Format::Long;
    bool first_ = true;
    std::size_t replaced_ = 0;
    std::size_t broken_lines_ = 0;
};

}  // namespace tow::source
