// Comparing a column with a constant: one search instead of one comparison for each value, and one
// column for all constants that come out the same.
#include "base/text.hpp"
#include "classad/operators.hpp"
#include "match/column_store.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace tow::match {

namespace {

using classad::FunctionId;
using classad::Kind;
using classad::Op;
using classad::Value;

// Behind the codes of all operations.
constexpr std::uint32_t kCutText = 0x1000;
constexpr std::uint32_t kCutNumber = 0x2000;
constexpr std::uint32_t kIdentity = 0x3000;

// a < b is b > a.
Op mirrored(Op op) noexcept {
    switch (op) {
        case Op::Less:
            return Op::Greater;
        case Op::LessEqual:
            return Op::GreaterEqual;
        case Op::Greater:
            return Op::Less;
        case Op::GreaterEqual:
            return Op::LessEqual;
        default:
            return op;
    }
}

// What the operator says of values in front of the constant, equal to it, and behind it.
std::array<ValueId, 3> answers(Op op) noexcept {
    switch (op) {
        case Op::Equal:
            return {kFalse, kTrue, kFalse};
        case Op::NotEqual:
            return {kTrue, kFalse, kTrue};
        case Op::Less:
            return {kTrue, kFalse, kFalse};
        case Op::LessEqual:
            return {kTrue, kTrue, kFalse};
        case Op::Greater:
            return {kFalse, kFalse, kTrue};
        default:
            return {kFalse, kTrue, kTrue};
    }
}

// Only the edges at which the answer changes: constants that differ in the other one are the same.
SortedDictionary::Cut relevant(Op op, SortedDictionary::Cut cut) noexcept {
    if (op == Op::Less || op == Op::GreaterEqual) {
        cut.upto_integers = cut.below_integers;
        cut.upto_reals = cut.below_reals;
        cut.upto_texts = cut.below_texts;
    } else if (op == Op::LessEqual || op == Op::Greater) {
        cut.below_integers = cut.upto_integers;
        cut.below_reals = cut.upto_reals;
        cut.below_texts = cut.upto_texts;
    }
    return cut;
}

// True wherever the item occurs.
void mark(const ItemIndex& index, std::string_view item, bool nocase,
          std::vector<ValueId>& dictionary) {
    for (const auto& place : index.find(item)) {
        if (nocase || place.item == item) {
            dictionary[place.position] = kTrue;
        }
    }
}

}  // namespace

Operand ColumnStore::search(Op op, ColumnId column, const Value& constant, bool constant_first) {
    if (const auto cut = sorted(column).find(constant)) {
        if (op != Op::Is && op != Op::Isnt) {
            return compare(constant_first ? mirrored(op) : op, column, constant, *cut);
        }
        if (auto result = identify(op, column, constant, *cut)) {
            return *result;
        }
    }
    const std::array operands{Operand::column(column), Operand::constant(constant)};
    return zip(Operation::of(constant_first ? mirrored(op) : op), operands);
}

// The answers for what is not ordered, or of another kind than the constant, are the same for all
// constants of a kind.
Operand ColumnStore::compare(Op op, ColumnId column, const Value& constant,
                             const SortedDictionary::Cut& exact) {
    const auto cut = relevant(op, exact);
    const bool is_text = constant.is_string();
    key_.assign({(is_text ? kCutText : kCutNumber) | static_cast<unsigned>(op), column,
                 cut.below_integers, cut.upto_integers, cut.below_reals, cut.upto_reals,
                 cut.below_texts, cut.upto_texts});
    if (const auto* result = kept(key_)) {
        return *result;
    }
    const auto& order = sorted(column);
    std::vector<ValueId> dictionary(columns_[column].dictionary.size());
    const auto fill = [&dictionary, op](auto positions, std::uint32_t below, std::uint32_t upto) {
        const auto answer = answers(op);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            dictionary[positions[i]] = answer[i < below ? 0 : i < upto ? 1 : 2];
        }
    };
    const auto refuse = [&dictionary](auto positions) {
        for (const auto at : positions) {
            dictionary[at] = kError;
        }
    };
    if (is_text) {
        fill(order.texts(), cut.below_texts, cut.upto_texts);
        refuse(order.integers());
        refuse(order.reals());
    } else {
        fill(order.integers(), cut.below_integers, cut.upto_integers);
        fill(order.reals(), cut.below_reals, cut.upto_reals);
        refuse(order.texts());
    }
    for (const auto at : order.others()) {
        const auto id = columns_[column].dictionary[at];
        dictionary[at] =
            id == kUnsure ? kUnsure : pool_.intern(apply_binary(op, pool_.value(id), constant));
    }
    return keep(key_, mapped(column, std::move(dictionary)));
}

