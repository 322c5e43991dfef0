#include "plan/compare.hpp"

#include <algorithm>
#include <map>

namespace tow::plan {

namespace {

std::string last_reason(const model::Request& request) {
    return request.because.empty() ? std::string{} : request.because.back().why;
}

}  // namespace

std::vector<record::Object> changes(const std::vector<model::Request>& before,
                                    const std::vector<model::Request>& after) {
    static const model::Request nothing;
    std::map<std::string_view, std::pair<const model::Request*, const model::Request*>> pairs;
    for (const auto& request : before) {
        pairs[request.entry] = {&request, &nothing};
    }
    for (const auto& request : after) {
        auto& pair = pairs.try_emplace(request.entry, &nothing, &nothing).first->second;
        pair.second = &request;
    }
    std::vector<record::Object> result;
    for (const auto& [entry, pair] : pairs) {
        const auto& [old, now] = pair;
        if (old->submit == now->submit && old->remove == now->remove) {
            continue;
        }
        auto change = record::new_record("plan_change");
        change.set("entry", entry);
        change.set("submit_before", old->submit);
        change.set("submit", now->submit);
        change.set("remove_before", old->remove);
        change.set("remove", now->remove);
        change.set("why_before", last_reason(*old));
        change.set("why", last_reason(*now));
        result.push_back(std::move(change));
    }
    return result;
}

std::vector<record::Object> explanations(const model::Request& request) {
    const auto needed = std::ranges::find(request.because, "needed", &model::Because::step);
    std::vector<record::Object> result;
    for (const auto& [step, value, why] : request.because) {
        auto line = record::new_record("explanation");
        line.set("entry", request.entry);
        line.set("wanted", needed == request.because.end() ? std::int64_t{0} : needed->value);
        line.set("given", request.submit);
        line.set("step", step);
        line.set("value", value);
        line.set("why", why);
        result.push_back(std::move(line));
    }
    return result;
}

}  // namespace tow::plan
