#include "classad/evaluate.hpp"

#include "classad/evaluator.hpp"

namespace tow::classad {

std::optional<Value> evaluate(const Expr& expr, const Ad* my, const Ad* target,
                              const EvalOptions& options) {
    Evaluator evaluator(my, target, options);
    const auto value = evaluator.eval(expr, evaluator.left());
    if (evaluator.failed()) {
        return std::nullopt;
    }
    return value.detached();
}

Truth evaluate_truth(const Expr& expr, const Ad* my, const Ad* target, const EvalOptions& options) {
    Evaluator evaluator(my, target, options);
    const auto truth = evaluator.eval_truth(expr, evaluator.left());
    return evaluator.failed() ? Truth::Error : truth;
}

bool matches(const Ad& job, const Ad& slot, const EvalOptions& options) {
    Evaluator evaluator(&job, &slot, options);
    return evaluator.requirements(evaluator.right()) == Truth::True &&
           evaluator.requirements(evaluator.left()) == Truth::True;
}

Verdicts verdicts(const Ad& job, const Ad& slot, const EvalOptions& options) {
    const auto ask = [&](const ScopePtr& (Evaluator::*side)() const noexcept) {
        Evaluator evaluator(&job, &slot, options);
        const auto truth = evaluator.requirements((evaluator.*side)());
        return evaluator.failed() ? std::nullopt : std::optional(truth);
    };
    return {ask(&Evaluator::left), ask(&Evaluator::right)};
}

}  // namespace tow::classad
