// A stream of ads in one of HTCondor's text formats, one at a time, memory flat.
#pragma once

#include "record/input.hpp"
#include "source/ad_scanner.hpp"
#include "source/attribute_table.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace tow::source {

enum class AdFormat { Json, Long, Xml };  // Json: an array, or one object after another

// How the texts of values are to be read.
enum class ValueSyntax { Json, Old, New };

class AdStream {
  public:
    // Without a format it is told by the first bytes, as HTCondor does. The table may grow while
    // the stream is read. name stands in messages.
    AdStream(int fd, std::string name, std::optional<AdFormat> format,
             const AttributeTable& wanted);

    // The next ad; false at the end. An input of no bytes at all holds no ads: condor_q prints none
    // for an empty queue. Error{Data} with "name:line".
    bool next();

    // Reads the current ad again, after the table has grown.
    void rescan();

    const RawValues& values() const noexcept { return values_; }
    ValueSyntax syntax() const noexcept;
    std::string where() const;  // "name:line" of the ad

    [[noreturn]] void reject(std::size_t offset, std::string_view why) const;

  private:
    char peek();
    void consume(std::size_t count);
    void detect_format();
    bool skip_to_json_ad();
    bool skip_to_xml_ad();
    std::size_t scan(std::string_view text, bool is_all);
    std::size_t scan_xml_ad(std::string_view text, bool is_all);

    record::InputBuffer input_;
    std::string name_;
    std::optional<AdFormat> format_;
    const AttributeTable& wanted_;
    RawValues values_;
    std::deque<std::string> owned_;  // texts of values that do not stand in the input as they are
    std::size_t length_ = 0;         // of the current ad
    std::size_t line_ = 1;
    bool in_array_ = false;
};

}  // namespace tow::source
