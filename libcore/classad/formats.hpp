// ClassAds in files: -long, new syntax, JSON and XML, as HTCondor reads and writes them. These are
// the complete readers; one that only picks a few attributes out of many ads can be much faster.
#pragma once

#include "base/error.hpp"
#include "classad/ad.hpp"
#include "classad/parse.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::classad {

enum class Format : std::uint8_t {
    Long,  // "Name = value" lines, a blank line between ads
    New,   // "[ a = 1 ]" one after the other, or "{ [ ... ], [ ... ] }"
    Json,  // an object, an array of objects, or one object a line
    Xml,   // <classads>
};

// HTCondor's guess from the first bytes. Anything it does not know is Long.
Format detect_format(std::string_view text) noexcept;

// One ad. Error{Data} if it is malformed; nothing of a bad ad is kept. Its message tells the line,
// unless there are notes to hold the place. Blank lines and lines with
// '#' do not count. A name is whatever stands before the first '='.
Ad read_long(std::string_view text, ParseNotes* notes = nullptr);

// One expression as it stands behind the '=' of such a line. Text after its end is ignored.
ExprPtr read_long_value(std::string_view text, ParseNotes* notes = nullptr);

// One ad of this format, which is not XML.
Ad read_ad(std::string_view text, Format format, ParseNotes* notes = nullptr);

// One object. "\/Expr(...)\/" is an expression, "/Expr(...)/" a string.
Ad read_json(std::string_view text, ParseNotes* notes = nullptr);

// Every ad of a document, until it ends or Error{Data} says where it is malformed. DTDs are not
// loaded and entities may not be declared.
void read_xml(std::string_view document, const std::function<void(Ad)>& on_ad);

struct XmlAd {
    Ad ad;
    std::size_t line = 0;  // in the document, from 1
    ParseNotes notes;      // offsets in the document
};

// The same for a document that comes in blocks; an empty one is its end. Errors say "name:line".
void read_xml(const std::string& name, const std::function<std::string_view()>& next_block,
              const std::function<void(XmlAd)>& on_ad);

// Where the first ad of a text is; empty if there is none. What stands before it is of no more use,
// and an ad that ends with the text may go on in what follows. Not for XML.
struct AdSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
};

AdSpan find_ad(std::string_view text, Format format);

// The text of each ad of a file, in order. XML is not split.
std::vector<std::string_view> split_ads(std::string_view text, Format format);

// Hands over every ad of a file with the offset of its text; a malformed one goes to on_bad and the
// reading goes on with the next. What comes after an error in XML is lost; its offsets are all 0.
void read_ads(std::string_view text, Format format,
              const std::function<void(std::size_t, Ad)>& on_ad,
              const std::function<void(std::size_t, const base::Error&)>& on_bad);

enum class Order : std::uint8_t {
    Display,  // by length of the name, then without case: what the library prints
    Name,     // by bytes: what condor_q -long prints
};

// "Name = value" lines. A string with a newline in it cannot be read back; nor can HTCondor's.
std::string write_long(const Ad& ad, Order order = Order::Display);

// {"a": 1,"b": 2}; bytes that are not UTF-8 pass as they are.
std::string write_json(const Ad& ad);

// A document of two maps: "ad" holds the attributes that are plain values, "ad_exprs" the text of
// all others, as in records; either is left out if it is empty. Whoever writes a file puts "---"
// between.
std::string write_yaml(const Ad& ad);

// <c>...</c>; whoever writes a file puts <classads> around.
std::string write_xml(const Ad& ad);

}  // namespace tow::classad
