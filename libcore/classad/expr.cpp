#include "classad/expr.hpp"

#include <algorithm>

namespace tow::classad {

namespace {

// In the order of Op.
constexpr std::array<std::string_view, 29> kOpTexts{
    "",   "+", "-",  "!",  "~",  "||",  "&&", "|", "^", "&", "==", "!=", "is", "isnt", "<",
    "<=", ">", ">=", "<<", ">>", ">>>", "+",  "-", "*", "/", "%",  "",   "?:", ""};
static_assert(kOpTexts.size() == static_cast<std::size_t>(Op::Ternary) + 1);

// A tree as high as this may be torn down by plain recursion.
constexpr std::uint32_t kSafeHeight = 200;

std::uint32_t height_of(const Expr::Node& node) noexcept {
    std::uint32_t highest = 0;
    const auto count = [&highest](const ExprPtr& child) {
        highest = std::max(highest, child ? child->height() : 0);
    };
    if (const auto* operation = std::get_if<Operation>(&node)) {
        std::ranges::for_each(operation->operands, count);
    } else if (const auto* attribute = std::get_if<Attribute>(&node)) {
        count(attribute->base);
    } else if (const auto* call = std::get_if<Call>(&node)) {
        std::ranges::for_each(call->arguments, count);
    } else if (const auto* list = std::get_if<ListNode>(&node)) {
        std::ranges::for_each(*list->elements, count);
    } else if (const auto* nested = std::get_if<AdNode>(&node)) {
        std::ranges::for_each(*nested->ad, count, &Ad::Entry::value);
    }
    return highest + 1;
}

Attribute::Scope scope_of(const Expr& base) noexcept {
    const auto* name = base.as<Attribute>();
    if (name == nullptr || name->scope != Attribute::Scope::Unscoped) {
        return Attribute::Scope::Expression;
    }
    switch (name->name.special) {
        case Special::My:
            return Attribute::Scope::My;
        case Special::Target:
            return Attribute::Scope::Target;
        default:
            return Attribute::Scope::Expression;
    }
}

}  // namespace

std::string_view op_text(Op op) noexcept {
    return kOpTexts[static_cast<std::size_t>(op)];
}

Expr::Expr(Node&& node) noexcept : node_(std::move(node)), height_(height_of(node_)) {}

Expr::~Expr() {
    if (height_ > kSafeHeight) {
        dismantle();
    }
}

// Takes the left-leaning chains apart with a loop: recursion over a million operators would
// overflow the stack. Only what nobody else holds is taken apart.
void Expr::dismantle() noexcept {
    auto left_of = [](Node& node) -> ExprPtr {
        if (auto* operation = std::get_if<Operation>(&node)) {
            return std::move(operation->operands[0]);
        }
        if (auto* attribute = std::get_if<Attribute>(&node)) {
            return std::move(attribute->base);
        }
        return nullptr;
    };
    auto next = left_of(node_);
    while (next != nullptr && next.use_count() == 1 && next->height_ > kSafeHeight) {
        // Every Expr is made as a mutable object; only the pointers to it promise not to change it.
        next = left_of(const_cast<Expr&>(*next).node_);
    }
}

namespace {

ExprPtr make(Expr::Node&& node) {
    return std::make_shared<Expr>(std::move(node));
}

}  // namespace

ExprPtr make_literal(Value value) {
    return make(Literal{std::move(value)});
}

ExprPtr make_attribute(std::string name) {
    return make(Attribute{Name(std::move(name)), Attribute::Scope::Unscoped, nullptr});
}

ExprPtr make_absolute_attribute(std::string name) {
    return make(Attribute{Name(std::move(name)), Attribute::Scope::Root, nullptr});
}

ExprPtr make_selection(ExprPtr base, std::string name) {
    const auto scope = scope_of(*base);
    return make(Attribute{Name(std::move(name)), scope, std::move(base)});
}

ExprPtr make_unary(Op op, ExprPtr operand) {
    return make(Operation{op, {std::move(operand), nullptr, nullptr}});
}

ExprPtr make_binary(Op op, ExprPtr left, ExprPtr right) {
    return make(Operation{op, {std::move(left), std::move(right), nullptr}});
}

ExprPtr make_ternary(ExprPtr condition, ExprPtr yes, ExprPtr no) {
    return make(Operation{Op::Ternary, {std::move(condition), std::move(yes), std::move(no)}});
}

ExprPtr make_call(std::string name, std::vector<ExprPtr> arguments) {
    const auto function = find_function(name);
    return make(Call{std::move(name), function, std::move(arguments)});
}

ExprPtr make_list(std::vector<ExprPtr> elements) {
    return make(ListNode{std::make_shared<const std::vector<ExprPtr>>(std::move(elements))});
}

ExprPtr make_ad(Ad ad) {
    return make(AdNode{std::make_shared<const Ad>(std::move(ad))});
}

}  // namespace tow::classad
