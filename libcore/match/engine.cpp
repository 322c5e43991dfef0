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
    walk.enter(my, rows);
    auto verdict = walk.truth(expr);
    if (!any_hiding_) {
        return verdict;
    }
    auto outcomes = std::make_unique<Outcomes>(std::move(verdict).take(ads_.size()));
    outcomes->make_unsure(hiding_);
    return Verdict(std::move(outcomes));
}

}  // namespace tow::match
