#include "match/contexts.hpp"

#include "classad/unparse.hpp"
#include "match/walk.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace tow::match {

namespace {

using classad::Expr;
using classad::Kind;

constexpr std::uint32_t kMaxHeight = 40;
constexpr std::size_t kMaxQuestion = 2000;

// Whether the text of a literal tells it from all others.
bool is_legible(const classad::Value& value) {
    switch (value.kind()) {
        case Kind::Undefined:
        case Kind::Error:
        case Kind::Boolean:
        case Kind::Integer:
        case Kind::String:
            return true;
        case Kind::Real: {
            const auto text = classad::canonical_real(*value.if_real());
            return std::bit_cast<std::uint64_t>(std::strtod(text.c_str(), nullptr)) ==
                   std::bit_cast<std::uint64_t>(*value.if_real());
        }
        default:
            return false;
    }
}

bool is_self_contained(const Expr& expr, std::vector<classad::Name>& names) {
    switch (expr.type()) {
        case Expr::Type::Literal:
            return is_legible(expr.as<classad::Literal>()->value);
        case Expr::Type::Attribute: {
            const auto& reference = *expr.as<classad::Attribute>();
            names.push_back(reference.name);
            return reference.scope == classad::Attribute::Scope::Unscoped &&
                   is_ordinary(reference.name);
        }
        case Expr::Type::Call:
            if (!is_pure(expr.as<classad::Call>()->function)) {
                return false;
            }
            break;
        case Expr::Type::Operation:
            break;
        default:
            return false;
    }
    bool result = true;
    for_each_child(expr, [&result, &names](const Expr& child) {
        result = result && is_self_contained(child, names);
    });
    return result;
}

bool is_literal(const Expr& expr) noexcept {
    return expr.as<classad::Literal>() != nullptr;
}

bool is_ad_of_constants(const Expr& expr) {
    const auto* node = expr.as<classad::AdNode>();
    return node != nullptr && !node->ad->hides_special_names() &&
           std::ranges::all_of(*node->ad,
                               [](const auto& entry) { return is_literal(*entry.value); });
}

}  // namespace

std::optional<Question> self_contained(const Expr& expr) {
    Question question;
    if (expr.as<classad::Operation>() == nullptr || expr.height() > kMaxHeight ||
        !is_self_contained(expr, question.names)) {
        return std::nullopt;
    }
    question.text = classad::unparse(expr);
    return question.text.size() <= kMaxQuestion ? std::optional(std::move(question)) : std::nullopt;
}

bool answers_alone(const Expr& list, const classad::Ad& around, const Question& question) {
    if (is_literal(list)) {
        return true;  // no list at all
    }
    const auto* node = list.as<classad::ListNode>();
    return node != nullptr && !around.hides_special_names() &&
           std::ranges::all_of(*node->elements,
                               [](const auto& item) { return is_ad_of_constants(*item); }) &&
           std::ranges::all_of(question.names, [&around](const classad::Name& name) {
               const auto* definition = around.find(name);
               return definition == nullptr || is_literal(*definition);
           });
}

}  // namespace tow::match
