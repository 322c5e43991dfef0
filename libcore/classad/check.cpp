#include "classad/check.hpp"

#include "base/text.hpp"
#include "classad/builtins.hpp"
#include "classad/expr.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

namespace tow::classad {

namespace {

constexpr std::size_t kShownNames = 8;  // of a circle
// symmetricMatch, its &&, and the reference to the Requirements.
constexpr std::int64_t kDepthOfRequirements = 3;

std::int64_t saturating_sum(std::int64_t a, std::int64_t b) noexcept {
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max() / 4;
    return std::min(a, kMost) + std::min(b, kMost);
}

// Walks the expressions of an ad along the references between its attributes, each one once.
class Checker {
  public:
    Checker(const Ad& ad, const EvalOptions& options) : ad_(ad), options_(options) {
        for (const auto& entry : ad) {
            names_.emplace(entry.value.get(), entry.name);
        }
    }

    void visit(const Expr& root);

    std::vector<Problem> take() { return std::move(problems_); }

  private:
    // The ads around an expression, inside the one that is checked.
    struct Surroundings {
        const Ad* ad;
        const Surroundings* outer;
    };

    // A subexpression, and how many operators are around it.
    struct Part {
        const Expr* expr;
        std::int64_t depth;
        const Surroundings* inside;
    };

    struct Link {
        const Expr* to;
        std::int64_t depth;
    };

    enum class State : std::uint8_t { Open, Done };

    // One attribute: what its own text needs, then what is behind its links as well.
    struct Place {
        State state = State::Open;
        std::size_t position = 0;  // on the way, while open
        std::int64_t depth = 0;
        std::int64_t work = 0;
        std::vector<Link> links;
        std::size_t next_link = 0;
    };

    void open(const Expr& expr);
    void close(const Expr& expr);
    void scan(const Expr& expr, Place& place);
    void scan_part(const Part& part, Place& place, std::vector<Part>& pending);
    void scan_call(const Call& call);
    void follow(const Attribute& reference, const Part& part, Place& place) const;
    void judge(const Expr& expr, const Place& place);
    void report_circle(const Expr& to);
    void report(Flaw flaw, std::string message);
    const std::string& name_of(const Expr& expr) const;

