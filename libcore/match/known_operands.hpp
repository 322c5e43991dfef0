// The value of an expression for all rows, and which values have been computed already. Internal to
// the column engine.
#pragma once

#include "classad/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tow::match {

using ColumnId = std::uint32_t;

// The value of an expression: the same for all rows, a column, or unsure for all rows.
class Operand {
  public:
    static Operand unsure() noexcept { return Operand(Kind::Unsure); }

    static Operand constant(classad::Value value) noexcept {
        Operand result(Kind::Constant);
        result.value_ = std::move(value);
        return result;
    }

    static Operand column(ColumnId id) noexcept {
        Operand result(Kind::Column);
        result.column_ = id;
        return result;
    }

    bool is_unsure() const noexcept { return kind_ == Kind::Unsure; }

    // Null if it is no constant.
    const classad::Value* if_constant() const noexcept {
        return kind_ == Kind::Constant ? &value_ : nullptr;
    }

    bool is_column() const noexcept { return kind_ == Kind::Column; }

    // Of a column.
    ColumnId column() const noexcept { return column_; }

  private:
    enum class Kind : std::uint8_t { Unsure, Constant, Column };

    explicit Operand(Kind kind) noexcept : kind_(kind) {}

    Kind kind_;
    ColumnId column_ = 0;
    classad::Value value_;
};

// Operands by what they were computed from. Open addressing, and all keys in one piece: there are
// tens of thousands, looked up a hundred thousand times.
class KnownOperands {
  public:
    using Key = std::span<const std::uint32_t>;

    // Null if there is none. Valid until the next one is added.
    const Operand* find(Key key) const noexcept;

    // There must be none yet.
    void add(Key key, const Operand& operand);

  private:
    struct Slot {
        std::uint32_t tag = 0;     // the upper half of the hash
        std::uint32_t number = 0;  // of the entry, plus one; 0 is free
    };

    struct Entry {
        std::size_t begin;  // of its key
        std::size_t size;
        std::uint64_t hash;
        Operand operand;
    };

    void place(std::uint64_t hash, std::size_t number) noexcept;
    void grow();

    std::vector<Slot> slots_;  // a power of two, at most half in use; or empty
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> keys_;
};

}  // namespace tow::match
