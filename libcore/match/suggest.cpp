#include "match/suggest.hpp"

#include "base/text.hpp"
#include "classad/unparse.hpp"
#include "match/handles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/core.h>

namespace tow::match {

namespace {

using classad::ExprPtr;
using classad::Value;
using model::Side;
using Kind = Handle::Kind;

constexpr std::size_t kMostAttempts = 5;
constexpr double kLargest = 9007199254740992.0;  // 2^53

std::optional<double> number_of(const Value& value) {
    if (const auto* integer = value.if_integer()) {
        return static_cast<double>(*integer);
    }
    const auto* real = value.if_real();
    return real != nullptr && std::isfinite(*real) ? std::optional{*real} : std::nullopt;
}

bool is_scalar(const Value& value) {
    return value.if_boolean() != nullptr || value.is_string() || number_of(value).has_value();
}

const Amount* amount_named(std::string_view attribute) {
    const auto* found = std::ranges::find_if(amounts(), [&](const Amount& amount) {
        return !amount.attribute.empty() && classad::same_name(amount.attribute, attribute);
    });
    return found == amounts().end() ? nullptr : found;
}

// In the units of the attributes that pilots have: Memory in MiB, Disk in KiB.
const Amount* amount_offered(const classad::Expr& expr) {
    const auto* reference = expr.as<classad::Attribute>();
    const auto name = reference == nullptr ? "" : base::lower(reference->name.text);
    const bool memory = name == "memory" || name == "totalmemory";
    return memory ? &amounts()[1] : name == "disk" || name == "totaldisk" ? &amounts()[2] : nullptr;
}

std::string shown(const Amount* amount, const Value& value) {
    const auto* integer = value.if_integer();
    const bool fits =
        integer != nullptr && std::abs(static_cast<double>(*integer)) < kLargest / 2e6;
    return amount != nullptr && fits ? people_text(*amount, *integer * amount->unit)
                                     : classad::unparse(value);
}

// A condition of the step, and the handle that is tried for it.
struct Part {
    const Condition* condition;
    Handle handle;

    bool is_number() const { return handle.kind == Kind::AtMost || handle.kind == Kind::AtLeast; }
};

using Unit = std::vector<Part>;  // parts that turn the same thing

class Suggester {
  public:
    Suggester(Places& places, const Job& job, const std::vector<Condition>& conditions,
              const Step& step)
        : places_(places), job_(job), rows_(step.rows) {
        for (const auto number : step.conditions) {
            const auto& condition = conditions[number];
            if (std::ranges::any_of(rows_, [&](auto row) { return condition.fails.test(row); })) {
                parts_.push_back(&condition);
                alternatives_.push_back(alternatives(condition));
                most_ = std::max(most_, alternatives_.back().size());
            }
        }
    }

    std::size_t attempts() const { return std::min(most_, kMostAttempts); }

    // The edits with the n-th alternative of each condition. Nothing if one of them has no handle.
    std::optional<std::vector<Edit>> attempt(std::size_t n) {
        std::vector<Edit> edits;
        rows_left_ = rows_;
        std::vector<const Unit*> numbers;
        const auto units = units_of(n, edits);
        if (!units) {
            return std::nullopt;
        }
        for (const auto& [knob, unit] : *units) {
            if (unit.front().is_number()) {
                numbers.push_back(&unit);
            } else if (!add_text(unit.front(), edits)) {
                return std::nullopt;
            }
        }
        return numbers.empty() || add_numbers(numbers, edits) ? std::optional{std::move(edits)}
                                                              : std::nullopt;
    }

  private:
    std::vector<Handle> alternatives(const Condition& condition) const {
        if (condition.side == Side::Job && condition.expr) {
            return handles_of(condition.expr, Side::Job, job_.ad);
        }
        if (condition.side == Side::Shape) {
            for (const auto& amount : amounts()) {
                if (condition.knob == base::lower(amount.attribute) ||
                    (condition.knob == "walltime" && amount.attribute.empty())) {
                    return {handle_of(amount)};
                }
            }
        }
        if (condition.side == Side::Entry) {
            for (const auto row : rows_) {
                if (const auto* clause = places_.start_clause(row, condition.text)) {
                    return handles_of(clause->expr, Side::Entry, places_.ad(row));
                }
            }
        }
        return {};
    }

