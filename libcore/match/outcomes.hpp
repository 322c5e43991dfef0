// What an expression says about every row at once: ClassAd truth, and "only the tree evaluator can
// tell". Internal to the column engine.
#pragma once

#include "classad/operators.hpp"
#include "match/bits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tow::match {

enum class Outcome : std::uint8_t { False, True, Undefined, Error, Unsure };

constexpr Outcome to_outcome(classad::Truth truth) noexcept {
    return static_cast<Outcome>(truth);
}

// One bit plane for each outcome but False, which is the rest. What lies behind the last row is
// False.
class Outcomes {
  public:
    explicit Outcomes(std::size_t rows, Outcome everywhere = Outcome::False);

    std::size_t rows() const noexcept { return rows_; }

    std::span<std::uint64_t> plane(Outcome outcome) noexcept {
        return {words_.data() + start_of(outcome), stride_};
    }

    std::span<const std::uint64_t> plane(Outcome outcome) const noexcept {
        return {words_.data() + start_of(outcome), stride_};
    }

    std::size_t bytes() const noexcept { return words_.size() * sizeof(std::uint64_t); }

    // These rows are Unsure, whatever they were.
    void make_unsure(const Bits& rows) noexcept;

  private:
    std::size_t start_of(Outcome outcome) const noexcept {
        return (static_cast<std::size_t>(outcome) - 1) * stride_;
    }

    std::size_t rows_;
    std::size_t stride_;
    std::vector<std::uint64_t> words_;  // True, Undefined, Error, Unsure

    friend class OutcomeAlgebra;
};

// Buffers that have been used go back here: an expression needs few at a time, and many in a row.
struct GiveBack {
    std::vector<std::unique_ptr<Outcomes>>* spare = nullptr;

    void operator()(Outcomes* outcomes) const { spare->emplace_back(outcomes); }
};

using OwnOutcomes = std::unique_ptr<Outcomes, GiveBack>;

// Outcomes that may be the same for all rows, kept by somebody else, or one's own.
class Verdict {
  public:
    explicit Verdict(Outcome everywhere) noexcept : everywhere_(everywhere) {}

    explicit Verdict(const Outcomes& shared) noexcept : mixed_(&shared) {}

    explicit Verdict(OwnOutcomes own) noexcept : mixed_(own.get()), own_(std::move(own)) {}

    bool uniform() const noexcept { return mixed_ == nullptr; }

    bool is(Outcome outcome) const noexcept { return uniform() && everywhere_ == outcome; }

    // Of a uniform verdict.
    Outcome everywhere() const noexcept { return everywhere_; }

    // Null if uniform.
    const Outcomes* mixed() const noexcept { return mixed_; }

  private:
    Outcome everywhere_ = Outcome::False;
    const Outcomes* mixed_ = nullptr;
    OwnOutcomes own_;

    friend class OutcomeAlgebra;
};

// The logical operators on verdicts, exactly as the tree evaluator computes them row by row; Unsure
// spreads only where the row would look at it. Eager is HTCondor 23.9, which also evaluates what
// cannot matter any more (and fails if that fails).
class OutcomeAlgebra {
  public:
    OutcomeAlgebra(std::size_t rows, bool eager);

    Verdict conjunction(Verdict left, Verdict right) const;
    Verdict disjunction(Verdict left, Verdict right) const;
    Verdict negation(Verdict operand) const;
    Verdict choice(const Verdict& condition, const Verdict& yes, const Verdict& no,
                   bool eager) const;
    Verdict elvis(Verdict left, Verdict right) const;

    // The same verdict, but for rows that are Unsure whatever was said about them.
    Verdict with_unsure(const Verdict& verdict, const Bits& rows) const;

    // Whether && (or ||) is decided for every row before its right side is looked at.
    bool decides(const Verdict& left, bool is_and) const noexcept;

  private:
    const Outcomes& planes(const Verdict& verdict) const noexcept;
    OwnOutcomes buffer() const;

    template <class Combine>
    Verdict combined(Verdict left, Verdict right, Combine combine) const;

    bool eager_;
    std::array<Outcomes, 5> constants_;
    mutable std::vector<std::unique_ptr<Outcomes>> spare_;
};

}  // namespace tow::match
