// Any bytes as downtimes, as prices and as allocations: entries that their own records describe, or
// an Error.
#include "base/error.hpp"
#include "foreign/allocations.hpp"
#include "foreign/downtimes.hpp"
#include "foreign/prices.hpp"
#include "record/json.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::vector<tow::foreign::Text> texts{
        {"f", std::string(reinterpret_cast<const char*>(data), size)}};
    tow::model::Entry entry;
    entry.name = "A";
    entry.backend = "condor";
    entry.site = "XX_Site";
    entry.allocation = tow::model::Allocation{"m1"};
    entry.target.set("grid_resource", "condor ce.a.example.org ce.a.example.org:9619");
    std::vector<tow::model::Entry> entries{entry};
    try {
        tow::foreign::add_downtimes(tow::foreign::read_announcements(texts), {},
                                    std::chrono::hours(1'000'000), entries);
    } catch (const tow::base::Error&) {
        entries = {entry};
    }
    try {
        tow::foreign::set_costs(tow::foreign::read_quotes(texts), entries);
    } catch (const tow::base::Error&) {
    }
    try {
        tow::foreign::Balances balances;
        tow::foreign::read_balances(texts[0], {}, balances);
        tow::foreign::set_balances(balances, entries);
    } catch (const tow::base::Error&) {
    }
    std::string text;
    tow::record::write_json(to_record(entries[0]), text);
    tow::model::read_entry(tow::record::Document(text).root());  // no Error
    return 0;
}
