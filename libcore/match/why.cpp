#include "match/why.hpp"

#include "base/text.hpp"
#include "match/ads.hpp"
#include "match/suggest.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace tow::match {

namespace {

using model::Reason;
using model::Side;

Job job_of(const model::JobGroup& group) {
    std::vector<std::string> problems;  // match::warnings() tells them
    return {group.request, job_ad(group, problems)};
}

std::vector<Row> rows_of(const std::vector<Condition>& conditions, std::size_t entries) {
    std::vector<Row> rows(entries);
    for (std::uint32_t number = 0; number < conditions.size(); ++number) {
        conditions[number].fails.for_each(
            [&](std::size_t entry) { rows[entry].failing.push_back(number); });
    }
    return rows;
}

template <class Conditions>
Ranking ranking_of(const std::vector<Row>& rows, const Conditions& conditions) {
    std::vector<std::string> knobs(conditions.size());
    std::ranges::transform(conditions, knobs.begin(), [](const auto& c) { return c.knob; });
    return rank(rows, knobs);
}

// The orders of the conditions of one step, which begins with this one; empty if it is alone.
std::vector<std::int64_t> together(const Step& step, std::int64_t first) {
    std::vector<std::int64_t> orders;
    for (std::size_t i = 0; i < step.conditions.size() && step.conditions.size() > 1; ++i) {
        orders.push_back(first + static_cast<std::int64_t>(i));
    }
    return orders;
}

// Calls add(condition, reason) for every condition that excludes something, in order. The reason
// has what the ranking knows.
template <class Add>
void for_each_reason(const Ranking& ranking, const Reason& common, std::size_t most, Add add) {
    std::int64_t order = 0;
    for (const auto& step : ranking.steps) {
        if (order > 0 && static_cast<std::size_t>(order) + step.conditions.size() > most) {
            return;
        }
        const auto set = together(step, order + 1);
        for (const auto condition : step.conditions) {
            auto reason = common;
            reason.order = ++order;
            reason.of = ranking.total;
            reason.passes = ranking.total - ranking.excluded[condition];
            reason.gains = step.gains;
            reason.together = set;
            add(condition, std::move(reason), step);
        }
    }
}

void add_suggestion(Reason& reason, const Suggestion& suggestion) {
    std::vector<std::string> texts;
    for (const auto& edit : suggestion.edits) {
        reason.changes.push_back(edit.told);
        texts.push_back(edit.text);
    }
    reason.would_match = suggestion.matches;
    reason.would_match_if =
        fmt::format("{}: {} -> {} of {} {}", base::join(texts, " and "), reason.matches,
                    suggestion.matches, reason.of, reason.of == 1 ? "entry" : "entries");
}

// A condition of one entry with many jobs.
struct Hurdle {
    Side side;
    std::string text;
    std::string knob;
    std::int64_t undefined = 0;
    std::int64_t errors = 0;
    std::vector<std::string> missing;
};

std::string hurdle_text(const Condition& condition, const model::Entry& entry, base::Time now) {
    if (condition.side == Side::State) {
        return fmt::format("{} (now: {})", condition.text,
                           model::state_name(model::effective_state(entry, now)));
    }
    for (const auto& amount : amounts()) {
        const bool same = condition.knob == base::lower(amount.attribute) ||
                          (condition.knob == "walltime" && amount.attribute.empty());
        if (condition.side == Side::Shape && same) {
            return fmt::format("enough {}: the pilot has {}", noun_of(amount),
                               people_text(amount, amount_of(entry.pilot, amount).value_or(0)));
        }
    }
    return condition.text;
}

class Hurdles {
  public:
    Hurdles(const std::vector<model::Entry>& entry, base::Time now)
        : entry_(entry.front()), now_(now), places_(entry, now) {}

