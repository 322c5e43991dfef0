#include "match/columns.hpp"

#include "match/engine.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace tow::match {

namespace {

using classad::Ad;

// Ads whose expressions are fetched from memory together.
constexpr std::size_t kBatch = 8;

// One side of all pairs: a row for each ad that asks, a column for each that is looked at.
struct Side {
    BitMatrix is_true;
    BitMatrix is_unsure;
    bool any_unsure = false;
};

void put(std::span<std::uint64_t> row, const Verdict& verdict, Outcome outcome, std::size_t bits) {
    if (!verdict.uniform()) {
        std::ranges::copy(verdict.mixed()->plane(outcome), row.begin());
    } else if (verdict.is(outcome) && !row.empty()) {
        std::ranges::fill(row, ~std::uint64_t{0});
        row.back() &= last_word_mask(bits);
    }
}

bool is_anywhere(const Verdict& verdict, Outcome outcome) noexcept {
    return verdict.uniform() ? verdict.is(outcome)
                             : std::ranges::any_of(verdict.mixed()->plane(outcome),
                                                   [](std::uint64_t word) { return word != 0; });
}

// What the Requirements of those of these ads that count say of all rows. Each answer is forgotten
// as soon as it has been written down.
Side judge_all(const std::vector<const Ad*>& asking, const Bits& that_count, Engine& engine) {
    static const classad::Name requirements("Requirements");
    const auto rows = engine.ads().size();
    Side side{BitMatrix(asking.size(), rows), {}};
    engine.expect(asking);
    auto position = Ad::kNowhere;
    std::array<const classad::Expr*, kBatch> batch{};
    for (std::size_t i = 0; i < asking.size(); ++i) {
        if (i % kBatch == 0) {
            const auto ads = std::span(asking).subspan(i, std::min(kBatch, asking.size() - i));
            for (std::size_t k = 0; k < ads.size(); ++k) {
                batch[k] = that_count.test(i + k) ? ads[k]->find(requirements, position) : nullptr;
            }
            engine.prepare(std::span(batch).first(ads.size()), ads);
        }
        const auto* expr = batch[i % kBatch];
        if (expr == nullptr) {
            continue;  // undefined: no match
        }
        const auto verdict = engine.judge(*expr, *asking[i]);
        put(side.is_true.row(i), verdict, Outcome::True, rows);
        if (is_anywhere(verdict, Outcome::Unsure)) {
            if (!side.any_unsure) {
                side.is_unsure = BitMatrix(asking.size(), rows);
                side.any_unsure = true;
            }
            put(side.is_unsure.row(i), verdict, Outcome::Unsure, rows);
        }
    }
    return side;
}

// Who may want somebody, and who may be wanted: nobody need ask or look at the rest.
struct Candidates {
    std::vector<std::size_t> wanting;  // rows
    Bits wanted;                       // columns
};

Candidates candidates(const Side& side) {
    Candidates result{{}, Bits(side.is_true.columns())};
    for (std::size_t i = 0; i < side.is_true.rows(); ++i) {
        std::uint64_t any = 0;
        for (std::size_t word = 0; word < side.is_true.row(i).size(); ++word) {
            const auto unsure = side.any_unsure ? side.is_unsure.row(i)[word] : 0;
            const auto open = side.is_true.row(i)[word] | unsure;
            result.wanted.words()[word] |= open;
            any |= open;
        }
        if (any != 0) {
            result.wanting.push_back(i);
        }
    }
    return result;
}

// A pair is settled if one side is known to refuse, or both are known to agree; the rest is for the
// tree evaluator.
class Settling {
  public:
    Settling(const std::vector<const Ad*>& jobs, const std::vector<const Ad*>& slots,
             const classad::EvalOptions& options)
        : jobs_(jobs), slots_(slots), options_(options) {}

    // The slots have been asked about these jobs; no other wants any.
    BitMatrix run(Side of_jobs, const Side& of_slots,
                  const std::vector<std::size_t>& wanting) const {
        auto result = std::move(of_jobs.is_true);
        const auto slots_true = of_slots.is_true.transposed();
        const auto slots_unsure =
            of_slots.any_unsure ? of_slots.is_unsure.transposed() : BitMatrix();
        for (std::size_t asked = 0; asked < wanting.size(); ++asked) {
            const auto i = wanting[asked];
            for (std::size_t word = 0; word < result.row(i).size(); ++word) {
                const auto job_true = result.row(i)[word];
                const auto job_unsure = of_jobs.any_unsure ? of_jobs.is_unsure.row(i)[word] : 0;
                const auto slot_true = slots_true.row(asked)[word];
                const auto slot_unsure = of_slots.any_unsure ? slots_unsure.row(asked)[word] : 0;
                const auto open = ((job_true | job_unsure) & (slot_true | slot_unsure)) &
                                  (job_unsure | slot_unsure);
                result.row(i)[word] =
                    (job_true & slot_true & ~open) | (open != 0 ? ask(i, word, open) : 0);
            }
        }
        return result;
    }

