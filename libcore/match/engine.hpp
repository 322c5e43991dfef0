// Expressions evaluated over many ads at once, with a word on where that is not possible. Internal;
// columns.hpp and pairs.hpp are for everybody else.
#pragma once

#include "classad/ad.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "match/bits.hpp"
#include "match/column_store.hpp"
#include "match/outcomes.hpp"
#include "match/positions.hpp"
#include "match/row_attributes.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tow::match {

class Engine {
  public:
    Engine(std::vector<const classad::Ad*> ads, const classad::EvalOptions& options);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    const std::vector<const classad::Ad*>& ads() const noexcept { return ads_; }

    const classad::EvalOptions& options() const noexcept { return options_; }

    // Prepares for the Requirements of these ads. Only saves time.
    void expect(const std::vector<const classad::Ad*>& asking);

    // These will be judged next, each in the ad of the same number; null is none. Only saves time.
    void prepare(std::span<const classad::Expr* const> exprs,
                 std::span<const classad::Ad* const> ads) {
        prefetch_trees(exprs);
        positions_.prefetch_used(ads);
    }

    // What evaluate_truth(expr, &my, ads[i]) says for every row, and what the Requirements of my
    // say in matches(); Unsure where the tree evaluator must be asked. Valid until the next call.
    Verdict judge(const classad::Expr& expr, const classad::Ad& my);

  private:
    std::vector<const classad::Ad*> ads_;
    classad::EvalOptions options_;
    Cost limit_;
    OutcomeAlgebra algebra_;
    ColumnStore store_;
    RowAttributes attributes_;
    Positions positions_;  // in the ads that ask
    Bits hiding_;          // ads in which "my" or "target" may be something else
    bool any_hiding_ = false;
    std::size_t keep_bytes_;  // what may be remembered from call to call
};

}  // namespace tow::match
