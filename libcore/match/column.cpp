#include "match/column.hpp"

#include "base/text.hpp"
#include "classad/operators.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

namespace tow::match {

namespace {

using classad::Kind;
using classad::Op;
using classad::Value;

// An index of more words than this would not be read from a cache.
constexpr std::size_t kMaxIndexWords = std::size_t{128} << 10U;

bool less(const Value& a, const Value& b) {
    return apply_binary(Op::Less, a, b).is_true();
}

// Booleans count as 0 and 1.
std::int64_t integer_of(const Value& value) noexcept {
    const auto* boolean = value.if_boolean();
    return boolean != nullptr ? (*boolean ? 1 : 0) : *value.if_integer();
}

// Positions and their numbers, by the numbers: sorted side by side, so that comparing two need not
// look for them.
template <class Number, class NumberAt>
void sort_by_number(std::vector<std::uint32_t>& positions, std::vector<Number>& numbers,
                    NumberAt number_at) {
    std::vector<std::pair<Number, std::uint32_t>> pairs;
    pairs.reserve(positions.size());
    for (const auto at : positions) {
        pairs.emplace_back(number_at(at), at);
    }
    std::ranges::sort(pairs);
    numbers.resize(pairs.size());
    std::ranges::transform(pairs, numbers.begin(), [](const auto& pair) { return pair.first; });
    std::ranges::transform(pairs, positions.begin(), [](const auto& pair) { return pair.second; });
}

std::uint32_t count_of(std::ptrdiff_t count) noexcept {
    return static_cast<std::uint32_t>(count);
}

}  // namespace

bool Codes::build_index() const {
    const auto words = words_for(rows());
    if (rows_of_code_.empty() && count_ * words <= kMaxIndexWords && count_ * 4 <= rows()) {
        rows_of_code_.resize(count_ * words);
        for (std::size_t row = 0; row < rows(); ++row) {
            rows_of_code_[of_row_[row] * words + row / kWordBits] |= std::uint64_t{1}
                                                                     << (row % kWordBits);
        }
    }
    return !rows_of_code_.empty();
}

void Codes::gather(std::span<const std::uint8_t> marked, std::span<std::uint64_t> plane) const {
    if (build_index()) {
        for (std::size_t code = 0; code < count_; ++code) {
            if (marked[code] == 0) {
                continue;
            }
            const auto* rows = rows_of_code_.data() + code * plane.size();
            for (std::size_t i = 0; i < plane.size(); ++i) {
                plane[i] |= rows[i];
            }
        }
        return;
    }
    const auto* code = of_row_.data();
    for (std::size_t i = 0; i < plane.size(); ++i) {
        const auto count = std::min(kWordBits, rows() - i * kWordBits);
        std::uint64_t word = 0;
        for (std::size_t bit = 0; bit < count; ++bit) {
            word |= std::uint64_t{marked[*code++]} << bit;
        }
        plane[i] |= word;
    }
}

SortedDictionary::SortedDictionary(const std::vector<ValueId>& dictionary, const ValuePool& pool) {
    for (std::uint32_t at = 0; at < dictionary.size(); ++at) {
        const auto kind =
            dictionary[at] == kUnsure ? Kind::Error : pool.value(dictionary[at]).kind();
        auto& part = kind == Kind::Integer || kind == Kind::Boolean ? integers_
                     : kind == Kind::Real                           ? reals_
                     : kind == Kind::String                         ? texts_
                                                                    : others_;
        part.push_back(at);
    }
    const auto value_at = [&](std::uint32_t at) -> const Value& {
        return pool.value(dictionary[at]);
    };
    const auto integer_at = [&](std::uint32_t at) { return integer_of(value_at(at)); };
    const auto real_at = [&](std::uint32_t at) { return *value_at(at).if_real(); };
    for (const auto at : reals_) {
        if (std::isnan(real_at(at))) {
            others_.push_back(at);
        }
    }
    std::erase_if(reals_, [&](std::uint32_t at) { return std::isnan(real_at(at)); });
    sort_by_number(integers_, integer_values_, integer_at);
    sort_by_number(reals_, real_values_, real_at);
    std::ranges::sort(texts_, less, value_at);
    std::ranges::transform(texts_, std::back_inserter(text_values_), value_at);
}

// An integer and a real are compared as reals: what is sorted as integers is sorted as reals too.
template <class Number>
SortedDictionary::Cut SortedDictionary::find_number(Number number) const {
    const auto as_number = [](std::int64_t value) { return static_cast<Number>(value); };
    const auto real = static_cast<double>(number);
    const auto integers_at = [this](auto place) {
        return count_of(place - integer_values_.begin());
    };
    const auto reals_at = [this](auto place) { return count_of(place - real_values_.begin()); };
    return {.below_integers =
                integers_at(std::ranges::lower_bound(integer_values_, number, {}, as_number)),
            .upto_integers =
                integers_at(std::ranges::upper_bound(integer_values_, number, {}, as_number)),
            .below_reals = reals_at(std::ranges::lower_bound(real_values_, real)),
            .upto_reals = reals_at(std::ranges::upper_bound(real_values_, real))};
}

std::optional<SortedDictionary::Cut> SortedDictionary::find(const Value& constant) const {
    switch (constant.kind()) {
        case Kind::Boolean:
        case Kind::Integer:
            return find_number(integer_of(constant));
        case Kind::Real:
            return std::isnan(*constant.if_real())
                       ? std::nullopt
                       : std::optional(find_number(*constant.if_real()));
        case Kind::String: {
            const auto below = std::ranges::lower_bound(text_values_, constant, less);
            const auto upto = std::ranges::upper_bound(text_values_, constant, less);
            return Cut{.below_texts = count_of(below - text_values_.begin()),
                       .upto_texts = count_of(upto - text_values_.begin())};
        }
        default:
            return std::nullopt;
    }
}

std::vector<std::string_view> list_items(std::string_view text, std::string_view delimiters) {
    std::vector<std::string_view> items;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(delimiters), text.size());
        if (const auto item = base::trim(text.substr(0, end)); !item.empty()) {
            items.push_back(item);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

ItemIndex::ItemIndex(Of of, const std::vector<ValueId>& dictionary, const ValuePool& pool) {
    for (std::uint32_t at = 0; at < dictionary.size(); ++at) {
        const auto* text =
            dictionary[at] != kUnsure ? pool.value(dictionary[at]).if_string() : nullptr;
        if (text == nullptr) {
            continue;
        }
        if (of == Of::Texts) {
            add(*text, at);
            continue;
        }
        for (const auto item : list_items(*text, kItemDelimiters)) {
            add(item, at);
        }
    }
}

void ItemIndex::add(std::string_view item, std::uint32_t position) {
    places_[base::lower(item)].push_back({position, item});
    bytes_ += item.size() + 100;
}

std::span<const ItemIndex::Place> ItemIndex::find(std::string_view item) const {
    const auto found = places_.find(base::lower(item));
    return found != places_.end() ? std::span(found->second) : std::span<const Place>();
}

}  // namespace tow::match