    const Ad& ad_;
    const EvalOptions& options_;
    std::unordered_map<const Expr*, std::string> names_;
    std::unordered_map<const Expr*, Place> places_;
    std::vector<const Expr*> way_;  // the open ones, outermost first
    std::unordered_set<const Expr*> in_circles_;
    std::set<std::string> reported_calls_;  // of the expression that is being scanned
    std::deque<Surroundings> surroundings_;
    std::vector<Problem> problems_;
};

const std::string& Checker::name_of(const Expr& expr) const {
    static const std::string none;
    const auto found = names_.find(&expr);
    return found != names_.end() ? found->second : none;
}

void Checker::report(Flaw flaw, std::string message) {
    problems_.push_back({name_of(*way_.back()), flaw, std::move(message), std::nullopt});
}

// Depth first with a stack of our own: a chain of references can be as long as the ad.
void Checker::visit(const Expr& root) {
    if (places_.contains(&root)) {
        return;
    }
    open(root);
    while (!way_.empty()) {
        const auto& expr = *way_.back();
        auto& place = places_.at(&expr);
        if (place.next_link == place.links.size()) {
            close(expr);
            continue;
        }
        const auto link = place.links[place.next_link++];
        const auto found = places_.find(link.to);
        if (found == places_.end()) {
            open(*link.to);
        } else if (found->second.state == State::Open) {
            report_circle(*link.to);
        }
    }
}

void Checker::open(const Expr& expr) {
    Place place;
    place.position = way_.size();
    way_.push_back(&expr);
    reported_calls_.clear();
    surroundings_.clear();
    scan(expr, place);
    places_.emplace(&expr, std::move(place));
}

// Everything behind the links is known now, except what leads back.
void Checker::close(const Expr& expr) {
    auto& place = places_.at(&expr);
    for (const auto& link : place.links) {
        const auto& behind = places_.at(link.to);
        if (behind.state == State::Done) {
            place.depth = std::max(place.depth, link.depth + 1 + behind.depth);
            place.work = saturating_sum(place.work, behind.work);
        }
    }
    judge(expr, place);
    place.state = State::Done;
    place.links.clear();
    way_.pop_back();
}

void Checker::judge(const Expr& expr, const Place& place) {
    const bool is_match = base::equal_nocase(name_of(expr), "Requirements");
    const auto depth = place.depth + (is_match ? kDepthOfRequirements : 0);
    if (depth > kMaxRecursion) {
        report(Flaw::TooDeep,
               fmt::format("{} operators and references inside each other{}, {} are evaluated: it "
                           "fails and matches nothing",
                           depth, is_match ? " in a match" : "", kMaxRecursion));
    }
    if (place.work > options_.max_evaluations) {
        report(Flaw::TooMuchWork,
               fmt::format("may take more than {} evaluations, the most there are: it fails then "
                           "and matches nothing",
                           options_.max_evaluations));
    }
}

void Checker::scan(const Expr& expr, Place& place) {
    std::vector<Part> pending{{&expr, 0, nullptr}};
    while (!pending.empty()) {
        const auto part = pending.back();
        pending.pop_back();
        place.work = saturating_sum(place.work, 1);
        place.depth = std::max(place.depth, part.depth);
        scan_part(part, place, pending);
    }
}

void Checker::scan_part(const Part& part, Place& place, std::vector<Part>& pending) {
    const auto& expr = *part.expr;
    auto depth = part.depth;
    auto inside = part.inside;
    if (const auto* reference = expr.as<Attribute>()) {
        follow(*reference, part, place);
        if (reference->scope != Attribute::Scope::Expression) {
            return;
        }
    } else if (expr.type() == Expr::Type::Operation) {
        depth += options_.compat == Compat::V23 ? 0 : 1;  // 23.9 counted only references
        place.depth = std::max(place.depth, depth);
    } else if (const auto* call = expr.as<Call>()) {
        scan_call(*call);
    } else if (const auto* nested = expr.as<AdNode>()) {
        inside = &surroundings_.emplace_back(Surroundings{nested->ad.get(), inside});
    }
    for_each_child(expr, [&](const Expr& child) { pending.push_back({&child, depth, inside}); });
}

// A reference is one level deeper, wherever it leads.
void Checker::follow(const Attribute& reference, const Part& part, Place& place) const {
    place.depth = std::max(place.depth, part.depth + 1);
    const bool unscoped = reference.scope == Attribute::Scope::Unscoped;
    const bool my = reference.scope == Attribute::Scope::My && part.inside == nullptr;
    if (!unscoped && !my) {
        return;
    }
    for (const auto* around = part.inside; around != nullptr; around = around->outer) {
        if (around->ad->find(reference.name) != nullptr) {
            return;
        }
    }
    if (const auto* expr = ad_.find(reference.name)) {
        place.links.push_back({expr, part.depth});
    }
}

void Checker::scan_call(const Call& call) {
    const auto* builtin = find_builtin(call.function);
    const auto count = static_cast<int>(call.arguments.size());
    const bool fits =
        builtin != nullptr && count >= builtin->min_arguments && count <= builtin->max_arguments;
    if (fits || !reported_calls_.insert(base::lower(call.name)).second) {
        return;
    }
    if (builtin == nullptr) {
        report(Flaw::UnknownFunction,
               fmt::format("unknown function \"{}\": it evaluates to error", call.name));
    } else {
        report(Flaw::ArgumentCount, fmt::format("{}() does not take {} argument{}: it evaluates to "
                                                "error",
                                                call.name, count, count == 1 ? "" : "s"));
    }
}

// An open expression is reached again: all that is open behind it is in the circle.
void Checker::report_circle(const Expr& to) {
    if (!in_circles_.insert(&to).second) {
        return;
    }
    const auto start = way_.begin() + static_cast<std::ptrdiff_t>(places_.at(&to).position);
    std::string names;
    std::size_t shown = 0;
    for (auto at = start; at != way_.end() && shown < kShownNames; ++at, ++shown) {
        names += name_of(**at) + " -> ";
    }
    names += static_cast<std::size_t>(way_.end() - start) > kShownNames ? "... -> " : "";
    const auto* const effect = options_.compat == Compat::V23
                                   ? "its evaluation fails and matches nothing"
                                   : "it is undefined there";
    problems_.push_back({name_of(to), Flaw::CircularReference,
                         fmt::format("leads back to itself: {}{}; {}", names, name_of(to), effect),
                         std::nullopt});
}

// The attribute in whose text an offset is.
const ParseNotes::Place* place_of(const ParseNotes& notes, std::size_t offset) {
    const auto after =
        std::ranges::upper_bound(notes.places, offset, {}, &ParseNotes::Place::offset);
    return after == notes.places.begin() ? nullptr : &*std::prev(after);
}

void add_noted(std::vector<Problem>& problems, const ParseNotes& notes) {
    const auto add = [&](std::size_t offset, Flaw flaw, std::string_view message) {
        const auto* place = place_of(notes, offset);
        problems.push_back({place != nullptr ? place->attribute : std::string(), flaw,
                            std::string(message), offset});
    };
    for (const auto offset : notes.zeroed_integers) {
        add(offset, Flaw::IntegerBecameZero,
            "an integer that does not fit 64 bits: it is taken as 0");
    }
    for (const auto offset : notes.ignored_texts) {
        add(offset, Flaw::TextIgnored, "text after the end of the value is ignored");
    }
    std::unordered_set<std::string> seen;
    for (const auto& place : notes.places) {
        if (!seen.insert(base::lower(place.attribute)).second) {
            add(place.offset, Flaw::RepeatedAttribute, "stands twice: the last one counts");
        }
    }
}

}  // namespace

std::string_view flaw_name(Flaw flaw) noexcept {
    constexpr std::array<std::string_view, 8> kNames{
        "unknown_function",   "argument_count",      "too_deep",     "too_much_work",
        "circular_reference", "integer_became_zero", "text_ignored", "repeated_attribute"};
    return kNames[static_cast<std::size_t>(flaw)];
}

std::vector<Problem> check(const Ad& ad, const EvalOptions& options) {
    Checker checker(ad, options);
    for (const auto& entry : ad) {
        checker.visit(*entry.value);
    }
    auto problems = checker.take();
    std::unordered_map<std::string, std::size_t> order;
    for (const auto& entry : ad) {
        order.emplace(entry.name, order.size());
    }
    std::ranges::stable_sort(
        problems, {}, [&order](const Problem& problem) { return order.at(problem.attribute); });
    return problems;
}

std::vector<Problem> check(const Ad& ad, const ParseNotes& notes, const EvalOptions& options) {
    auto problems = check(ad, options);
    std::unordered_map<std::string, std::size_t> last;
    for (const auto& place : notes.places) {
        last[base::lower(place.attribute)] = place.offset;
    }
    for (auto& problem : problems) {
        const auto place = last.find(base::lower(problem.attribute));
        if (place != last.end()) {
            problem.offset = place->second;
        }
    }
    add_noted(problems, notes);
    std::ranges::stable_sort(problems, {}, &Problem::offset);
    return problems;
}

std::vector<Problem> check(const Expr& expr, const Ad* my, const EvalOptions& options) {
    static const Ad empty;
    Checker checker(my != nullptr ? *my : empty, options);
    checker.visit(expr);
    return checker.take();
}

}  // namespace tow::classad
