// Any bytes as a file of entries: entries that their own records describe, or an Error.
#include "base/error.hpp"
#include "record/json.hpp"
#include "source/entry_yaml.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    std::vector<tow::model::Entry> entries;
    try {
        entries = tow::source::parse_entries({reinterpret_cast<const char*>(data), size}, "f", {});
        tow::source::job_attributes(entries);
    } catch (const tow::base::Error&) {
        return 0;
    }
    for (const auto& entry : entries) {
        std::string text;
        tow::record::write_json(to_record(entry), text);
        std::string again;
        tow::record::write_json(
            to_record(tow::model::read_entry(tow::record::Document(text).root())), again);
        if (text != again) {
            std::abort();
        }
    }
    return 0;
}
