// What the ads of the rows say under each name. Internal to the column engine.
#pragma once

#include "classad/ad.hpp"
#include "match/column_store.hpp"
#include "match/contexts.hpp"
#include "match/outcomes.hpp"
#include "match/positions.hpp"
#include "match/walk.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace tow::match {

// Adds every name under which the expression, or what it leads to in its own ad, may look at the
// other side; stops when there are more than most.
void add_asked_names(const classad::Expr& expr, const classad::Ad& own, std::size_t most,
                     std::vector<classad::Name>& names);

class RowAttributes {
  public:
    // All must outlive this.
    RowAttributes(const std::vector<const classad::Ad*>& ads, ColumnStore& store,
                  const OutcomeAlgebra& algebra, const classad::EvalOptions& options);

    // Looks these up in all ads, in one go: once through the memory of each ad is much faster than
    // once for each name. Names that are known already are left as they are.
    void load(std::span<const classad::Name> names);

    // The attribute as an expression in my sees it behind TARGET., and what a row can spend on it.
    // Unsure where it cannot be told without evaluating the pair.
    Operand find(const classad::Name& name, const classad::Ad& my, Cost& cost);

    // What countMatches() or evalInEachContext() answers for the list of this name in each row.
    Operand in_contexts(classad::FunctionId function, const classad::Expr& each,
                        const classad::Name& list);

    void clear() {
        known_.clear();
        in_contexts_.clear();
    }

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

    ValueId answer_alone(std::uint32_t row, const classad::Expr& call, const classad::Name& list,
                         const Question& question);
    Entry* known_entry(const classad::Name& name);
    void scan(std::span<Entry* const> entries);
    void look_up(Entry& entry);
    void finish(Entry& entry);
    ValueId closed_value(Entry& entry, std::uint32_t row, const classad::Expr& definition);
    Resolved resolve(Entry& entry, const std::vector<ValueId>& answers);
    std::vector<ValueId> answers_of(const Entry& entry, const classad::Ad& my);

    const std::vector<const classad::Ad*>& ads_;
    ColumnStore& store_;
    const OutcomeAlgebra& algebra_;
    const classad::EvalOptions& options_;
    Positions row_positions_;
    Positions my_positions_;
    std::unordered_multimap<std::uint64_t, Entry> known_;   // by the hash of the name
    std::unordered_map<std::string, Operand> in_contexts_;  // by function, list and question
};

}  // namespace tow::match
