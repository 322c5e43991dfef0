// A set of ads as columns, one row an ad, and expressions evaluated over all of them at once.
//
// What is asked again is not computed again, whichever ad asks: the same clause in another job is
// the same column. The answers are those of the tree evaluator (classad::evaluate_truth), which
// also gets every row that this one cannot tell exactly: nested ads, eval(), random(), references
// in circles, expressions near the limits.
#pragma once

#include "classad/ad.hpp"
#include "classad/evaluate.hpp"
#include "match/bits.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace tow::match {

// False is the rest.
struct Truths {
    Bits is_true;
    Bits is_undefined;
    Bits is_error;
};

// Not for use by several threads at once. Memory: about what the ads take, and at most 128 MiB and
// 4 KiB a row of what has been computed.
class Columns {
  public:
    // The ads must outlive the columns and must not change meanwhile.
    Columns(std::vector<const classad::Ad*> ads, const classad::EvalOptions& options);
    ~Columns();
    Columns(Columns&&) noexcept;
    Columns& operator=(Columns&&) noexcept;

    std::size_t rows() const noexcept;

    // What evaluate_truth(expr, &my, ads[i], options) says for every row i. The expression may
    // stand anywhere in my; both are needed only during the call.
    Truths truths(const classad::Expr& expr, const classad::Ad& my);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// Slots that many jobs look at, a few thousand at a time. Not for use by several threads at once;
// memory as for Columns, and as much again for the jobs of one call.
class Matchmaker {
  public:
    // The ads must outlive this and must not change meanwhile.
    Matchmaker(std::vector<const classad::Ad*> slots, const classad::EvalOptions& options);
    ~Matchmaker();
    Matchmaker(Matchmaker&&) noexcept;
    Matchmaker& operator=(Matchmaker&&) noexcept;

    // Bit (i, j) is matches(*jobs[i], *slots[j], options).
    BitMatrix match(const std::vector<const classad::Ad*>& jobs);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// Bit (i, j) is matches(*jobs[i], *slots[j], options).
BitMatrix matching_pairs(const std::vector<const classad::Ad*>& jobs,
                         const std::vector<const classad::Ad*>& slots,
                         const classad::EvalOptions& options);

}  // namespace tow::match