    // Misspelt names are put right at once; the rest is sorted by what it turns.
    std::optional<std::map<std::string, Unit>> units_of(std::size_t n, std::vector<Edit>& edits) {
        std::map<std::string, Unit> units;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (auto edit = respelt(*parts_[i])) {
                edits.push_back(std::move(*edit));
                continue;
            }
            const auto& handles = alternatives_[i];
            if (handles.empty()) {
                return std::nullopt;
            }
            const auto& handle = handles[std::min(n, handles.size() - 1)];
            const auto knob = !handle.attribute.empty()  ? base::lower(handle.attribute)
                              : handle.amount != nullptr ? std::string(" walltime")
                                                         : fmt::format(" {}", i);
            units[knob].push_back({parts_[i], handle});
        }
        return units;
    }

    std::optional<Edit> respelt(const Condition& condition) const {
        if (condition.side != Side::Job) {
            return std::nullopt;
        }
        for (const auto& written : missing_attributes(places_, job_, condition)) {
            const auto name = written.substr(written.find('.') + 1);
            const auto guess = known_name_like(name, written);
            if (!guess) {
                continue;
            }
            auto changed = replaced(condition.expr, [&](const classad::Attribute& reference) {
                const bool same = classad::same_name(reference.name.text, name);
                return !same            ? nullptr
                       : reference.base ? classad::make_selection(reference.base, *guess)
                                        : classad::make_attribute(*guess);
            });
            if (changed) {
                Edit edit;
                edit.told = {condition.text, name, *guess};
                edit.text = fmt::format("{} -> {}", name, *guess);
                edit.value = std::move(changed);
                return edit;
            }
        }
        return std::nullopt;
    }

    std::optional<std::string> known_name_like(const std::string& name,
                                               const std::string& written) const {
        std::map<std::string, std::string> spelling;
        if (!written.starts_with("MY.")) {
            for (const auto& known : places_.names()) {
                spelling.emplace(base::lower(known), known);
            }
        }
        if (!written.starts_with("TARGET.")) {
            for (const auto& entry : job_.ad) {
                spelling.emplace(base::lower(entry.name), entry.name);
            }
        }
        std::vector<std::string> candidates(spelling.size());
        std::ranges::transform(spelling, candidates.begin(),
                               [](const auto& item) { return item.first; });
        const auto guess = base::nearest(base::lower(name), candidates);
        return guess ? std::optional{spelling[*guess]} : std::nullopt;
    }

    // The other side of the handle at an entry.
    Value other_side(const Part& part, std::size_t row) {
        const auto& handle = part.handle;
        if (handle.amount != nullptr) {
            const auto offered = amount_of(places_.entry(row).pilot, *handle.amount);
            return Value::integer(offered.value_or(0) / handle.amount->unit);
        }
        if (part.condition->side == Side::Job) {
            const auto known = values_.try_emplace(handle.other.get()).first;
            if (!known->second) {
                known->second = places_.targets().values(*handle.other, job_.ad);
            }
            return known->second->at(row);
        }
        const auto answer =
            classad::evaluate(*handle.other, &places_.ad(row), &job_.ad, places_.options());
        return answer ? *answer : Value::error();
    }

    Value current(const Handle& handle) const {
        if (handle.constant != nullptr) {
            return classad::evaluate(*handle.constant, nullptr, nullptr).value_or(Value::error());
        }
        if (const auto* own = job_.ad.find(handle.attribute)) {
            return classad::evaluate(*own, &job_.ad, nullptr, places_.options())
                .value_or(Value::error());
        }
        const auto* amount =
            handle.amount != nullptr ? handle.amount : amount_named(handle.attribute);
        const auto asked =
            amount != nullptr ? amount_of(job_.request, *amount) : std::optional<std::int64_t>{};
        return asked ? Value::integer(*asked / amount->unit) : Value::undefined();
    }

