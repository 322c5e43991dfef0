#include "fleet/memories.hpp"

#include "base/ulid.hpp"
#include "model/history.hpp"
#include "record/json.hpp"

namespace tow::fleet {

namespace {

// Clocks of two hosts that write to one state file differ, but not by this much.
constexpr std::chrono::hours kClocksDiffer{1};
constexpr std::size_t kTimeOfUlid = 10;  // the characters of an ULID that are its time

// Sorts behind all ULIDs from before this time, and before all others.
std::string first_ulid_of(base::Time time) {
    const std::chrono::milliseconds ms = time.time_since_epoch();
    return base::make_ulid(ms.count(), "").substr(0, kTimeOfUlid);
}

}  // namespace

void Memories::keep(std::span<const record::Object> memories, base::Time now) const {
    if (memories.empty()) {
        return;
    }
    const auto future = first_ulid_of(now + kClocksDiffer);
    store::Transaction all(database_);
    for (const auto& record : memories) {
        const auto text = record::to_json(record);
        const auto memory = model::read_memory(record::Document(text).root());
        database_
            .prepare(
                "INSERT INTO memory (entry, plan, record) VALUES (?1, ?2, ?3) "
                "ON CONFLICT DO UPDATE SET plan = ?2, record = ?3 "
                "WHERE (?2 > plan AND ?2 < ?4) OR plan >= ?4")
            .bind(memory.entry)
            .bind(memory.plan)
            .bind(text)
            .bind(future)
            .run();
    }
    all.commit();
}

std::vector<record::Object> Memories::of(const std::set<std::string>& entries) const {
    std::vector<record::Object> result;
    auto rows = database_.prepare("SELECT entry, record FROM memory ORDER BY entry");
    while (rows.step()) {
        if (entries.contains(rows.text(0))) {
            result.push_back(*record::parse_json(rows.text(1)).object());
        }
    }
    return result;
}

void Memories::forget_others(const std::set<std::string>& entries, base::Time now) const {
    std::vector<std::string> forgotten;
    auto rows = database_.prepare("SELECT entry FROM memory WHERE plan < ?");
    rows.bind(first_ulid_of(now - kForgottenAfter));
    while (rows.step()) {
        if (!entries.contains(rows.text(0))) {
            forgotten.push_back(rows.text(0));
        }
    }
    for (const auto& entry : forgotten) {
        database_.prepare("DELETE FROM memory WHERE entry = ?").bind(entry).run();
    }
}

}  // namespace tow::fleet
