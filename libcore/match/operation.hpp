// Operators and functions on known values, exactly as the tree evaluator computes them. Internal to
// the column engine.
#pragma once

#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "match/value_pool.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tow::match {

// What is applied: an operator, a function, or the braces of a list.
class Operation {
  public:
    static constexpr Operation of(classad::Op op) noexcept {
        return Operation(static_cast<std::uint32_t>(op));
    }

    static constexpr Operation of(classad::FunctionId function) noexcept {
        return Operation(kFunctions + static_cast<std::uint32_t>(function));
    }

    static constexpr Operation list() noexcept { return Operation(kList); }

    constexpr std::uint32_t code() const noexcept { return code_; }

    constexpr bool is_list() const noexcept { return code_ == kList; }

    constexpr bool is_function() const noexcept { return code_ >= kFunctions && code_ < kList; }

    // If it is neither a list nor a function.
    constexpr classad::Op op() const noexcept { return static_cast<classad::Op>(code_); }

    constexpr classad::FunctionId function() const noexcept {
        return static_cast<classad::FunctionId>(code_ - kFunctions);
    }

    // An operator that looks at both (or at its one) operands and computes in no time.
    constexpr bool is_simple() const noexcept {
        return code_ < kFunctions && op() != classad::Op::And && op() != classad::Op::Or &&
               op() != classad::Op::Ternary && op() != classad::Op::Elvis &&
               op() != classad::Op::Subscript;
    }

    constexpr bool is_comparison() const noexcept {
        return code_ < kFunctions && op() >= classad::Op::Equal &&
               op() <= classad::Op::GreaterEqual;
    }

    friend constexpr bool operator==(Operation, Operation) = default;

  private:
    static constexpr std::uint32_t kFunctions = 0x100;
    static constexpr std::uint32_t kList = 0x300;

    explicit constexpr Operation(std::uint32_t code) noexcept : code_(code) {}

    std::uint32_t code_;
};

// What one application may cost of EvalOptions::max_effort, and in evaluated nodes; dearer ones are
// left to the tree evaluator.
constexpr std::int64_t kCallEffort = 40'000;
constexpr std::int64_t kCallEvaluations = 4 * static_cast<std::int64_t>(kMaxItems);

// Applies operations to the values of a pool. What it cannot tell is kUnsure.
class Applier {
  public:
    Applier(ValuePool& pool, const classad::EvalOptions& options);

    ValueId apply(Operation operation, std::span<const ValueId> operands);

  private:
    ValueId logical(classad::Op op, ValueId left, ValueId right) const;
    ValueId elvis(ValueId left, ValueId right) const;
    ValueId choice(std::span<const ValueId> operands, bool eager) const;
    ValueId call(classad::FunctionId function, std::span<const ValueId> operands);
    ValueId list(std::span<const ValueId> items);
    ValueId by_tree(const classad::Expr& expr);
    std::vector<classad::ExprPtr> literals(std::span<const ValueId> operands) const;
    classad::Truth truth(ValueId id) const noexcept;

    ValuePool& pool_;
    classad::EvalOptions options_;
    bool eager_;
};

}  // namespace tow::match
