// An expression of one ad evaluated against many others: what classad::evaluate answers for each of
// them, computed once for all that cannot be told apart by what the expression looks at.
#pragma once

#include "classad/ad.hpp"
#include "classad/evaluate.hpp"
#include "classad/value.hpp"
#include "match/clauses.hpp"
#include "match/columns.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace tow::match {

// The texts of the attributes in names that the ad has: equal for ads that an expression which
// reaches only these names cannot tell apart.
std::string projection(const classad::Ad& ad, const std::set<std::string>& names);

// The whole ad as a text; and whether one of the names is an expression there.
std::string whole_text(const classad::Ad& ad);
bool has_expression(const classad::Ad& ad, const std::set<std::string>& names);

// Ads that agree in some attributes are one kind.
struct Kinds {
    std::vector<std::uint32_t> kind_of;         // of each ad
    std::vector<std::uint32_t> representative;  // of each kind
};

class Targets;

// What classad::evaluate says for each target; error where the evaluation fails. Evaluated when it
// is asked for; the ad and the targets must live that long.
class Values {
  public:
    const classad::Value& at(std::size_t target);

  private:
    friend class Targets;

    const Targets* targets_ = nullptr;
    const classad::Expr* expr_ = nullptr;
    const classad::Ad* my_ = nullptr;
    std::shared_ptr<const Kinds> kinds_;
    std::vector<std::optional<classad::Value>> of_kind_;
};

class Targets {
  public:
    // The ads must outlive this.
    Targets(std::vector<const classad::Ad*> ads, const classad::EvalOptions& options);

    std::size_t size() const noexcept { return ads_.size(); }

    // What classad::evaluate_truth says with each of the ads as TARGET.
    Truths truths(const classad::Expr& expr, const classad::Ad& my) {
        return columns_.truths(expr, my);
    }

    Values values(const classad::Expr& expr, const classad::Ad& my);

  private:
    friend class Values;

    std::shared_ptr<const Kinds> kinds_for(const classad::Expr& expr, const classad::Ad& my);
    std::shared_ptr<const Kinds> kinds_by(const std::set<std::string>& names);
    std::shared_ptr<const Kinds> all_different();

    std::vector<const classad::Ad*> ads_;
    classad::EvalOptions options_;
    std::set<std::string> expressions_;  // names that are no constant in one of the ads
    std::set<std::string> names_;        // all that one of the ads has
    bool unusual_ = false;               // one of them hides MY or TARGET
    std::unordered_map<std::string, std::shared_ptr<const Kinds>> kinds_;
    Columns columns_;
};

}  // namespace tow::match
