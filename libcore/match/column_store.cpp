#include "match/column_store.hpp"

#include "classad/operators.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace tow::match {

namespace {

using classad::FunctionId;

// A column that would need more than this all together is left to the tree evaluator. Nobody gets
// here with expressions that are not made for it: the engine forgets what it knows much earlier.
constexpr std::size_t kMaxBytes = std::size_t{1} << 30U;

std::uint32_t tagged(std::uint32_t number) noexcept {
    constexpr std::uint32_t kConstantTag = 0x8000'0000U;
    return number | kConstantTag;
}

}  // namespace

ColumnStore::ColumnStore(std::size_t rows, const classad::EvalOptions& options)
    : rows_(rows), options_(options), applier_(pool_, options) {}

void ColumnStore::clear() {
    known_ = KnownOperands();
    joints_.clear();
    columns_.clear();
    pool_ = ValuePool();
    bytes_ = 0;
}

ValueId ColumnStore::id_of(const Operand& operand) {
    const auto* constant = operand.if_constant();
    return constant != nullptr ? pool_.intern(*constant) : kUnsure;
}

const SortedDictionary& ColumnStore::sorted(ColumnId column) {
    auto& entry = columns_[column];
    if (!entry.sorted) {
        entry.sorted = std::make_unique<SortedDictionary>(entry.dictionary, pool_);
        bytes_ += entry.dictionary.size() * 24;
    }
    return *entry.sorted;
}

const ItemIndex& ColumnStore::index(ItemIndex::Of of, ColumnId column) {
    auto& entry = columns_[column];
    auto& place = of == ItemIndex::Of::Texts ? entry.texts : entry.items;
    if (!place) {
        place = std::make_unique<ItemIndex>(of, entry.dictionary, pool_);
        bytes_ += place->bytes();
    }
    return *place;
}

Operand ColumnStore::add_column(CodesPtr codes, std::vector<ValueId> dictionary) {
    const auto first = dictionary.front();
    if (std::ranges::all_of(dictionary, [first](ValueId id) { return id == first; })) {
        return first == kUnsure ? Operand::unsure() : Operand::constant(pool_.value(first));
    }
    bytes_ += sizeof(Column) + dictionary.size() * sizeof(ValueId) + 100;
    if (bytes() > kMaxBytes) {
        return Operand::unsure();
    }
    auto& column = columns_.emplace_back();
    column.codes = std::move(codes);
    column.dictionary = std::move(dictionary);
    return Operand::column(static_cast<ColumnId>(columns_.size() - 1));
}

Operand ColumnStore::add(const std::vector<ValueId>& values) {
    constexpr auto kNone = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> code_of(pool_.size(), kNone);
    std::vector<ValueId> dictionary;
    std::vector<std::uint32_t> codes;
    codes.reserve(values.size());
    for (const auto id : values) {
        if (code_of[id] == kNone) {
            code_of[id] = static_cast<std::uint32_t>(dictionary.size());
            dictionary.push_back(id);
        }
        codes.push_back(code_of[id]);
    }
    const auto count = dictionary.size();
    bytes_ += codes.size() * sizeof(std::uint32_t);
    return add_column(std::make_shared<const Codes>(std::move(codes), count),
                      std::move(dictionary));
}

Operand ColumnStore::mapped(ColumnId column, std::vector<ValueId> dictionary) {
    return add_column(columns_[column].codes, std::move(dictionary));
}

const Operand* ColumnStore::kept(const Key& key) const {
    return known_.find(key);
}

Operand ColumnStore::keep(const Key& key, Operand result) {
    // With what a table that has just grown has in reserve.
    bytes_ += sizeof(Operand) + 200 + key.size() * sizeof(std::uint32_t);
    known_.add(key, result);
    return result;
}

Verdict ColumnStore::verdict(const Operand& operand) {
    if (operand.is_unsure()) {
        return Verdict(Outcome::Unsure);
    }
    if (const auto* constant = operand.if_constant()) {
        return Verdict(to_outcome(truth_of(*constant)));
    }
    auto& column = columns_[operand.column()];
    if (!column.outcomes) {
        column.outcomes = std::make_unique<Outcomes>(rows_);
        bytes_ += column.outcomes->bytes();
        std::vector<Outcome> outcomes;
        std::ranges::transform(column.dictionary, std::back_inserter(outcomes),
                               [this](ValueId id) { return outcome_of(id, pool_); });
        std::vector<std::uint8_t> marked(outcomes.size());
        for (const auto outcome :
             {Outcome::True, Outcome::Undefined, Outcome::Error, Outcome::Unsure}) {
            if (std::ranges::find(outcomes, outcome) != outcomes.end()) {
                std::ranges::transform(outcomes, marked.begin(), [outcome](Outcome of_code) {
                    return static_cast<std::uint8_t>(of_code == outcome);
                });
                column.codes->gather(marked, column.outcomes->plane(outcome));
            }
        }
    }
    return Verdict(*column.outcomes);
}

