#include "match/row_attributes.hpp"

#include "base/text.hpp"
#include "classad/functions.hpp"
#include "classad/scope.hpp"
#include "match/prefetch.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/core.h>

namespace tow::match {

namespace {

using classad::Ad;
using classad::Attribute;
using classad::Expr;
using classad::Name;
using classad::same_name;

// Definitions of attributes that cost more are left to the tree evaluator.
constexpr Cost kDefinitionLimit{.depth = 100, .nodes = 1500, .effort = 2'000'000};

// The same for what a definition asks the other side for.
constexpr Cost kAnswerLimit{.depth = 30, .nodes = 100, .effort = 200'000};

// Names that the definitions of one attribute may ask the other side for.
constexpr std::size_t kMaxAsked = 8;

// Nothing is known of the other side.
class Nobody : public Partner {
  public:
    Operand attribute(const Name& /*name*/, Cost& /*cost*/) override {
        asked_ = true;
        return Operand::unsure();
    }

    bool asked() const noexcept { return asked_; }

  private:
    bool asked_ = false;
};

// The other side is known by a few values.
class Answers : public Partner {
  public:
    Answers(const std::vector<Name>& names, const std::vector<ValueId>& values, ColumnStore& store)
        : names_(names), values_(values), store_(store) {}

    Operand attribute(const Name& name, Cost& cost) override {
        cost = kAnswerLimit;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i].hash == name.hash && same_name(names_[i].text, name.text)) {
                return values_[i] == kUnsure ? Operand::unsure()
                                             : Operand::constant(store_.pool().value(values_[i]));
            }
        }
        return Operand::unsure();
    }

  private:
    const std::vector<Name>& names_;
    const std::vector<ValueId>& values_;
    ColumnStore& store_;
};

// With fewer names, looking each up is faster than going through all attributes.
constexpr std::size_t kWorthScanning = 4;

}  // namespace

void add_asked_names(const Expr& expr, const Ad& own, std::size_t most, std::vector<Name>& names) {
    std::vector<const Expr*> pending{&expr};
    std::vector<const Expr*> seen;
    while (!pending.empty() && names.size() <= most) {
        const auto& next = *pending.back();
        pending.pop_back();
        const auto* reference = next.as<Attribute>();
        if (reference == nullptr) {
            for_each_child(next, [&pending](const Expr& child) { pending.push_back(&child); });
            continue;
        }
        const auto* definition =
            reference->scope != Attribute::Scope::Target ? own.find(reference->name) : nullptr;
        if (definition != nullptr) {
            if (std::ranges::find(seen, definition) == seen.end()) {
                seen.push_back(definition);
                pending.push_back(definition);
            }
            continue;
        }
        const bool known = std::ranges::any_of(names, [reference](const Name& name) {
            return same_name(name.text, reference->name.text);
        });
        if (!known) {
            names.push_back(reference->name);
        }
    }
}

RowAttributes::RowAttributes(const std::vector<const Ad*>& ads, ColumnStore& store,
                             const OutcomeAlgebra& algebra, const classad::EvalOptions& options)
    : ads_(ads), store_(store), algebra_(algebra), options_(options) {}

RowAttributes::Entry* RowAttributes::known_entry(const Name& name) {
    const auto [begin, end] = known_.equal_range(name.hash);
    for (auto place = begin; place != end; ++place) {
        if (same_name(place->second.name.text, name.text)) {
            return &place->second;
        }
    }
    return nullptr;
}

void RowAttributes::load(std::span<const Name> names) {
    std::vector<Entry*> entries;
    for (const auto& name : names) {
        if (known_entry(name) == nullptr) {
            auto& entry = known_.emplace(name.hash, Entry())->second;
            entry.name = name;
            entry.values.assign(ads_.size(), kUndefined);
            entries.push_back(&entry);
        }
    }
    if (entries.size() < kWorthScanning) {
        std::ranges::for_each(entries, [this](Entry* entry) { look_up(*entry); });
    } else {
        scan(entries);
    }
    std::ranges::for_each(entries, [this](Entry* entry) { finish(*entry); });
}

void RowAttributes::look_up(Entry& entry) {
    for (std::uint32_t row = 0; row < ads_.size(); ++row) {
        if (const auto* definition = row_positions_.find(*ads_[row], entry.name)) {
            entry.values[row] = closed_value(entry, row, *definition);
        }
    }
}

void RowAttributes::scan(std::span<Entry* const> entries) {
    std::vector<Entry*> wanted(std::bit_ceil(entries.size() * 8));
    const auto mask = wanted.size() - 1;
    for (auto* entry : entries) {
        auto slot = entry->name.hash & mask;
        while (wanted[slot] != nullptr) {
            slot = (slot + 1) & mask;
        }
        wanted[slot] = entry;
    }
    const auto find_wanted = [&](const Ad::Entry& attribute) {
        auto slot = attribute.hash & mask;
        while (wanted[slot] != nullptr && (wanted[slot]->name.hash != attribute.hash ||
                                           !same_name(wanted[slot]->name.text, attribute.name))) {
            slot = (slot + 1) & mask;
        }
        return wanted[slot];
    };
    std::vector<std::pair<Entry*, const Expr*>> found;
    for (std::uint32_t row = 0; row < ads_.size(); ++row) {
        found.clear();
        for (const auto& attribute : *ads_[row]) {
            if (auto* entry = find_wanted(attribute)) {
                prefetch(attribute.value.get());
                found.emplace_back(entry, attribute.value.get());
            }
        }
        for (const auto& [entry, definition] : found) {
            entry->values[row] = closed_value(*entry, row, *definition);
        }
    }
}

