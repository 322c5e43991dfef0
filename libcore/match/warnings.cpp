#include "match/warnings.hpp"

#include "base/error.hpp"
#include "classad/check.hpp"
#include "match/ads.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::match {

namespace {

using classad::Flaw;

std::string text_of(const classad::Problem& problem) {
    return fmt::format("{}: {}", problem.attribute, problem.message);
}

// What can only be seen in the text: integers that became 0, text that is ignored.
void look_at_text(const std::string& name, const std::string& text,
                  std::vector<std::string>& found) {
    classad::ParseNotes notes;
    classad::Ad ad;
    try {
        ad.insert(name, classad::parse_expr(text, {}, &notes));
    } catch (const base::Error&) {
        return;  // told already
    }
    notes.places = {{name, 0}};
    for (const auto& problem : classad::check(ad, notes)) {
        if (problem.flaw == Flaw::IntegerBecameZero || problem.flaw == Flaw::TextIgnored) {
            found.push_back(text_of(problem));
        }
    }
}

std::vector<std::string> look_at_ad(const classad::Ad& ad, const record::Object& expressions,
                                    const std::string& requirements, base::Time now) {
    std::vector<std::string> found;
    for (const auto& problem : classad::check(ad, {.now = now})) {
        found.push_back(text_of(problem));
    }
    look_at_text("Requirements", requirements, found);
    for (const auto& [name, value] : expressions) {
        if (const auto* text = value.string()) {
            look_at_text(name, *text, found);
        }
    }
    return found;
}

}  // namespace

void Warnings::look_at(const std::vector<model::Entry>& entries,
                       const std::vector<model::JobGroup>& groups) {
    for (const auto& entry : entries) {
        look_at(entry);
    }
    for (const auto& group : groups) {
        look_at(group);
    }
}

void Warnings::look_at(const model::JobGroup& group) {
    std::vector<std::string> problems;
    const auto ad = job_ad(group, problems);
    for (const auto& problem : problems) {
        add("job group " + group.id, problem);
    }
    for (const auto& text : look_at_ad(ad, group.ad_exprs, group.requirements, now_)) {
        add("job group " + group.id, text);
    }
}

void Warnings::look_at(const model::Entry& entry) {
    std::vector<std::string> problems;
    const auto ad = entry_ad(entry, problems);
    const auto found = look_at_ad(ad, entry.ad_exprs, entry.start, now_);
    problems.insert(problems.end(), found.begin(), found.end());
    constexpr std::string_view kThere = "Requirements:";
    for (const auto& problem : problems) {  // in an entry they are called start
        add("entry " + entry.name,
            problem.starts_with(kThere) ? "start:" + problem.substr(kThere.size()) : problem);
    }
}

void Warnings::add(const std::string& where, const std::string& text) {
    const auto [found, is_new] = found_.try_emplace(text);
    if (is_new) {
        found->second = {where, 0, found_.size()};
    }
    ++found->second.count;
}

std::vector<std::string> Warnings::texts() const {
    std::vector<std::pair<std::size_t, std::string>> ordered;
    for (const auto& [text, place] : found_) {
        const auto more = place.count > 1 ? fmt::format(" and {} more", place.count - 1) : "";
        ordered.emplace_back(place.number, fmt::format("{}{}: {}", place.first, more, text));
    }
    std::ranges::sort(ordered);
    std::vector<std::string> result(ordered.size());
    std::ranges::transform(ordered, result.begin(), [](const auto& item) { return item.second; });
    return result;
}

}  // namespace tow::match