    // The text, or truth, that most of the entries have; those that have it are left.
    bool add_text(const Part& part, std::vector<Edit>& edits) {
        std::map<std::string, std::vector<std::size_t>> rows_with;
        std::map<std::string, Value> values;
        for (const auto row : rows_left_) {
            auto value = other_side(part, row);
            if (part.handle.kind == Kind::OneOf) {
                value = first_of(value);
            }
            if (is_scalar(value)) {
                auto text = classad::unparse(value);
                rows_with[text].push_back(row);
                values.emplace(std::move(text), std::move(value));
            }
        }
        const auto most = std::ranges::max_element(
            rows_with, {}, [](const auto& item) { return item.second.size(); });
        if (most == rows_with.end()) {
            return false;
        }
        rows_left_ = most->second;
        return add_edit(part, values.at(most->first), edits);
    }

    static Value first_of(const Value& list) {
        if (const auto* text = list.if_string()) {
            const auto items = base::split(*text, ',');
            return items.empty() ? Value::undefined() : Value::string(items.front());
        }
        const auto* items = list.if_list();
        if (items == nullptr || items->size() == 0) {
            return Value::undefined();
        }
        return items->literal ? classad::evaluate(*items->literal->front(), nullptr, nullptr)
                                    .value_or(Value::error())
                              : items->computed.front();
    }

    struct Range {
        double low = -std::numeric_limits<double>::infinity();
        double high = std::numeric_limits<double>::infinity();

        void narrow(const Handle& handle, double bound) {
            const double step = handle.strictly ? 1 : 0;
            if (handle.kind == Kind::AtMost) {
                high =
                    std::min(high, handle.strictly ? std::ceil(bound) - step : std::floor(bound));
            } else {
                low = std::max(low, handle.strictly ? std::floor(bound) + step : std::ceil(bound));
            }
        }
    };

    // What the unit must become for the row to pass; nothing if that cannot be told.
    std::optional<double> needed(const Unit& unit, std::size_t row, std::optional<double> from) {
        Range range;
        for (const auto& part : unit) {
            if (!part.condition->fails.test(row)) {
                continue;
            }
            const auto bound = part.is_number() ? number_of(other_side(part, row)) : std::nullopt;
            if (!bound) {
                return std::nullopt;
            }
            range.narrow(part.handle, *bound);
        }
        const double result =
            from && *from < range.low ? range.low : std::min(range.high, kLargest);
        const auto* amount = amount_of_unit(unit);
        const double least = amount == nullptr ? -kLargest : amount->dimension == "gpus" ? 0 : 1;
        const bool usable =
            range.low <= range.high && result >= least && std::abs(result) < kLargest;
        return usable ? std::optional{result} : std::nullopt;
    }

    static const Amount* amount_of_unit(const Unit& unit) {
        const auto& handle = unit.front().handle;
        return handle.amount != nullptr ? handle.amount : amount_named(handle.attribute);
    }

    // The numbers for the entry to which the way is shortest.
    bool add_numbers(const std::vector<const Unit*>& units, std::vector<Edit>& edits) {
        std::vector<std::optional<double>> from(units.size());
        std::ranges::transform(units, from.begin(), [this](const Unit* unit) {
            return number_of(current(unit->front().handle));
        });
        double least = std::numeric_limits<double>::infinity();
        std::vector<double> best;
        for (const auto row : rows_left_) {
            double cost = 0;
            std::vector<double> wanted;
            for (std::size_t i = 0; i < units.size(); ++i) {
                const auto value = needed(*units[i], row, from[i]);
                if (!value) {
                    break;
                }
                cost +=
                    from[i] ? std::abs(*value - *from[i]) / std::max(1.0, std::abs(*from[i])) : 1;
                wanted.push_back(*value);
            }
            if (wanted.size() == units.size() && cost < least) {
                least = cost;
                best = std::move(wanted);
            }
        }
        for (std::size_t i = 0; i < best.size(); ++i) {
            const auto value = Value::integer(static_cast<std::int64_t>(best[i]));
            if (!add_edit(units[i]->front(), value, edits)) {
                return false;
            }
        }
        return !best.empty();
    }

