// One value for every row, as a dictionary of distinct values and a code into it for each row.
// Internal to the column engine.
#pragma once

#include "classad/expr.hpp"
#include "match/outcomes.hpp"
#include "match/value_pool.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tow::match {

// Which entry of a dictionary each row has. What is computed from one column has the same codes and
// another dictionary, and needs no look at the rows at all.
class Codes {
  public:
    Codes(std::vector<std::uint32_t> of_row, std::size_t count)
        : of_row_(std::move(of_row)), count_(count) {}

    std::size_t rows() const noexcept { return of_row_.size(); }

    // All codes are smaller.
    std::size_t count() const noexcept { return count_; }

    std::span<const std::uint32_t> of_row() const noexcept { return of_row_; }

    std::size_t bytes() const noexcept { return of_row_.size() * sizeof(std::uint32_t); }

    // Adds to the plane the rows whose code is marked.
    void gather(std::span<const std::uint8_t> marked, std::span<std::uint64_t> plane) const;

  private:
    bool build_index() const;

    std::vector<std::uint32_t> of_row_;
    std::size_t count_;
    mutable std::vector<std::uint64_t> rows_of_code_;  // bits; empty until it pays
};

using CodesPtr = std::shared_ptr<const Codes>;

// The part of a dictionary that can be searched: numbers and texts, each in order. Comparing with a
// constant then is a search, and constants between which no value lies are the same constant.
class SortedDictionary {
  public:
    SortedDictionary(const std::vector<ValueId>& dictionary, const ValuePool& pool);

    // Where a constant falls: in front of how many integers (booleans count as 0 and 1), reals and
    // texts, and behind how many.
    struct Cut {
        std::uint32_t below_integers = 0;
        std::uint32_t upto_integers = 0;
        std::uint32_t below_reals = 0;
        std::uint32_t upto_reals = 0;
        std::uint32_t below_texts = 0;
        std::uint32_t upto_texts = 0;
    };

    // Nothing for constants that are not ordered: only numbers and texts are.
    std::optional<Cut> find(const classad::Value& constant) const;

    // Positions in the dictionary, in the order of the values.
    std::span<const std::uint32_t> integers() const noexcept { return integers_; }
    std::span<const std::uint32_t> reals() const noexcept { return reals_; }
    std::span<const std::uint32_t> texts() const noexcept { return texts_; }
    std::span<const std::uint32_t> others() const noexcept { return others_; }

  private:
    template <class Number>
    Cut find_number(Number number) const;

    std::vector<std::uint32_t> integers_;
    std::vector<std::uint32_t> reals_;  // without NaN
    std::vector<std::uint32_t> texts_;  // without case
    std::vector<std::uint32_t> others_;
    std::vector<std::int64_t> integer_values_;  // like the positions
    std::vector<double> real_values_;
    std::vector<classad::Value> text_values_;
};

// The texts of a dictionary, whole or as lists of items ("a, b").
class ItemIndex {
  public:
    enum class Of : std::uint8_t { Texts, Items };

    struct Place {
        std::uint32_t position;  // in the dictionary
        std::string_view item;   // as it is written there
    };

    ItemIndex(Of of, const std::vector<ValueId>& dictionary, const ValuePool& pool);

    // Where an item occurs, whatever its case.
    std::span<const Place> find(std::string_view item) const;

    std::size_t bytes() const noexcept { return bytes_; }

  private:
    void add(std::string_view item, std::uint32_t position);

    std::unordered_map<std::string, std::vector<Place>> places_;  // by the item in lower case
    std::size_t bytes_ = 0;
};

// What separates the items of a list for stringListMember(), unless the call says otherwise.
constexpr std::string_view kItemDelimiters = ", \t\r\n";

// The items of a text as stringListMember() sees them. Views into the text.
std::vector<std::string_view> list_items(std::string_view text, std::string_view delimiters);

struct Column {
    CodesPtr codes;
    std::vector<ValueId> dictionary;

    // Made when they are first needed.
    std::unique_ptr<SortedDictionary> sorted;
    std::unique_ptr<ItemIndex> texts;
    std::unique_ptr<ItemIndex> items;
    std::unique_ptr<Outcomes> outcomes;
};

inline Outcome outcome_of(ValueId id, const ValuePool& pool) noexcept {
    static_assert(kUnsure == 0 && kFalse == 1 && kTrue == 2 && kUndefined == 3 && kError == 4);
    constexpr std::array kFirst{Outcome::Unsure, Outcome::False, Outcome::True, Outcome::Undefined,
                                Outcome::Error};
    return id < kFirst.size() ? kFirst[id] : to_outcome(truth_of(pool.value(id)));
}

}  // namespace tow::match
