#include "match/outcomes.hpp"

#include <algorithm>
#include <utility>

namespace tow::match {

namespace {

// The same word of each plane.
struct Word {
    std::uint64_t is_true;
    std::uint64_t is_undefined;
    std::uint64_t is_error;
    std::uint64_t is_unsure;

    std::uint64_t is_false() const noexcept {
        return ~(is_true | is_undefined | is_error | is_unsure);
    }
};

Word and_words(const Word& left, const Word& right, bool eager) noexcept {
    const auto looks = left.is_true | left.is_undefined;
    const auto spoilt = eager ? left.is_error & right.is_unsure : 0;
    return {left.is_true & right.is_true,
            (left.is_true & right.is_undefined) |
                (left.is_undefined & (right.is_true | right.is_undefined)),
            (left.is_error & ~spoilt) | (looks & right.is_error),
            left.is_unsure | spoilt | (looks & right.is_unsure)};
}

Word or_words(const Word& left, const Word& right, bool eager) noexcept {
    const auto left_false = left.is_false();
    const auto looks = left_false | left.is_undefined;
    const auto spoilt = eager ? left.is_error & right.is_unsure : 0;
    return {left.is_true | (looks & right.is_true),
            (left_false & right.is_undefined) |
                (left.is_undefined & (right.is_undefined | right.is_false())),
            (left.is_error & ~spoilt) | (looks & right.is_error),
            left.is_unsure | spoilt | (looks & right.is_unsure)};
}

Word elvis_words(const Word& left, const Word& right, bool eager) noexcept {
    const auto looks = left.is_undefined;
    const auto spoilt = eager ? (left.is_true | left.is_error) & right.is_unsure : 0;
    return {(left.is_true & ~spoilt) | (looks & right.is_true), looks & right.is_undefined,
            (left.is_error & ~spoilt) | (looks & right.is_error),
            left.is_unsure | spoilt | (looks & right.is_unsure)};
}

Word choose_words(const Word& condition, const Word& yes, const Word& no, bool eager) noexcept {
    const auto is_no = condition.is_false();
    const auto pick = [&](std::uint64_t a, std::uint64_t b) {
        return (condition.is_true & a) | (is_no & b);
    };
    const auto unsure = yes.is_unsure | no.is_unsure;
    const auto spoilt = eager ? (condition.is_undefined | condition.is_error) & unsure : 0;
    return {pick(yes.is_true, no.is_true),
            (condition.is_undefined & ~spoilt) | pick(yes.is_undefined, no.is_undefined),
            (condition.is_error & ~spoilt) | pick(yes.is_error, no.is_error),
            condition.is_unsure | spoilt | pick(yes.is_unsure, no.is_unsure)};
}

Word word_of(const Outcomes& outcomes, std::size_t index) noexcept {
    return {outcomes.plane(Outcome::True)[index], outcomes.plane(Outcome::Undefined)[index],
            outcomes.plane(Outcome::Error)[index], outcomes.plane(Outcome::Unsure)[index]};
}

void put(Outcomes& outcomes, std::size_t index, const Word& word) noexcept {
    outcomes.plane(Outcome::True)[index] = word.is_true;
    outcomes.plane(Outcome::Undefined)[index] = word.is_undefined;
    outcomes.plane(Outcome::Error)[index] = word.is_error;
    outcomes.plane(Outcome::Unsure)[index] = word.is_unsure;
}

}  // namespace

Outcomes::Outcomes(std::size_t rows, Outcome everywhere)
    : rows_(rows), stride_(words_for(rows)), words_(stride_ * 4) {
    if (everywhere != Outcome::False && stride_ > 0) {
        std::ranges::fill(plane(everywhere), ~std::uint64_t{0});
        plane(everywhere).back() &= last_word_mask(rows);
    }
}

void Outcomes::make_unsure(const Bits& rows) noexcept {
    for (std::size_t i = 0; i < stride_; ++i) {
        const auto unsure = rows.words()[i];
        for (const auto outcome : {Outcome::True, Outcome::Undefined, Outcome::Error}) {
            plane(outcome)[i] &= ~unsure;
        }
        plane(Outcome::Unsure)[i] |= unsure;
    }
}

OutcomeAlgebra::OutcomeAlgebra(std::size_t rows, bool eager)
    : eager_(eager),
      constants_{Outcomes(rows), Outcomes(rows, Outcome::True), Outcomes(rows, Outcome::Undefined),
                 Outcomes(rows, Outcome::Error), Outcomes(rows, Outcome::Unsure)} {}

const Outcomes& OutcomeAlgebra::planes(const Verdict& verdict) const noexcept {
    return verdict.uniform() ? constants_[static_cast<std::size_t>(verdict.everywhere())]
                             : *verdict.mixed();
}

// What is in it is left over.
OwnOutcomes OutcomeAlgebra::buffer() const {
    if (spare_.empty()) {
        return {new Outcomes(constants_[0]), GiveBack{&spare_}};
    }
    auto* outcomes = spare_.back().release();
    spare_.pop_back();
    return {outcomes, GiveBack{&spare_}};
}

Verdict OutcomeAlgebra::with_unsure(const Verdict& verdict, const Bits& rows) const {
    auto result = buffer();
    *result = planes(verdict);
    result->make_unsure(rows);
    return Verdict(std::move(result));
}

// Writes into what one of the two sides owns, if it owns anything: a long chain of operators then
// needs one buffer.
template <class Combine>
Verdict OutcomeAlgebra::combined(Verdict left, Verdict right, Combine combine) const {
    const auto& a = planes(left);
    const auto& b = planes(right);
    auto result = left.own_ ? std::move(left.own_) : right.own_ ? std::move(right.own_) : buffer();
    for (std::size_t i = 0; i < result->stride_; ++i) {
        put(*result, i, combine(word_of(a, i), word_of(b, i)));
    }
    return Verdict(std::move(result));
}

bool OutcomeAlgebra::decides(const Verdict& left, bool is_and) const noexcept {
    if (left.uniform()) {
        return left.is(is_and ? Outcome::False : Outcome::True) || left.is(Outcome::Unsure) ||
               (left.is(Outcome::Error) && !eager_);
    }
    if (!is_and || eager_) {
        return false;
    }
    const auto nonzero = [](std::uint64_t word) { return word != 0; };
    return std::ranges::none_of(left.mixed()->plane(Outcome::True), nonzero) &&
           std::ranges::none_of(left.mixed()->plane(Outcome::Undefined), nonzero);
}

Verdict OutcomeAlgebra::conjunction(Verdict left, Verdict right) const {
    if (left.is(Outcome::True)) {
        return right;
    }
    if (right.is(Outcome::True)) {
        return left;
    }
    if (left.uniform() && right.uniform()) {
        const bool spoilt = left.is(Outcome::Error) && right.is(Outcome::Unsure) && eager_;
        if (left.is(Outcome::Undefined)) {
            return right.is(Outcome::Undefined) ? std::move(left) : std::move(right);
        }
        return spoilt ? std::move(right) : std::move(left);
    }
    return combined(
        std::move(left), std::move(right),
        [eager = eager_](const Word& a, const Word& b) { return and_words(a, b, eager); });
}

Verdict OutcomeAlgebra::disjunction(Verdict left, Verdict right) const {
    if (left.is(Outcome::False)) {
        return right;
    }
    if (left.uniform() && right.uniform()) {
        const bool spoilt = left.is(Outcome::Error) && right.is(Outcome::Unsure) && eager_;
        if (left.is(Outcome::Undefined)) {
            return right.is(Outcome::False) ? std::move(left) : std::move(right);
        }
        return spoilt ? std::move(right) : std::move(left);
    }
    return combined(
        std::move(left), std::move(right),
        [eager = eager_](const Word& a, const Word& b) { return or_words(a, b, eager); });
}

Verdict OutcomeAlgebra::negation(Verdict operand) const {
    if (operand.uniform()) {
        const bool boolean = operand.is(Outcome::True) || operand.is(Outcome::False);
        return boolean ? Verdict(operand.is(Outcome::True) ? Outcome::False : Outcome::True)
                       : std::move(operand);
    }
    auto result = buffer();
    *result = *operand.mixed();
    for (std::size_t i = 0; i < result->stride_; ++i) {
        result->plane(Outcome::True)[i] = word_of(*operand.mixed(), i).is_false();
    }
    result->plane(Outcome::True).back() &= last_word_mask(result->rows());
    return Verdict(std::move(result));
}

Verdict OutcomeAlgebra::choice(const Verdict& condition, const Verdict& yes, const Verdict& no,
                               bool eager) const {
    const auto& asked = planes(condition);
    auto result = buffer();
    for (std::size_t i = 0; i < result->stride_; ++i) {
        put(*result, i,
            choose_words(word_of(asked, i), word_of(planes(yes), i), word_of(planes(no), i),
                         eager));
    }
    return Verdict(std::move(result));
}

Verdict OutcomeAlgebra::elvis(Verdict left, Verdict right) const {
    return combined(
        std::move(left), std::move(right),
        [eager = eager_](const Word& a, const Word& b) { return elvis_words(a, b, eager); });
}

}  // namespace tow::match
