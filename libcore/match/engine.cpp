#include "match/engine.hpp"

#include <algorithm>
#include <utility>

namespace tow::match {

namespace {

using classad::Ad;

// HTCondor's recursion limit, less what matching itself takes of it and a little more.
constexpr int kDepth = classad::kMaxRecursion - 15;
constexpr std::int64_t kNodes = 20'000;

// The two sides of a match share their limits, and a function may evaluate an argument twice.
constexpr std::int64_t kShare = 4;

constexpr std::size_t kKeepBytes = std::size_t{128} << 20U;
constexpr std::size_t kKeepBytesOfRow = 4096;

// Ads of which to learn what the others will ask for, and the most names to prepare for.
constexpr std::size_t kAskedForNames = 200;
constexpr std::size_t kExpectedNames = 100;

Cost limit_of(const classad::EvalOptions& options) noexcept {
    return {.depth = kDepth,
            .nodes = std::min(kNodes, options.max_evaluations / kShare),
            .effort = options.max_effort / kShare};
}

class Rows : public Partner {
  public:
    Rows(RowAttributes& attributes, const Ad& my) : attributes_(attributes), my_(my) {}

    Operand attribute(const classad::Name& name, Cost& cost) override {
        return attributes_.find(name, my_, cost);
    }

    Operand in_contexts(classad::FunctionId function, const classad::Expr& each,
                        const classad::Name& list) override {
        return attributes_.in_contexts(function, each, list);
    }

  private:
    RowAttributes& attributes_;
    const Ad& my_;
};

}  // namespace

Engine::Engine(std::vector<const Ad*> ads, const classad::EvalOptions& options)
    : ads_(std::move(ads)),
      options_(options),
      limit_(limit_of(options)),
      algebra_(ads_.size(), options.compat == classad::Compat::V23),
      store_(ads_.size(), options_),
      attributes_(ads_, store_, algebra_, options_),
      hiding_(ads_.size()),
      keep_bytes_(kKeepBytes + kKeepBytesOfRow * ads_.size()) {
    for (std::size_t i = 0; i < ads_.size(); ++i) {
        if (ads_[i]->hides_special_names()) {
            hiding_.set(i);
            any_hiding_ = true;
        }
    }
}

void Engine::expect(const std::vector<const Ad*>& asking) {
    static const classad::Name requirements("Requirements");
    if (ads_.empty()) {
        return;
    }
    std::vector<classad::Name> names;
    for (std::size_t i = 0; i < asking.size(); i += asking.size() / kAskedForNames + 1) {
        if (const auto* expr = asking[i]->find(requirements)) {
            add_asked_names(*expr, *asking[i], kExpectedNames, names);
        }
    }
    attributes_.load(names);
}

Verdict Engine::judge(const classad::Expr& expr, const Ad& my) {
    if (ads_.empty()) {
        return Verdict(Outcome::False);
    }
    if (my.hides_special_names()) {
        return Verdict(Outcome::Unsure);
    }
    if (store_.bytes() > keep_bytes_) {
        attributes_.clear();
        store_.clear();
    }
    Rows rows(attributes_, my);
    Walk walk(store_, algebra_, options_, limit_);
    walk.enter(my, rows, positions_);
    auto verdict = walk.truth(expr);
    return any_hiding_ ? algebra_.with_unsure(verdict, hiding_) : std::move(verdict);
}

}  // namespace tow::match