void RowAttributes::finish(Entry& entry) {
    if (entry.open.empty() || entry.asked.size() > kMaxAsked) {
        entry.open.clear();
        entry.closed = store_.add(std::exchange(entry.values, {}));
    }
}

ValueId RowAttributes::closed_value(Entry& entry, std::uint32_t row, const Expr& definition) {
    const auto* literal = definition.as<classad::Literal>();
    if (literal != nullptr && literal->value.kind() != classad::Kind::RelativeTime) {
        entry.cost.widen({.depth = 1, .nodes = 1});
        return store_.pool().intern(literal->value);
    }
    Nobody nobody;
    Walk walk(store_, algebra_, options_, kDefinitionLimit);
    walk.enter(*ads_[row], nobody, row_positions_);
    const auto value = walk.follow(definition);
    entry.cost.widen(walk.cost());
    if (value.is_unsure() && nobody.asked()) {
        entry.open.push_back({row, &definition});
        add_asked_names(definition, *ads_[row], kMaxAsked, entry.asked);
    }
    return store_.id_of(value);
}

Operand RowAttributes::find(const Name& name, const Ad& my, Cost& cost) {
    auto* known_already = known_entry(name);
    if (known_already == nullptr) {
        load(std::span(&name, 1));
        known_already = known_entry(name);
    }
    auto& entry = *known_already;
    cost = entry.cost;
    if (entry.open.empty()) {
        return entry.closed;
    }
    const auto answers = answers_of(entry, my);
    auto known = entry.by_answers.find(answers);
    if (known == entry.by_answers.end()) {
        known = entry.by_answers.emplace(answers, resolve(entry, answers)).first;
    }
    cost = known->second.cost;
    return known->second.column;
}

// What my has under the names that the rows ask for, if it does not look back in turn.
std::vector<ValueId> RowAttributes::answers_of(const Entry& entry, const Ad& my) {
    std::vector<ValueId> answers;
    for (const auto& name : entry.asked) {
        const auto* definition = my_positions_.find(my, name);
        if (definition == nullptr) {
            answers.push_back(kUndefined);
            continue;
        }
        Nobody nobody;
        Walk walk(store_, algebra_, options_, kAnswerLimit);
        walk.enter(my, nobody, my_positions_);
        answers.push_back(store_.id_of(walk.follow(*definition)));
    }
    return answers;
}

RowAttributes::Resolved RowAttributes::resolve(Entry& entry, const std::vector<ValueId>& answers) {
    auto values = entry.values;
    auto cost = entry.cost;
    Answers partner(entry.asked, answers, store_);
    for (const auto& [row, definition] : entry.open) {
        Walk walk(store_, algebra_, options_, kDefinitionLimit);
        walk.enter(*ads_[row], partner, row_positions_);
        values[row] = store_.id_of(walk.follow(*definition));
        cost.widen(walk.cost());
    }
    return {store_.add(values), cost};
}

Operand RowAttributes::in_contexts(classad::FunctionId function, const Expr& each,
                                   const Name& list) {
    const auto question = self_contained(each);
    if (!question) {
        return Operand::unsure();
    }
    const auto function_text = classad::function_name(function);
    auto key = fmt::format("{} {}\n{}", function_text, base::lower(list.text), question->text);
    if (const auto known = in_contexts_.find(key); known != in_contexts_.end()) {
        return known->second;
    }
    const auto call = classad::make_call(
        std::string(function_text), {classad::unowned(&each), classad::make_attribute(list.text)});
    std::vector<ValueId> values(ads_.size());
    for (std::uint32_t row = 0; row < ads_.size(); ++row) {
        values[row] = answer_alone(row, *call, list, *question);
    }
    return in_contexts_.emplace(std::move(key), store_.add(values)).first->second;
}

ValueId RowAttributes::answer_alone(std::uint32_t row, const Expr& call, const Name& list,
                                    const Question& question) {
    const auto& ad = *ads_[row];
    const auto* definition = ad.find(list);
    const bool alone = definition == nullptr || answers_alone(*definition, ad, question);
    if (!alone) {
        return kUnsure;
    }
    auto options = options_;
    options.max_effort = std::min(options.max_effort, kCallEffort);
    options.max_evaluations = std::min(options.max_evaluations, kCallEvaluations);
    const auto value = classad::evaluate(call, &ad, nullptr, options);
    return value ? store_.pool().intern(*value) : kUnsure;
}

}  // namespace tow::match