    void add(const model::JobGroup& group) {
        const auto job = job_of(group);
        auto& row = rows_.emplace_back();
        row.weight = group.idle_jobs;
        for (const auto& condition : places_.conditions(job)) {
            auto text = hurdle_text(condition, entry_, now_);
            const auto [found, is_new] =
                index_.try_emplace({condition.side, text}, static_cast<std::uint32_t>(all.size()));
            if (is_new) {
                all.push_back({condition.side, std::move(text), condition.knob, 0, 0, {}});
            }
            auto& hurdle = all[found->second];
            hurdle.undefined += condition.undefined.any() ? group.idle_jobs : 0;
            hurdle.errors += condition.errors.any() ? group.idle_jobs : 0;
            if (hurdle.missing.empty()) {
                hurdle.missing = missing_attributes(places_, job, condition);
            }
            row.failing.push_back(found->second);
        }
        std::ranges::sort(row.failing);
    }

    Ranking ranking() const { return ranking_of(rows_, all); }

    std::vector<Hurdle> all;

  private:
    const model::Entry& entry_;
    base::Time now_;
    Places places_;
    std::map<std::pair<Side, std::string>, std::uint32_t> index_;
    std::vector<Row> rows_;
};

}  // namespace

Explanation Why::about(const model::JobGroup& group, const Extent& extent) {
    const auto job = job_of(group);
    const auto conditions = places_.conditions(job);
    Explanation verdict{count_passing(conditions, places_.size()), {}};
    if (extent.only_unmatched && verdict.matches > 0) {
        return verdict;
    }
    const auto ranking = ranking_of(rows_of(conditions, places_.size()), conditions);
    Reason common;
    common.job = group.id;
    common.idle_jobs = group.idle_jobs;
    common.matches = ranking.passing;
    for_each_reason(
        ranking, common, extent.most, [&](std::size_t number, Reason reason, const Step& step) {
            const auto& condition = conditions[number];
            reason.side = condition.side;
            reason.clause = condition.text;
            reason.undefined = static_cast<std::int64_t>(condition.undefined.count());
            reason.errors = static_cast<std::int64_t>(condition.errors.count());
            reason.missing = missing_attributes(places_, job, condition);
            if (number == step.conditions.front() && step.gains > 0) {
                if (const auto found = suggest(places_, job, conditions, step, ranking.passing)) {
                    add_suggestion(reason, *found);
                }
            }
            verdict.reasons.push_back(std::move(reason));
        });
    if (verdict.reasons.empty()) {  // nothing excludes anything
        common.passes = ranking.passing;
        common.of = ranking.total;
        verdict.reasons.push_back(std::move(common));
    }
    return verdict;
}

std::vector<model::Match> Why::matrix(const model::JobGroup& group) {
    const auto conditions = places_.conditions(job_of(group));
    const auto rows = rows_of(conditions, places_.size());
    std::vector<model::Match> result;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        model::Match match{
            group.id, places_.entry(i).name, group.idle_jobs, rows[i].failing.empty(), {}};
        for (const auto number : rows[i].failing) {
            match.excluded_by.push_back(conditions[number].text);
        }
        result.push_back(std::move(match));
    }
    return result;
}

Explanation why_no_job(const model::Entry& entry, const std::vector<model::JobGroup>& groups,
                       base::Time now, std::size_t most) {
    const std::vector<model::Entry> alone{entry};
    Hurdles hurdles(alone, now);
    for (const auto& group : groups) {
        if (group.idle_jobs > 0) {
            hurdles.add(group);
        }
    }
    const auto ranking = hurdles.ranking();
    Explanation verdict{ranking.passing, {}};
    Reason common;
    common.entry = entry.name;
    common.idle_jobs = ranking.total;
    common.matches = ranking.passing;
    for_each_reason(ranking, common, most, [&](std::size_t number, Reason reason, const Step&) {
        const auto& hurdle = hurdles.all[number];
        reason.side = hurdle.side;
        reason.clause = hurdle.text;
        reason.undefined = hurdle.undefined;
        reason.errors = hurdle.errors;
        reason.missing = hurdle.missing;
        verdict.reasons.push_back(std::move(reason));
    });
    return verdict;
}

}  // namespace tow::match
