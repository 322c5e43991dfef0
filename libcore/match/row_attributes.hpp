// What the ads of the rows say under each name. Internal to the column engine.
#pragma once

#include "classad/ad.hpp"
#include "match/column_store.hpp"
#include "match/outcomes.hpp"
#include "match/walk.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tow::match {

class RowAttributes {
  public:
    // All must outlive this.
    RowAttributes(const std::vector<const classad::Ad*>& ads, ColumnStore& store,
                  const OutcomeAlgebra& algebra, const classad::EvalOptions& options);

    // The attribute as an expression in my sees it behind TARGET., and what a row can spend on it.
    // Unsure where it cannot be told without evaluating the pair.
    Operand find(const classad::Name& name, const classad::Ad& my, Cost& cost);

    void clear() { known_.clear(); }

  private:
    struct Open {
        std::uint32_t row;
        const classad::Expr* definition;
    };

    struct Resolved {
        Operand column;
        Cost cost;
    };

    struct Entry {
        classad::Name name;
        Operand closed = Operand::unsure();  // where no row looks back
        Cost cost;
        // Rows whose definition looks back at the other side, the names it can ask for there, and
        // the column for each set of answers.
        std::vector<Open> open;
        std::vector<classad::Name> asked;
        std::vector<ValueId> values;  // of the rows that are not open; empty if there are none
        std::map<std::vector<ValueId>, Resolved> by_answers;
    };

    Entry& entry_of(const classad::Name& name);
    void fill(Entry& entry);
    ValueId closed_value(Entry& entry, std::uint32_t row, const classad::Expr& definition);
    void ask_for(Entry& entry, const classad::Ad& ad, const classad::Expr& definition) const;
    Resolved resolve(Entry& entry, const std::vector<ValueId>& answers);
    std::vector<ValueId> answers_of(const Entry& entry, const classad::Ad& my);

    const std::vector<const classad::Ad*>& ads_;
    ColumnStore& store_;
    const OutcomeAlgebra& algebra_;
    const classad::EvalOptions& options_;
    std::unordered_multimap<std::uint64_t, Entry> known_;  // by the hash of the name
};

}  // namespace tow::match