    bool add_edit(const Part& part, const Value& value, std::vector<Edit>& edits) const {
        const auto& handle = part.handle;
        const auto before = current(handle);
        auto after = handle.kind == Kind::Add ? with_item(handle, before, value)
                                              : classad::make_literal(value);
        if (!after) {
            return false;
        }
        Edit edit;
        edit.told = {handle.attribute, classad::unparse(before), classad::unparse(*after)};
        if (handle.constant != nullptr) {
            edit.value = with_constant(handle, after);
            if (!edit.value) {
                return false;
            }
            edit.told.what = part.condition->text;
            edit.text = clause_text(part, value, *edit.value);
        } else {
            edit.attribute = handle.attribute;
            edit.amount = handle.amount != nullptr ? handle.amount : amount_named(handle.attribute);
            const auto* integer = value.if_integer();
            edit.asked =
                edit.amount != nullptr && integer != nullptr ? *integer * edit.amount->unit : 0;
            edit.value = std::move(after);
            edit.told.what = edit.attribute.empty() ? "walltime" : edit.attribute;
            edit.text = attribute_text(part, edit, before, value);
        }
        edits.push_back(std::move(edit));
        return true;
    }

    static std::string attribute_text(const Part& part, const Edit& edit, const Value& before,
                                      const Value& value) {
        if (part.handle.kind == Kind::Add) {
            return fmt::format("{} + {}", edit.told.what, classad::unparse(value));
        }
        return fmt::format("{} {} -> {}", edit.attribute.empty() ? "wall time" : edit.attribute,
                           shown(edit.amount, before), shown(edit.amount, value));
    }

    static std::string clause_text(const Part& part, const Value& value,
                                   const classad::Expr& changed) {
        if (part.handle.kind == Kind::Add) {
            return fmt::format("{} + {}", part.condition->text, classad::unparse(value));
        }
        const auto* amount = amount_offered(bare(*part.handle.other));
        return fmt::format("{} -> {}{}", part.condition->text, classad::unparse(changed),
                           amount == nullptr ? "" : fmt::format(" ({})", shown(amount, value)));
    }

    // The list, which may be a text with commas, with one item more. Null if it is no list.
    static ExprPtr with_item(const Handle& handle, const Value& list, const Value& item) {
        if (const auto* items = list.if_list(); items != nullptr && items->literal) {
            auto elements = *items->literal;
            elements.push_back(classad::make_literal(item));
            return classad::make_list(std::move(elements));
        }
        const auto* text = list.if_string();
        const auto* added = item.if_string();
        const bool from_nothing = list.is_undefined() && !handle.attribute.empty();
        if (added == nullptr || (text == nullptr && !from_nothing)) {
            return nullptr;
        }
        const auto separator = text == nullptr || text->empty() ? "" : ",";
        return classad::make_literal(
            Value::string((text == nullptr ? "" : *text) + separator + *added));
    }

    Places& places_;
    const Job& job_;
    std::vector<std::size_t> rows_;
    std::vector<std::size_t> rows_left_;
    std::map<const classad::Expr*, std::optional<Values>> values_;  // of other sides
    std::vector<const Condition*> parts_;
    std::vector<std::vector<Handle>> alternatives_;  // like the parts
    std::size_t most_ = 1;
};

}  // namespace

Job edited(const Job& job, const std::vector<Edit>& edits) {
    Job result = job;
    for (const auto& edit : edits) {
        if (edit.amount != nullptr) {
            set_amount(result.request, *edit.amount, edit.asked);
        }
        if (!edit.attribute.empty()) {
            result.ad.insert(edit.attribute, edit.value);
        }
    }
    auto clauses = split_requirements(result.ad);
    bool changed = false;
    for (const auto& edit : edits) {
        const auto found = std::ranges::find(clauses, edit.told.what, &Clause::text);
        if (edit.attribute.empty() && edit.amount == nullptr && found != clauses.end()) {
            found->expr = edit.value;
            changed = true;
        }
    }
    if (changed) {
        result.ad.insert("Requirements", joined(clauses));
    }
    return result;
}

std::int64_t count_matches(Places& places, const Job& job) {
    return count_passing(places.conditions(job), places.size());
}

std::optional<Suggestion> suggest(Places& places, const Job& job,
                                  const std::vector<Condition>& conditions, const Step& step,
                                  std::int64_t passing) {
    Suggester suggester(places, job, conditions, step);
    for (std::size_t n = 0; n < suggester.attempts(); ++n) {
        auto edits = suggester.attempt(n);
        if (!edits || edits->empty()) {
            continue;
        }
        const auto matches = count_matches(places, edited(job, *edits));
        if (matches > passing) {
            return Suggestion{std::move(*edits), matches};
        }
    }
    return std::nullopt;
}

}  // namespace tow::match
