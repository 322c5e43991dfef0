#include "fleet/history.hpp"

#include "fleet/ledger.hpp"
#include "fleet/memories.hpp"
#include "fleet/overrides.hpp"

#include <set>

namespace tow::fleet {

namespace {

std::set<std::string> all_entries(std::span<const Row> living,
                                  const std::vector<std::string>& entries) {
    std::set<std::string> names(entries.begin(), entries.end());
    for (const auto& row : living) {
        names.insert(row.pilot.entry);
    }
    return names;
}

}  // namespace

std::vector<record::Object> history(const store::Database& database, std::span<const Row> living,
                                    const std::vector<std::string>& entries, base::Time now) {
    std::vector<record::Object> records;
    for (const auto& usage : Ledger(database).usage(living, now)) {
        records.push_back(to_record(usage));
    }
    for (auto& memory : Memories(database).of(all_entries(living, entries))) {
        records.push_back(std::move(memory));
    }
    for (const auto& kept : Overrides(database).in_force(now)) {
        records.push_back(to_record(kept));
    }
    return records;
}

void forget(const store::Database& database, std::span<const Row> living,
            const std::vector<std::string>& entries, base::Time now) {
    Memories(database).forget_others(all_entries(living, entries), now);
    Overrides(database).forget(now);
}

}  // namespace tow::fleet
