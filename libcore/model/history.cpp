#include "model/history.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"
#include "model/entry.hpp"
#include "model/fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 3> kBreakers{"closed", "open", "half_open"};
constexpr std::array<std::string_view, 6> kOverridableCounts{
    "max_pilots", "max_pending", "max_held", "max_submit", "max_remove", "tier"};

Use read_use(const Fields& fields) {
    Use use;
    use.pilots = fields.known_count("pilots").value_or(0);
    use.core_seconds = fields.known_count("core_seconds").value_or(0);
    use.cost = fields.known_number("cost").value_or(0);
    return use;
}

void set_use(record::Object& object, const Use& use) {
    object.set("pilots", use.pilots);
    object.set("core_seconds", use.core_seconds);
    object.set("cost", use.cost);
}

std::string read_ulid(const Fields& fields, std::string_view key) {
    auto id = fields.text(key);
    if (!base::ulid_time_ms(id)) {
        fields.reject(key, "expected a ULID");
    }
    return id;
}

base::Time read_time(const Fields& fields, std::string_view key) {
    const auto time = fields.known_time(key);
    if (!time) {
        fields.reject(key, "is missing");
    }
    return *time;
}

}  // namespace

Usage read_usage(record::View record) {
    const Fields fields(record);
    Usage usage;
    usage.entry = fields.text("entry");
    usage.currency = fields.known_text("currency");
    for (const auto& day : fields.list("days")) {
        usage.days.push_back({read_time(day, "day"), read_use(day)});
    }
    if (const auto committed = fields.known_fields("committed")) {
        usage.committed = read_use(*committed);
    }
    usage.observed_at = fields.known_time("observed_at");
    return usage;
}

record::Object to_record(const Usage& usage) {
    auto result = record::new_record("usage");
    result.set("entry", usage.entry);
    result.set_known("currency", usage.currency);
    record::Array days;
    for (const auto& [day, use] : usage.days) {
        record::Object object{{"day", base::format_time(day)}};
        set_use(object, use);
        days.emplace_back(std::move(object));
    }
    result.set("days", std::move(days));
    record::Object committed;
    set_use(committed, usage.committed);
    result.set("committed", std::move(committed));
    if (usage.observed_at) {
        result.set("observed_at", base::format_time(*usage.observed_at));
    }
    return result;
}

std::string override_problem(std::string_view key, const record::Value& value) {
    if (key == "state") {
        const auto* name = value.string();
        return name != nullptr && entry_state(*name)
                   ? ""
                   : "expected one of in_service, draining, downtime, disabled";
    }
    if (std::ranges::find(kOverridableCounts, key) == kOverridableCounts.end()) {
        return "cannot be overridden: expected state, max_pilots, max_pending, max_held, "
               "max_submit, max_remove or tier";
    }
    return value.integer().value_or(-1) >= 0 ? "" : "expected an integer of at least 0";
}

Override read_override(record::View record) {
    const Fields fields(record);
    Override result;
    result.id = read_ulid(fields, "override");
    result.entries = fields.text("entries");
    result.values = fields.object("values");
    for (const auto& [key, value] : result.values) {
        if (const auto problem = override_problem(key, value); !problem.empty()) {
            fields.reject("values." + key, problem);
        }
    }
    result.until = read_time(fields, "until");
    result.why = fields.known_text("why").value_or("");
    result.author = fields.known_text("author").value_or("");
    return result;
}

record::Object to_record(const Override& override) {
    auto result = record::new_record("override");
    result.set("override", override.id);
    result.set("entries", override.entries);
    result.set("values", override.values);
    result.set("until", base::format_time(override.until));
    result.set("why", override.why);
    result.set("author", override.author);
    return result;
}

std::string_view breaker_name(BreakerState state) noexcept {
    return kBreakers[static_cast<std::size_t>(state)];
}

Memory read_memory(record::View record) {
    const Fields fields(record);
    Memory memory;
    memory.plan = read_ulid(fields, "plan");
    memory.entry = fields.text("entry");
    memory.pending = fields.known_count("pending").value_or(0);
    memory.running = fields.known_count("running").value_or(0);
    memory.surplus = fields.known_count("surplus").value_or(0);
    memory.surplus_looks = fields.known_count("surplus_looks").value_or(0);
    memory.is_full = fields.known_count("is_full").value_or(0) != 0;
    memory.other_looks = fields.known_count("other_looks").value_or(0);
    memory.vanished_looks = fields.known_count("vanished_looks").value_or(0);
    memory.no_jobs_looks = fields.known_count("no_jobs_looks").value_or(0);
    memory.no_use_looks = fields.known_count("no_use_looks").value_or(0);
    memory.no_pilots_looks = fields.known_count("no_pilots_looks").value_or(0);
    const auto breaker = fields.known_text("breaker").value_or("closed");
    const auto* known = std::ranges::find(kBreakers, breaker);
    if (known == kBreakers.end()) {
        fields.reject("breaker", "expected one of closed, open, half_open");
    }
    memory.breaker = static_cast<BreakerState>(known - kBreakers.begin());
    memory.breaker_step = fields.known_count("breaker_step").value_or(0);
    memory.breaker_since = fields.known_time("breaker_since");
    return memory;
}

record::Object to_record(const Memory& memory) {
    auto result = record::new_record("memory");
    result.set("plan", memory.plan);
    result.set("entry", memory.entry);
    result.set("pending", memory.pending);
    result.set("running", memory.running);
    const auto set_count = [&](std::string_view key, std::int64_t count) {
        if (count != 0) {
            result.set(key, count);
        }
    };
    set_count("surplus", memory.surplus);
    set_count("surplus_looks", memory.surplus_looks);
    set_count("is_full", memory.is_full ? 1 : 0);
    set_count("other_looks", memory.other_looks);
    set_count("vanished_looks", memory.vanished_looks);
    set_count("no_jobs_looks", memory.no_jobs_looks);
    set_count("no_use_looks", memory.no_use_looks);
    set_count("no_pilots_looks", memory.no_pilots_looks);
    if (memory.breaker != BreakerState::Closed) {
        result.set("breaker", breaker_name(memory.breaker));
        set_count("breaker_step", memory.breaker_step);
    }
    if (memory.breaker_since) {
        result.set("breaker_since", base::format_time(*memory.breaker_since));
    }
    return result;
}

}  // namespace tow::model
