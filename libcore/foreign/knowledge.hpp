// What others know of entries, as documents: files, and the answers of servers.
#pragma once

#include "foreign/imports.hpp"
#include "source/query.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

enum class Subject { Downtimes, Prices, Allocations };

constexpr std::size_t kSubjects = 3;

struct KnownText {
    Text text;
    base::Time observed_at;
};

// By subject.
using KnownTexts = std::array<std::vector<KnownText>, kSubjects>;

// One query for a file, or the answer to an http or https URL. Its record is the document. One that
// does not read as what it should be is an error of the source: a page that says sorry never takes
// the place of the last good answer.
std::unique_ptr<source::Query> make_document_query(Subject subject, std::string file_or_url,
                                                   base::Time now);

// Whether the record is a document; then it is put where it belongs.
bool take_document(std::string_view type, std::string_view line, KnownTexts& texts);

}  // namespace tow::foreign
