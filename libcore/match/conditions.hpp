// Every condition between one job and many entries, each with the entries that it excludes.
#pragma once

#include "base/clock.hpp"
#include "match/clauses.hpp"
#include "match/values.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"
#include "model/reason.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tow::match {

struct Job {
    model::Resources request;
    classad::Ad ad;
};

// A number that a job asks for, under its two names.
struct Amount {
    std::string_view dimension;  // as model::misfit says
    std::string_view attribute;  // "RequestMemory"; empty: no attribute alone decides
    std::int64_t unit;           // of the attribute, in units of model::Resources
};

const std::array<Amount, 5>& amounts() noexcept;

std::optional<std::int64_t> amount_of(const model::Resources& resources, const Amount& amount);
void set_amount(model::Resources& resources, const Amount& amount, std::int64_t value);

struct Condition {
    model::Side side = model::Side::Job;
    std::string text;
    // Conditions on the same number that a person sets stand and fall together: they share this.
    std::string knob;
    classad::ExprPtr expr;  // of side Job; null if it is about the expression as a whole
    Bits fails;             // entries
    Bits undefined;         // those for this reason
    Bits errors;

    Condition(model::Side its_side, std::string its_text, std::size_t entries)
        : side(its_side),
          text(std::move(its_text)),
          fails(entries),
          undefined(entries),
          errors(entries) {}
};

// Entries that none of the conditions excludes.
std::int64_t count_passing(const std::vector<Condition>& conditions, std::size_t entries);

class Places {
  public:
    // The entries must outlive this.
    Places(const std::vector<model::Entry>& entries, base::Time now);
    Places(const Places&) = delete;
    Places& operator=(const Places&) = delete;

    // Those that exclude at least one entry. An entry that none excludes matches the job as
    // match::match() understands it.
    std::vector<Condition> conditions(const Job& job);

    std::size_t size() const noexcept { return entries_.size(); }

    const model::Entry& entry(std::size_t i) const { return *entries_[i]; }

    const classad::Ad& ad(std::size_t i) const { return ads_[i]; }

    const std::vector<std::string>& names() const noexcept { return names_; }

    bool defines(const std::string& lower_name) const { return known_.contains(lower_name); }

    // The clause of the entry's start expression with this text; null if it has none.
    const Clause* start_clause(std::size_t entry, std::string_view text) const;

    Targets& targets() noexcept { return targets_; }

    const classad::EvalOptions& options() const noexcept { return options_; }

    // Expressions that cannot be parsed, with the entry.
    const std::vector<std::string>& problems() const noexcept { return problems_; }

  private:
    // Clauses that look at the same attributes of a job. Jobs that agree in these have one number.
    struct Family {
        std::set<std::string> names;
        bool unbounded = false;
        std::unordered_map<std::string, std::size_t> numbers;
    };

    // A clause of start expressions that means the same at all these entries.
    struct Rule {
        Clause clause;
        const classad::Ad* ad;
        Bits entries;
        std::size_t family;
        std::vector<std::uint8_t> answers;  // by the number of the job; truth plus one
    };

    std::vector<classad::Ad> make_ads();
    void collect_rules();
    std::size_t family_of(const Reach& reached);
    std::vector<std::size_t> numbers_of(const Job& job);
    static bool is_true(const Rule& rule, std::size_t number);
    Truths truths_of(Rule& rule, std::size_t number, const Job& job) const;
    void add_requirements(const Job& job, std::vector<Condition>& result);
    void add_starts(const Job& job, std::vector<Condition>& result);
    void add_shape(const Job& job, std::vector<Condition>& result) const;
    void add_state(std::vector<Condition>& result) const;
    void add_whole(const Job& job, std::vector<Condition>& result) const;

    std::vector<const model::Entry*> entries_;
    std::vector<std::string> problems_;
    std::vector<classad::Ad> ads_;
    classad::EvalOptions options_;
    Targets targets_;
    std::vector<std::vector<Clause>> starts_;
    std::vector<Rule> rules_;  // of the same text side by side
    std::vector<Family> families_;
    std::map<std::string, std::size_t> family_index_;
    Bits out_of_service_;
    std::uint64_t deepest_ = 0;  // of the expressions of one entry
    bool unbounded_ = false;     // one of the start expressions is
    std::set<std::string> known_;
    std::vector<std::string> names_;
};

// "cores", "memory", "wall time", ...
std::string_view noun_of(const Amount& amount) noexcept;

// "16 GiB", "1500 MiB", "2d", "8": exact, in the units that people use.
std::string people_text(const Amount& amount, std::int64_t value);

// Attributes that the condition mentions and that nobody defines: no entry, if it stands in the
// job; not the job, if it stands in an entry. As they are written.
std::vector<std::string> missing_attributes(const Places& places, const Job& job,
                                            const Condition& condition);

}  // namespace tow::match
