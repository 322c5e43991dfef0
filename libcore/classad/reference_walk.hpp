// The names an expression leads to, followed through the ads. Internal; references.hpp is for
// everybody else.
#pragma once

#include "classad/evaluator.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tow::classad {

struct NameOrder {
    bool operator()(const std::string& a, const std::string& b) const noexcept;
};

using NameSet = std::set<std::string, NameOrder>;

class ReferenceWalk {
  public:
    explicit ReferenceWalk(Evaluator& evaluator) : evaluator_(evaluator) {}

    // False if a name leads back to itself, or too far.
    bool follow(const Expr& expr, const ScopePtr& scope);

    // Attributes of the ad in which the evaluation started.
    const NameSet& internal() const noexcept { return internal_; }

    // What no ad defines: names by how they were asked for ("TARGET.Memory" -> "Memory").
    const std::map<std::string, std::string, NameOrder>& external() const noexcept {
        return external_;
    }

  private:
    using Place = std::pair<const Expr*, const Ad*>;

    bool enter(const Expr& expr, const ScopePtr& scope);
    bool follow_attribute(const Attribute& reference, const ScopePtr& scope);
    bool follow_ad(const AdNode& nested, const ScopePtr& scope);

    Evaluator& evaluator_;
    NameSet internal_;
    std::map<std::string, std::string, NameOrder> external_;
    std::set<Place> done_;
    std::set<Place> open_;
};

}  // namespace tow::classad
