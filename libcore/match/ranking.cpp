#include "match/ranking.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tow::match {

namespace {

using Units = std::vector<std::uint32_t>;

class Ranker {
  public:
    Ranker(const std::vector<Row>& rows, const std::vector<std::string>& knobs) : rows_(rows) {
        result_.excluded.resize(knobs.size());
        std::map<std::string, std::uint32_t> of_knob;
        for (std::size_t i = 0; i < knobs.size(); ++i) {
            const auto next = static_cast<std::uint32_t>(members_.size());
            const auto unit =
                knobs[i].empty() ? next : of_knob.try_emplace(knobs[i], next).first->second;
            members_.resize(std::max<std::size_t>(members_.size(), unit + 1));
            members_[unit].push_back(i);
            unit_of_.push_back(unit);
        }
    }

    Ranking run() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            count(i);
        }
        if (fewest_ == 1) {
            add_alone();
        } else if (!closest_.empty()) {
            add_smallest_set();
        }
        add_rest();
        return std::move(result_);
    }

  private:
    Units units_of(const Row& row) const {
        Units units;
        for (const auto condition : row.failing) {
            units.push_back(unit_of_[condition]);
        }
        std::ranges::sort(units);
        units.erase(std::unique(units.begin(), units.end()), units.end());
        return units;
    }

    void count(std::size_t number) {
        const auto& row = rows_[number];
        result_.total += row.weight;
        for (const auto condition : row.failing) {
            result_.excluded[condition] += row.weight;
        }
        if (row.failing.empty()) {
            result_.passing += row.weight;
            return;
        }
        const auto units = units_of(row);
        if (units.size() < fewest_) {
            fewest_ = units.size();
            closest_.clear();
        }
        if (units.size() == fewest_) {
            auto& step = closest_[units];
            step.gains += row.weight;
            step.rows.push_back(number);
        }
    }

    void add_alone() {
        for (auto& [units, step] : closest_) {
            add(std::move(step), units);
        }
        sort_steps();
    }

    void add_smallest_set() {
        const auto best = std::ranges::max_element(
            closest_, {}, [](const auto& item) { return item.second.gains; });
        add(std::move(best->second), best->first);
    }

    void add(Step step, const Units& units) {
        for (const auto unit : units) {
            for (const auto condition : members_[unit]) {
                if (result_.excluded[condition] > 0) {
                    step.conditions.push_back(condition);
                }
            }
            members_[unit].clear();  // it has its place
        }
        std::ranges::stable_sort(step.conditions, std::greater{},
                                 [this](std::size_t i) { return result_.excluded[i]; });
        if (!step.conditions.empty()) {
            result_.steps.push_back(std::move(step));
        }
    }

    void sort_steps() {
        std::ranges::stable_sort(result_.steps, std::greater{}, [this](const Step& step) {
            return std::tuple(step.gains, result_.excluded[step.conditions.front()]);
        });
    }

    // What lets nothing through by itself, each on its own.
    void add_rest() {
        std::vector<Step> rest;
        std::swap(rest, result_.steps);
        for (const auto& members : members_) {
            for (const auto condition : members) {
                if (result_.excluded[condition] > 0) {
                    result_.steps.push_back({{condition}, 0, {}});
                }
            }
        }
        sort_steps();
        result_.steps.insert(result_.steps.begin(), std::make_move_iterator(rest.begin()),
                             std::make_move_iterator(rest.end()));
    }

    const std::vector<Row>& rows_;
    std::vector<std::uint32_t> unit_of_;             // of each condition
    std::vector<std::vector<std::size_t>> members_;  // of each unit
    std::size_t fewest_ = static_cast<std::size_t>(-1);
    std::map<Units, Step> closest_;  // rows that fewest_ units exclude, by which
    Ranking result_;
};

}  // namespace

Ranking rank(const std::vector<Row>& rows, const std::vector<std::string>& knobs) {
    return Ranker(rows, knobs).run();
}

}  // namespace tow::match