  private:
    std::uint64_t ask(std::size_t job, std::size_t word, std::uint64_t open) const {
        std::uint64_t result = 0;
        for_each_bit(std::span(&open, 1), [&](std::size_t bit) {
            const auto& slot = *slots_[word * kWordBits + bit];
            result |= std::uint64_t{classad::matches(*jobs_[job], slot, options_)} << bit;
        });
        return result;
    }

    const std::vector<const Ad*>& jobs_;
    const std::vector<const Ad*>& slots_;
    const classad::EvalOptions& options_;
};

Bits plane_of(const Verdict& verdict, Outcome outcome, std::size_t rows) {
    Bits bits(rows);
    put(bits.words(), verdict, outcome, rows);
    return bits;
}

}  // namespace

class Columns::Impl {
  public:
    Impl(std::vector<const Ad*> ads, const classad::EvalOptions& options)
        : engine_(std::move(ads), options) {}

    std::size_t rows() const noexcept { return engine_.ads().size(); }

    Truths truths(const classad::Expr& expr, const Ad& my) {
        const auto verdict = engine_.judge(expr, my);
        Truths result{plane_of(verdict, Outcome::True, rows()),
                      plane_of(verdict, Outcome::Undefined, rows()),
                      plane_of(verdict, Outcome::Error, rows())};
        const auto unsure = plane_of(verdict, Outcome::Unsure, rows());
        for_each_bit(unsure.words(), [&](std::size_t row) {
            const auto truth =
                classad::evaluate_truth(expr, &my, engine_.ads()[row], engine_.options());
            if (truth != classad::Truth::False) {
                auto& bits = truth == classad::Truth::True        ? result.is_true
                             : truth == classad::Truth::Undefined ? result.is_undefined
                                                                  : result.is_error;
                bits.set(row);
            }
        });
        return result;
    }

  private:
    Engine engine_;
};

Columns::Columns(std::vector<const Ad*> ads, const classad::EvalOptions& options)
    : impl_(std::make_unique<Impl>(std::move(ads), options)) {}

Columns::~Columns() = default;
Columns::Columns(Columns&&) noexcept = default;
Columns& Columns::operator=(Columns&&) noexcept = default;

std::size_t Columns::rows() const noexcept {
    return impl_->rows();
}

Truths Columns::truths(const classad::Expr& expr, const Ad& my) {
    return impl_->truths(expr, my);
}

class Matchmaker::Impl {
  public:
    Impl(std::vector<const Ad*> slots, const classad::EvalOptions& options)
        : slots_(std::move(slots), options) {}

    BitMatrix match(const std::vector<const Ad*>& jobs) {
        auto of_jobs = judge_all(jobs, Bits(jobs.size()).inverse(), slots_);
        const auto [wanting, wanted] = candidates(of_jobs);
        std::vector<const Ad*> asked(wanting.size());
        std::ranges::transform(wanting, asked.begin(), [&](std::size_t i) { return jobs[i]; });
        Engine engine(std::move(asked), slots_.options());
        return Settling(jobs, slots_.ads(), slots_.options())
            .run(std::move(of_jobs), judge_all(slots_.ads(), wanted, engine), wanting);
    }

  private:
    Engine slots_;
};

Matchmaker::Matchmaker(std::vector<const Ad*> slots, const classad::EvalOptions& options)
    : impl_(std::make_unique<Impl>(std::move(slots), options)) {}

Matchmaker::~Matchmaker() = default;
Matchmaker::Matchmaker(Matchmaker&&) noexcept = default;
Matchmaker& Matchmaker::operator=(Matchmaker&&) noexcept = default;

BitMatrix Matchmaker::match(const std::vector<const Ad*>& jobs) {
    return impl_->match(jobs);
}

BitMatrix matching_pairs(const std::vector<const Ad*>& jobs, const std::vector<const Ad*>& slots,
                         const classad::EvalOptions& options) {
    return Matchmaker(slots, options).match(jobs);
}

}  // namespace tow::match