Operand ColumnStore::combine(Operation operation, std::span<const Operand> operands) {
    if (std::ranges::none_of(operands, &Operand::is_column)) {
        return fold(operation, operands);
    }
    if (operands.size() == 2 && operation.is_comparison()) {
        const bool constant_first = operands[0].if_constant() != nullptr;
        const auto& column = operands[constant_first ? 1 : 0];
        if (const auto* constant = operands[constant_first ? 0 : 1].if_constant()) {
            return search(operation.op(), column.column(), *constant, constant_first);
        }
    }
    const bool member = operation == Operation::of(FunctionId::StringListMember) ||
                        operation == Operation::of(FunctionId::StringListIMember);
    return member && operands.size() >= 2 ? find_item(operation, operands)
                                          : zip(operation, operands);
}

// Nothing but constants. Operators on them are cheaper than remembering their results.
Operand ColumnStore::fold(Operation operation, std::span<const Operand> operands) {
    const auto known = std::ranges::all_of(
        operands, [](const Operand& operand) { return operand.if_constant() != nullptr; });
    if (operation.is_simple()) {
        if (!known) {
            return Operand::unsure();
        }
        const auto& first = *operands[0].if_constant();
        return Operand::constant(
            operands.size() == 1 ? apply_unary(operation.op(), first)
                                 : apply_binary(operation.op(), first, *operands[1].if_constant()));
    }
    const auto& key = key_of(operation, operands);
    if (const auto* result = kept(key)) {
        return *result;
    }
    std::vector<ValueId> ids;
    std::ranges::transform(operands, std::back_inserter(ids),
                           [this](const Operand& operand) { return id_of(operand); });
    const auto id = applier_.apply(operation, ids);
    return keep(key, id == kUnsure ? Operand::unsure() : Operand::constant(pool_.value(id)));
}

const ColumnStore::Key& ColumnStore::key_of(Operation operation,
                                            std::span<const Operand> operands) {
    key_.assign(1, operation.code());
    for (const auto& operand : operands) {
        key_.push_back(operand.is_column() ? operand.column() : tagged(id_of(operand)));
    }
    return key_;
}

// Any operation, for each combination of values that some row has.
Operand ColumnStore::zip(Operation operation, std::span<const Operand> operands) {
    const auto& key = key_of(operation, operands);
    if (const auto* result = kept(key)) {
        return *result;
    }
    CodesPtr codes;
    std::vector<std::vector<std::uint32_t>> codes_of(operands.size());  // by the joint code
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (!operands[i].is_column()) {
            continue;
        }
        const auto& own = columns_[operands[i].column()].codes;
        const auto& both = joint(codes ? codes : own, own);
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
            auto& list = codes_of[earlier];
            if (!list.empty()) {
                std::vector<std::uint32_t> wider(both.codes->count());
                std::ranges::transform(both.first, wider.begin(),
                                       [&list](std::uint32_t code) { return list[code]; });
                list = std::move(wider);
            }
        }
        codes_of[i] = both.second;
        codes = both.codes;
    }
    std::vector<ValueId> ids(operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) {
        ids[i] = operands[i].is_column() ? kUnsure : id_of(operands[i]);
    }
    std::vector<ValueId> dictionary(codes->count());
    for (std::size_t code = 0; code < dictionary.size(); ++code) {
        for (std::size_t i = 0; i < operands.size(); ++i) {
            if (operands[i].is_column()) {
                ids[i] = columns_[operands[i].column()].dictionary[codes_of[i][code]];
            }
        }
        dictionary[code] = applier_.apply(operation, ids);
    }
    return keep(key, add_column(codes, std::move(dictionary)));
}

const ColumnStore::Joint& ColumnStore::joint(const CodesPtr& first, const CodesPtr& second) {
    auto& result = joints_[{first.get(), second.get()}];
    if (result.codes) {
        return result;
    }
    if (first == second) {
        result.codes = first;
        for (std::uint32_t code = 0; code < first->count(); ++code) {
            result.first.push_back(code);
        }
        result.second = result.first;
        bytes_ += first->count() * 2 * sizeof(std::uint32_t);
        return result;
    }
    std::unordered_map<std::uint64_t, std::uint32_t> code_of;
    std::vector<std::uint32_t> codes;
    codes.reserve(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
        const auto a = first->of_row()[row];
        const auto b = second->of_row()[row];
        const auto [place, is_new] = code_of.try_emplace(
            std::uint64_t{a} << 32U | b, static_cast<std::uint32_t>(result.first.size()));
        if (is_new) {
            result.first.push_back(a);
            result.second.push_back(b);
        }
        codes.push_back(place->second);
    }
    bytes_ += (codes.size() + result.first.size() * 2) * sizeof(std::uint32_t);
    result.codes = std::make_shared<const Codes>(std::move(codes), result.first.size());
    return result;
}

}  // namespace tow::match
