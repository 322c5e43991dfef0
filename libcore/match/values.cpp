#include "match/values.hpp"

#include "base/text.hpp"
#include "classad/unparse.hpp"

#include <algorithm>

namespace tow::match {

namespace {

using classad::Ad;
using classad::Expr;

constexpr std::size_t kMostKinds = 5'000;  // that are kept; then the memory is given back
constexpr char kEnd = '\0';                // no text of an expression holds one

}  // namespace

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
    : ads_(std::move(ads)), options_(options), columns_(ads_, options) {
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

std::shared_ptr<const Kinds> Targets::kinds_for(const Expr& expr, const Ad& my) {
    const auto reached = reach(expr, my);
    const bool through_target = std::ranges::any_of(
        reached.names, [this](const auto& n) { return expressions_.contains(n); });
    if (unusual_ || reached.unbounded || through_target) {
        return all_different();
    }
    std::set<std::string> theirs;
    std::ranges::set_intersection(reached.names, names_, std::inserter(theirs, theirs.end()));
    return kinds_by(theirs);
}

Values Targets::values(const Expr& expr, const Ad& my) {
    Values result;
    result.targets_ = this;
    result.expr_ = &expr;
    result.my_ = &my;
    result.kinds_ = kinds_for(expr, my);
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