// =?= and =!= with an integer, boolean or text: true for the values that are the same to the last
// byte, of which one is enough to name them all. Nothing for constants of other kinds.
std::optional<Operand> ColumnStore::identify(Op op, ColumnId column, const Value& constant,
                                             const SortedDictionary::Cut& cut) {
    if (constant.kind() == Kind::Real) {
        return std::nullopt;
    }
    const auto& order = sorted(column);
    const bool is_text = constant.is_string();
    const auto equal =
        is_text
            ? order.texts().subspan(cut.below_texts, cut.upto_texts - cut.below_texts)
            : order.integers().subspan(cut.below_integers, cut.upto_integers - cut.below_integers);
    const auto& values = columns_[column].dictionary;
    const auto same = std::ranges::find_if(equal, [&](std::uint32_t at) {
        return apply_binary(Op::Is, pool_.value(values[at]), constant).is_true();
    });
    key_.assign({kIdentity | static_cast<unsigned>(op), column,
                 same != equal.end() ? values[*same] : kUnsure});
    if (const auto* result = kept(key_)) {
        return *result;
    }
    std::vector<ValueId> dictionary;
    for (const auto id : values) {
        const bool is_same = same != equal.end() && id == values[*same];
        dictionary.push_back(id == kUnsure ? kUnsure : is_same == (op == Op::Is) ? kTrue : kFalse);
    }
    return keep(key_, mapped(column, std::move(dictionary)));
}

// stringListMember() of a column and a constant, either way round: each item is looked up once.
Operand ColumnStore::find_item(Operation operation, std::span<const Operand> operands) {
    const bool list_is_column = operands[1].is_column();
    const std::size_t sought = list_is_column ? 1 : 0;  // the column
    const auto is_text = [](const Operand& operand) {
        const auto* constant = operand.if_constant();
        return constant != nullptr && constant->is_string() && is_kept(*constant);
    };
    const bool plain = operands.size() == 2;
    const bool delimited = operands.size() == 3 && !list_is_column && is_text(operands[2]);
    if (!operands[sought].is_column() || !is_text(operands[1 - sought]) || (!plain && !delimited)) {
        return zip(operation, operands);
    }
    const auto& key = key_of(operation, operands);
    if (const auto* result = kept(key)) {
        return *result;
    }
    const auto column = operands[sought].column();
    const auto& text = *operands[1 - sought].if_constant()->if_string();
    auto dictionary = without_texts(operation, operands, sought);
    const bool nocase = operation == Operation::of(FunctionId::StringListIMember);
    if (list_is_column) {
        mark(index(ItemIndex::Of::Items, column), text, nocase, dictionary);
        return keep(key, mapped(column, std::move(dictionary)));
    }
    const std::string_view delimiters =
        delimited ? std::string_view(*operands[2].if_constant()->if_string()) : kItemDelimiters;
    for (const auto item : list_items(text, delimiters)) {
        mark(index(ItemIndex::Of::Texts, column), item, nocase, dictionary);
    }
    return keep(key, mapped(column, std::move(dictionary)));
}

// The answers for what is no text in the column; false for texts.
std::vector<ValueId> ColumnStore::without_texts(Operation operation,
                                                std::span<const Operand> operands,
                                                std::size_t column_at) {
    std::vector<ValueId> ids;
    std::ranges::transform(operands, std::back_inserter(ids),
                           [this](const Operand& operand) { return id_of(operand); });
    std::vector<ValueId> dictionary;
    for (const auto id : columns_[operands[column_at].column()].dictionary) {
        const bool is_text = id != kUnsure && pool_.value(id).is_string();
        ids[column_at] = id;
        dictionary.push_back(is_text ? kFalse : applier_.apply(operation, ids));
    }
    return dictionary;
}

}  // namespace tow::match
