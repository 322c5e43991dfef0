// All columns over one set of rows, each computed once: an operation on the same operands is the
// same column. Internal to the column engine.
#pragma once

#include "match/column.hpp"
#include "match/known_operands.hpp"
#include "match/operation.hpp"
#include "match/outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace tow::match {

class ColumnStore {
  public:
    ColumnStore(std::size_t rows, const classad::EvalOptions& options);

    std::size_t rows() const noexcept { return rows_; }

    ValuePool& pool() noexcept { return pool_; }

    // The column of an operation on these operands.
    Operand combine(Operation operation, std::span<const Operand> operands);

    // A column of one value for each row.
    Operand add(const std::vector<ValueId>& values);

    // What the operand says as a condition. Valid until the store is cleared.
    Verdict verdict(const Operand& operand);

    // The number of a constant; kUnsure also if it is too large to be kept.
    ValueId id_of(const Operand& operand);

    // Roughly what the columns and their values have allocated.
    std::size_t bytes() const noexcept { return bytes_ + pool_.bytes(); }

    // Forgets all columns and values.
    void clear();

  private:
    // Columns over the rows that two columns make different, and the codes of both for each code.
    struct Joint {
        CodesPtr codes;
        std::vector<std::uint32_t> first;
        std::vector<std::uint32_t> second;
    };

    using Key = std::vector<std::uint32_t>;

    Operand fold(Operation operation, std::span<const Operand> operands);
    Operand search(classad::Op op, ColumnId column, const classad::Value& constant,
                   bool constant_first);
    Operand compare(classad::Op op, ColumnId column, const classad::Value& constant,
                    const SortedDictionary::Cut& exact);
    std::optional<Operand> identify(classad::Op op, ColumnId column, const classad::Value& constant,
                                    const SortedDictionary::Cut& cut);
    Operand find_item(Operation operation, std::span<const Operand> operands);
    std::vector<ValueId> without_texts(Operation operation, std::span<const Operand> operands,
                                       std::size_t column_at);
    Operand zip(Operation operation, std::span<const Operand> operands);
    Operand mapped(ColumnId column, std::vector<ValueId> dictionary);
    Operand add_column(CodesPtr codes, std::vector<ValueId> dictionary);
    Operand keep(const Key& key, Operand result);
    const Operand* kept(const Key& key) const;
    const Joint& joint(const CodesPtr& first, const CodesPtr& second);
    const SortedDictionary& sorted(ColumnId column);
    const ItemIndex& index(ItemIndex::Of of, ColumnId column);
    const Key& key_of(Operation operation, std::span<const Operand> operands);

    std::size_t rows_;
    classad::EvalOptions options_;
    ValuePool pool_;
    Applier applier_;
    std::deque<Column> columns_;  // by their number; they stay where they are
    Key key_;                     // being looked for; here so that looking needs no memory
    KnownOperands known_;
    std::map<std::pair<const Codes*, const Codes*>, Joint> joints_;
    std::size_t bytes_ = 0;
};

}  // namespace tow::match
