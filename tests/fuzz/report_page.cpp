// Any records as a report: a page and a text, with nothing in them that a terminal or a browser
// would obey; and any history.
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"
#include "record/reader.hpp"
#include "report/history.hpp"
#include "report/sections.hpp"

#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

namespace base = tow::base;
namespace record = tow::record;
namespace report = tow::report;

void expect(bool is_true) {
    if (!is_true) {
        std::abort();
    }
}

// What the reader takes from any descriptor.
base::UniqueFd file_of(std::string_view text) {
    auto fd = base::unnamed_file();
    expect(base::write_all(fd.get(), text));
    expect(::lseek(fd.get(), 0, SEEK_SET) == 0);
    return fd;
}

void try_history(record::View record) {
    try {
        const auto sample = report::read_sample(record);
        const auto text = record::to_json(to_record(sample));
        expect(report::read_sample(record::Document(text).root()) == sample);
    } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
}

void check(const report::Page& page) {
    const auto html = to_html(page);
    const auto text = to_text(page, {60, 5});
    expect(base::is_utf8(html) && base::is_utf8(text));
    expect(html.find("<script") == std::string::npos && html.find("<img") == std::string::npos);
    for (const auto& out : {html, text}) {
        for (const char c : out) {
            expect(c == '\n' || static_cast<unsigned char>(c) >= ' ');
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const auto now = *base::parse_rfc3339("2026-11-21T12:00:00Z");
    const auto fd = file_of({reinterpret_cast<const char*>(data), size});
    report::Snapshot snapshot;
    try {
        record::RecordReader reader(fd.get(), "fuzz");
        while (reader.next()) {
            reader.as([](record::View view) { try_history(view); });
            snapshot.take(reader);
        }
    } catch (const base::Error&) {  // NOLINT(bugprone-empty-catch) what was read before counts
    }
    const auto overview = report::make_overview(snapshot, now);
    report::History history;
    history.add(report::make_sample(snapshot, overview, now));
    history.add(report::make_sample(snapshot, overview, snapshot.time().value_or(now)));
    history.thin(now);
    const auto spending = report::make_spending(snapshot, now);
    check(report::make_page({snapshot, overview, spending, history, now}, "fuzz"));
    return 0;
}
