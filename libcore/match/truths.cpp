#include "match/truths.hpp"

#include "base/text.hpp"
#include "classad/unparse.hpp"

#include <algorithm>

namespace tow::match {

namespace {

using classad::Ad;
using classad::Expr;

// Answers that are kept; then the memory is given back.
constexpr std::size_t kMostTruths = 50'000;
constexpr std::size_t kMostKinds = 5'000;
constexpr char kEnd = '\0';  // no text of an expression holds one

}  // namespace

void Truths::set(std::size_t i, classad::Truth truth) noexcept {
    switch (truth) {
        case classad::Truth::True:
            is_true.set(i);
            break;
        case classad::Truth::Undefined:
            undefined.set(i);
            break;
        case classad::Truth::Error:
            error.set(i);
            break;
        case classad::Truth::False:
            break;
    }
}

std::string projection(const Ad& ad, const std::set<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        if (const auto* value = ad.find(name)) {
            text += name;
            text += '=';
            text += classad::unparse(*value);
        }
        text += kEnd;
    }
    return text;
}

std::string whole_text(const Ad& ad) {
    std::string text;
    for (const auto& entry : ad) {
        text += base::lower(entry.name) + '=' + classad::unparse(*entry.value) + kEnd;
    }
    return text;
}

bool has_expression(const Ad& ad, const std::set<std::string>& names) {
    return std::ranges::any_of(names, [&ad](const std::string& name) {
        const auto* value = ad.find(name);
        return value != nullptr && !is_constant(*value);
    });
}

Targets::Targets(std::vector<const Ad*> ads, const classad::EvalOptions& options)
    : ads_(std::move(ads)), options_(options) {
    for (const auto* ad : ads_) {
        unusual_ = unusual_ || ad->hides_special_names();
        for (const auto& entry : *ad) {
            auto name = base::lower(entry.name);
            if (!is_constant(*entry.value)) {
                expressions_.insert(name);
            }
            names_.insert(std::move(name));
        }
    }
}

std::shared_ptr<const Kinds> Targets::all_different() {
    auto& kept = kinds_["*"];
    if (!kept) {
        Kinds kinds;
        for (std::uint32_t i = 0; i < ads_.size(); ++i) {
            kinds.kind_of.push_back(i);
            kinds.representative.push_back(i);
        }
        kept = std::make_shared<const Kinds>(std::move(kinds));
    }
    return kept;
}

std::shared_ptr<const Kinds> Targets::kinds_by(const std::set<std::string>& names) {
    std::string key;
    for (const auto& name : names) {
        key += name + kEnd;
    }
    if (kinds_.size() >= kMostKinds && !kinds_.contains(key)) {
        kinds_.clear();
    }
    auto& kept = kinds_[std::move(key)];
    if (!kept) {
        Kinds kinds;
        std::unordered_map<std::string, std::uint32_t> numbers;
        for (std::uint32_t i = 0; i < ads_.size(); ++i) {
            const auto next = static_cast<std::uint32_t>(kinds.representative.size());
            const auto [at, first] = numbers.try_emplace(projection(*ads_[i], names), next);
            if (first) {
                kinds.representative.push_back(i);
            }
            kinds.kind_of.push_back(at->second);
        }
        kept = std::make_shared<const Kinds>(std::move(kinds));
    }
    return kept;
}

Targets::Query Targets::query(const Expr& expr, const Ad& my) {
    const auto reached = reach(expr, my);
    const bool through_target = std::ranges::any_of(
        reached.names, [this](const auto& n) { return expressions_.contains(n); });
    auto key = classad::unparse(expr) + kEnd;
    if (unusual_ || reached.unbounded || through_target) {
        return {all_different(), key + whole_text(my)};
    }
    std::set<std::string> theirs;
    std::ranges::set_intersection(reached.names, names_, std::inserter(theirs, theirs.end()));
    return {kinds_by(theirs), key + projection(my, reached.names)};
}

std::shared_ptr<const Truths> Targets::truths(const Expr& expr, const Ad& my) {
    auto [kinds, key] = query(expr, my);
    if (const auto known = truths_.find(key); known != truths_.end()) {
        return known->second;
    }
    std::vector<classad::Truth> of_kind;
    for (const auto i : kinds->representative) {
        of_kind.push_back(classad::evaluate_truth(expr, &my, ads_[i], options_));
    }
    auto result = std::make_shared<Truths>(ads_.size());
    for (std::size_t i = 0; i < ads_.size(); ++i) {
        result->set(i, of_kind[kinds->kind_of[i]]);
    }
    if (truths_.size() >= kMostTruths) {
        truths_.clear();
    }
    truths_.emplace(std::move(key), result);
    return result;
}

Values Targets::values(const Expr& expr, const Ad& my) {
    Values result;
    result.targets_ = this;
    result.expr_ = &expr;
    result.my_ = &my;
    result.kinds_ = query(expr, my).kinds;
    result.of_kind_.resize(result.kinds_->representative.size());
    return result;
}

const classad::Value& Values::at(std::size_t target) {
    const auto kind = kinds_->kind_of[target];
    auto& value = of_kind_[kind];
    if (!value) {
        const auto* ad = targets_->ads_[kinds_->representative[kind]];
        value = classad::evaluate(*expr_, my_, ad, targets_->options_)
                    .value_or(classad::Value::error());
    }
    return *value;
}

}  // namespace tow::match
