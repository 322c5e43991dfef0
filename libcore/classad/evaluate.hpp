// Evaluation of expressions and matching of ads, as a negotiator does it.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "classad/dialect.hpp"
#include "classad/operators.hpp"
#include "classad/value.hpp"

#include <cstdint>
#include <optional>

namespace tow::classad {

// HTCondor's limits: operators, parentheses and references inside each other, and nodes evaluated.
constexpr int kMaxRecursion = 400;
constexpr std::int64_t kMaxEvaluations = 10'000'000;
// Ours: bytes of text and list elements that functions handle, regular expressions by their steps.
constexpr std::int64_t kMaxEffort = 128'000'000;

struct EvalOptions {
    Compat compat = Compat::V25;
    base::Time now{};        // what time() and CurrentTime answer
    std::uint64_t seed = 0;  // of random()
    std::int64_t max_evaluations = kMaxEvaluations;
    std::int64_t max_effort = kMaxEffort;
};

// Evaluates the expression as if it stood in my; target is the ad it meets, if any. A null my is an
// empty ad. Nothing if the evaluation itself fails: a limit was hit, or one of the few functions
// that can fail did. HTCondor treats that as no match. Never throws on account of the input.
//
// All functions here may be used from many threads on the same expressions and ads.
std::optional<Value> evaluate(const Expr& expr, const Ad* my, const Ad* target,
                              const EvalOptions& options = {});

// One side of a match. An evaluation that fails counts as Error.
Truth evaluate_truth(const Expr& expr, const Ad* my, const Ad* target,
                     const EvalOptions& options = {});

// Both Requirements are there and true: the slot's is looked at first.
bool matches(const Ad& job, const Ad& slot, const EvalOptions& options = {});

// What the Requirements of each side say, evaluated as for a match but each for itself. Undefined
// if there are none; nothing if the evaluation fails.
struct Verdicts {
    std::optional<Truth> job;
    std::optional<Truth> slot;
};

Verdicts verdicts(const Ad& job, const Ad& slot, const EvalOptions& options = {});

}  // namespace tow::classad
