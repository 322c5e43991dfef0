#include "foreign/enrich.hpp"

#include "foreign/downtimes.hpp"
#include "foreign/fetch.hpp"
#include "foreign/prices.hpp"

#include <fmt/core.h>

namespace tow::foreign {

std::vector<std::string> enrich(const Knowledge& knowledge, base::Time now,
                                std::vector<model::Entry>& entries) {
    std::vector<std::string> remarks;
    if (!knowledge.downtimes.empty()) {
        const auto announcements = read_announcements(read_texts(knowledge.downtimes));
        remarks = announcements.problems;
        const auto unused = add_downtimes(announcements, now, knowledge.past, entries);
        if (unused > 0) {
            remarks.push_back(fmt::format("{} downtimes concern no entry", unused));
        }
    }
    if (!knowledge.prices.empty()) {
        const auto quotes = read_quotes(read_texts(knowledge.prices));
        remarks.insert(remarks.end(), quotes.problems.begin(), quotes.problems.end());
        const auto priced = set_costs(quotes, entries);
        if (priced < entries.size()) {
            remarks.push_back(fmt::format("{} entries have no price", entries.size() - priced));
        }
    }
    return remarks;
}

}  // namespace tow::foreign
