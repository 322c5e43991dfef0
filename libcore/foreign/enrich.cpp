#include "foreign/enrich.hpp"

#include "base/utf8.hpp"
#include "foreign/allocations.hpp"
#include "foreign/downtimes.hpp"
#include "foreign/knowledge.hpp"
#include "foreign/prices.hpp"
#include "record/json.hpp"

#include <utility>

#include <fmt/core.h>

namespace tow::foreign {

namespace {

using Remarks = std::vector<std::string>;

std::vector<Text> texts_of(std::vector<KnownText>& known) {
    std::vector<Text> texts;
    texts.reserve(known.size());
    for (auto& one : known) {
        texts.push_back(std::move(one.text));
    }
    return texts;
}

void append(const Remarks& more, Remarks& remarks) {
    remarks.insert(remarks.end(), more.begin(), more.end());
}

void add_known_downtimes(std::vector<KnownText>& known, base::Time now, std::chrono::seconds past,
                         std::vector<model::Entry>& entries, Remarks& remarks) {
    const auto announcements = read_announcements(texts_of(known));
    append(announcements.problems, remarks);
    if (const auto unused = add_downtimes(announcements, now, past, entries); unused > 0) {
        remarks.push_back(fmt::format("{} downtimes concern no entry", unused));
    }
}

void set_known_costs(std::vector<KnownText>& known, std::vector<model::Entry>& entries,
                     Remarks& remarks) {
    const auto quotes = read_quotes(texts_of(known));
    append(quotes.problems, remarks);
    if (const auto priced = set_costs(quotes, entries); priced < entries.size()) {
        remarks.push_back(fmt::format("{} entries have no price", entries.size() - priced));
    }
}

void set_known_balances(const std::vector<KnownText>& known, std::vector<model::Entry>& entries,
                        Remarks& remarks) {
    Balances balances;
    for (const auto& one : known) {
        read_balances(one.text, one.observed_at, balances);
    }
    append(balances.problems, remarks);
    for (const auto& account : set_balances(balances, entries)) {
        remarks.push_back(fmt::format("nobody says what is left of the allocation of {}",
                                      base::printable(account)));
    }
}

// Returns remarks for people: what could not be read or concerns nobody.
Remarks enrich(KnownTexts& texts, base::Time now, std::chrono::seconds past,
               std::vector<model::Entry>& entries) {
    auto& [downtimes, prices, allocations] = texts;
    Remarks remarks;
    if (!downtimes.empty()) {
        add_known_downtimes(downtimes, now, past, entries, remarks);
    }
    if (!prices.empty()) {
        set_known_costs(prices, entries, remarks);
    }
    if (!allocations.empty()) {
        set_known_balances(allocations, entries, remarks);
    }
    return remarks;
}

void add_queries(const Knowledge& knowledge, base::Time now,
                 std::vector<std::unique_ptr<source::Query>>& queries) {
    const auto add = [&](Subject subject, const auto& places) {
        for (const auto& place : places) {
            queries.push_back(make_document_query(subject, place, now));
        }
    };
    add(Subject::Downtimes, knowledge.downtimes);
    add(Subject::Prices, knowledge.prices);
    add(Subject::Allocations, knowledge.allocations);
}

}  // namespace

std::vector<std::optional<base::Kind>> list_entries(Listing listing,
                                                    const source::AskOptions& options,
                                                    const source::AskEvents& events) {
    std::vector<std::optional<base::Kind>> results;
    if (listing.entries) {
        results.emplace_back();
    }
    auto entries = std::move(listing.entries).value_or(std::vector<model::Entry>{});
    KnownTexts texts;
    std::vector<std::pair<std::string, std::string>> others;  // gaps
    auto collect = events;
    collect.record = [&](std::string_view type, std::string_view line) {
        if (type == "entry") {
            const record::Document document(line);
            entries.push_back(model::read_entry(document.root()));
        } else if (!take_document(type, line, texts)) {
            others.emplace_back(type, line);
        }
    };
    auto& queries = listing.services;
    add_queries(listing.knowledge, options.now, queries);
    const auto asked = source::results_of(source::ask(queries, options, collect));
    results.insert(results.end(), asked.begin(), asked.end());
    const auto past = std::chrono::floor<std::chrono::seconds>(listing.knowledge.past);
    for (const auto& remark : enrich(texts, options.now, past, entries)) {
        events.warning(remark);
    }
    std::string line;
    for (auto& entry : entries) {
        entry.state = model::effective_state(entry, options.now);
        line.clear();
        record::write_json(to_record(entry), line);
        events.record("entry", line);
    }
    for (const auto& [type, text] : others) {
        events.record(type, text);
    }
    return results;
}

}  // namespace tow::foreign
