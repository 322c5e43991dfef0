#include "match/handles.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace tow::match {

namespace {

using classad::Attribute;
using classad::Call;
using classad::Expr;
using classad::ExprPtr;
using classad::FunctionId;
using classad::Op;
using classad::Operation;
using model::Side;
using Kind = Handle::Kind;

constexpr std::size_t kMostAlternatives = 20;

// Who somebody is cannot be changed to match.
bool is_identity(std::string_view name) {
    const auto lower = base::lower(name);
    return lower == "owner" || lower == "user" || lower.starts_with("x509");
}

struct Finder {
    const ExprPtr& clause;
    Side side;
    const classad::Ad& own;
    std::vector<Handle> result;

    // The attribute of the job that the expression is; empty if it is none that can be changed.
    std::string attribute_of(const Expr& expr) const {
        const auto* reference = expr.as<Attribute>();
        if (reference == nullptr || reference->name.special != classad::Special::None) {
            return {};
        }
        using Scope = Attribute::Scope;
        const bool here = own.find(reference->name) != nullptr;
        const bool of_job = side == Side::Job ? reference->scope == Scope::My ||
                                                    (reference->scope == Scope::Unscoped && here)
                                              : reference->scope == Scope::Target ||
                                                    (reference->scope == Scope::Unscoped && !here);
        return of_job && !is_identity(reference->name.text) ? reference->name.text : std::string{};
    }

    // A handle on this side of a comparison, if there is one.
    bool add(Kind kind, bool strictly, const ExprPtr& knob, const ExprPtr& other) {
        Handle handle{.kind = kind, .strictly = strictly, .other = other};
        const auto& expr = bare(*knob);
        handle.attribute = attribute_of(expr);
        if (handle.attribute.empty()) {
            if (side != Side::Job || !is_constant(expr)) {
                return false;
            }
            handle.clause = clause;
            handle.constant = &expr;
        }
        result.push_back(std::move(handle));
        return true;
    }

    void compare(Kind left, Kind right, bool strictly, const Operation& operation) {
        const auto& a = operation.operands[0];
        const auto& b = operation.operands[1];
        const auto is_attribute = [this](const ExprPtr& side_of_it) {
            return !attribute_of(bare(*side_of_it)).empty();
        };
        if (is_attribute(a) || !is_attribute(b)) {  // rather an attribute than a constant
            add(left, strictly, a, b) || add(right, strictly, b, a);
        } else {
            add(right, strictly, b, a);
        }
    }

    void look_at(const Operation& operation) {
        switch (operation.op) {
            case Op::Less:
            case Op::LessEqual:
                compare(Kind::AtMost, Kind::AtLeast, operation.op == Op::Less, operation);
                break;
            case Op::Greater:
            case Op::GreaterEqual:
                compare(Kind::AtLeast, Kind::AtMost, operation.op == Op::Greater, operation);
                break;
            case Op::Equal:
            case Op::Is:
                compare(Kind::Same, Kind::Same, false, operation);
                break;
            default:
                break;
        }
    }

    void look_at(const Call& call) {
        switch (call.function) {
            case FunctionId::StringListMember:
            case FunctionId::StringListIMember:
            case FunctionId::Member:
            case FunctionId::IdenticalMember:
                if (call.arguments.size() == 2) {
                    add(Kind::Add, false, call.arguments[1], call.arguments[0]) ||
                        add(Kind::OneOf, false, call.arguments[0], call.arguments[1]);
                }
                break;
            default:
                break;
        }
    }

    void run() {
        std::vector<const Expr*> pending{clause.get()};
        while (!pending.empty() && result.size() < kMostAlternatives) {
            const auto& expr = bare(*pending.back());
            pending.pop_back();
            const auto* operation = expr.as<Operation>();
            if (operation != nullptr && operation->op == Op::Or) {
                pending.push_back(operation->operands[1].get());
                pending.push_back(operation->operands[0].get());
            } else if (operation != nullptr) {
                look_at(*operation);
            } else if (const auto* call = expr.as<Call>()) {
                look_at(*call);
            } else if (const auto name = attribute_of(expr); !name.empty() && side == Side::Entry) {
                const auto yes = classad::make_literal(classad::Value::boolean(true));
                result.push_back({.kind = Kind::Same, .attribute = name, .other = yes});
            }
        }
    }
};

// The same chain of || and parentheses down to the comparison, with the constant in it replaced.
ExprPtr rebuilt(const ExprPtr& expr, const Expr* constant, const ExprPtr& other) {
    if (expr.get() == constant) {
        return other;
    }
    const auto change_one = [&](auto copy, auto& parts) -> ExprPtr {
        for (auto& part : parts(copy)) {
            if (auto changed = part ? rebuilt(part, constant, other) : nullptr) {
                part = std::move(changed);
                return std::make_shared<Expr>(std::move(copy));
            }
        }
        return nullptr;
    };
    if (const auto* operation = expr->as<Operation>()) {
        const auto operands = [](Operation & copy) -> auto& {
            return copy.operands;
        };
        return change_one(*operation, operands);
    }
    if (const auto* call = expr->as<Call>()) {
        const auto arguments = [](Call & copy) -> auto& {
            return copy.arguments;
        };
        return change_one(*call, arguments);
    }
    return nullptr;
}

}  // namespace

std::vector<Handle> handles_of(const ExprPtr& clause, Side side, const classad::Ad& own) {
    Finder finder{clause, side, own, {}};
    finder.run();
    return std::move(finder.result);
}

Handle handle_of(const Amount& amount) {
    return Handle{
        .kind = Kind::AtMost, .attribute = std::string(amount.attribute), .amount = &amount};
}

ExprPtr with_constant(const Handle& handle, const ExprPtr& constant) {
    constexpr std::uint32_t kMostHeight = 150;
    return handle.clause && handle.clause->height() <= kMostHeight
               ? rebuilt(handle.clause, handle.constant, constant)
               : nullptr;
}

}  // namespace tow::match
