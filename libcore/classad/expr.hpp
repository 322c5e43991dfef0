// The expression tree: immutable, shared, and open to whoever wants to walk it.
//
// Chains of binary operators, subscripts and selections lean to the left and can be as deep as they
// are long: walk them with a loop, or look at height() first. Everything else is nested at most as
// deep as the parser allows.
#pragma once

#include "classad/ad.hpp"
#include "classad/functions.hpp"
#include "classad/name.hpp"
#include "classad/value.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tow::classad {

enum class Op : std::uint8_t {
    // one operand
    Parentheses,  // kept, because the text shows them and they count against the recursion limit
    Plus,
    Minus,
    Not,
    Complement,
    // two operands
    Or,
    And,
    BitOr,
    BitXor,
    BitAnd,
    Equal,
    NotEqual,
    Is,
    Isnt,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogical,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Subscript,
    Elvis,
    // three operands
    Ternary,
};

constexpr int operand_count(Op op) noexcept {
    return op < Op::Or ? 1 : op < Op::Ternary ? 2 : 3;
}

// As new ClassAds write it: "&&", "is"; empty for parentheses, subscript and ternary.
std::string_view op_text(Op op) noexcept;

struct Literal {
    Value value;
};

// "name", ".name", "base.name"
struct Attribute {
    enum class Scope : std::uint8_t {
        Unscoped,    // name
        Root,        // .name
        My,          // MY.name
        Target,      // TARGET.name, other.name
        Expression,  // any other base
    };

    Name name;
    Scope scope = Scope::Unscoped;
    ExprPtr base;  // null unless scope is My, Target or Expression
};

struct Operation {
    Op op = Op::Parentheses;
    std::array<ExprPtr, 3> operands;  // the first operand_count(op) are set
};

struct Call {
    std::string name;  // as written
    FunctionId function = FunctionId::Unknown;
    std::vector<ExprPtr> arguments;
};

struct ListNode {
    std::shared_ptr<const std::vector<ExprPtr>> elements;
};

struct AdNode {
    AdPtr ad;
};

class Expr {
  public:
    // In the order of Node.
    enum class Type : std::uint8_t { Literal, Attribute, Operation, Call, List, Ad };

    using Node = std::variant<Literal, Attribute, Operation, Call, ListNode, AdNode>;

    explicit Expr(Node&& node) noexcept;
    ~Expr();
    Expr(const Expr&) = delete;
    Expr& operator=(const Expr&) = delete;

    Type type() const noexcept { return static_cast<Type>(node_.index()); }

    const Node& node() const noexcept { return node_; }

    // The node if it is of this type, else null: expr.as<Call>().
    template <class T>
    const T* as() const noexcept {
        return std::get_if<T>(&node_);
    }

    // Nodes on the longest way down, this one included.
    std::uint32_t height() const noexcept { return height_; }

  private:
    void dismantle() noexcept;

    Node node_;
    std::uint32_t height_ = 1;
};

ExprPtr make_literal(Value value);
ExprPtr make_attribute(std::string name);                // name
ExprPtr make_absolute_attribute(std::string name);       // .name
ExprPtr make_selection(ExprPtr base, std::string name);  // base.name
ExprPtr make_unary(Op op, ExprPtr operand);
ExprPtr make_binary(Op op, ExprPtr left, ExprPtr right);
ExprPtr make_ternary(ExprPtr condition, ExprPtr yes, ExprPtr no);
ExprPtr make_call(std::string name, std::vector<ExprPtr> arguments);
ExprPtr make_list(std::vector<ExprPtr> elements);
ExprPtr make_ad(Ad ad);

// Calls visit(child) for every direct child: operands, base, arguments, elements, and the values of
// a nested ad.
template <class Visit>
void for_each_child(const Expr& expr, Visit visit) {
    if (const auto* operation = expr.as<Operation>()) {
        for (int i = 0; i < operand_count(operation->op); ++i) {
            visit(*operation->operands[static_cast<std::size_t>(i)]);
        }
    } else if (const auto* attribute = expr.as<Attribute>(); attribute != nullptr) {
        if (attribute->base) {
            visit(*attribute->base);
        }
    } else if (const auto* call = expr.as<Call>()) {
        for (const auto& argument : call->arguments) {
            visit(*argument);
        }
    } else if (const auto* list = expr.as<ListNode>()) {
        for (const auto& element : *list->elements) {
            visit(*element);
        }
    } else if (const auto* nested = expr.as<AdNode>()) {
        for (const auto& entry : *nested->ad) {
            visit(*entry.value);
        }
    }
}

}  // namespace tow::classad
