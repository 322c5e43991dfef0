// What a core hour costs at an entry, and how much work is done in it: price lists and measured
// performance.
#pragma once

#include "base/clock.hpp"
#include "foreign/imports.hpp"
#include "model/entry.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tow::foreign {

// One row of a list. Whatever is empty or absent is not stated.
struct Quote {
    std::string entry;
    std::string machine;  // a type such as m3.xlarge
    std::string zone;
    std::optional<double> per_hour;       // of the whole machine
    std::optional<double> per_core_hour;  // whichever is stated
    std::optional<double> work;           // events or the like per second, of the whole machine
    std::optional<double> performance;    // of a core, relative to whatever the list is
    std::string currency;
    std::optional<base::Time> observed_at;
};

struct Quotes {
    std::vector<Quote> list;            // those that come later count more
    std::vector<std::string> problems;  // rows that could not be read, and why
};

// AWS spot price history (JSON), or tables (CSV) with columns by these names: EntryName,
// InstanceType, AvailabilityZone, SpotPrice, OnDemandPrice, PreemptiblePrice or PricePerHour,
// PricePerCoreHour, PerfTtbarTotal, Performance, Currency, Timestamp. Error{Data} if a text is
// neither.
Quotes read_quotes(const std::vector<Text>& texts);

// Sets the cost of the entries that quotes name or whose machine and zone they name. A price
// without a currency is in US dollars. Returns how many entries there are now with a price.
std::size_t set_costs(const Quotes& quotes, std::vector<model::Entry>& entries);

}  // namespace tow::foreign
