#include "plan/removal.hpp"

#include "plan/shape.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::plan {

namespace {

struct Surplus {
    std::int64_t pilots = 0;
    std::string why;

    void at_least(std::int64_t other, std::string_view reason) {
        if (other > pilots) {
            pilots = other;
            why = reason;
        }
    }
};

Surplus surplus_of(const Outlook& outlook, std::int64_t used_pending, base::Time now) {
    const auto& entry = outlook.terms->entry;
    const auto& removal = outlook.terms->removal;
    const auto& count = outlook.count;
    Surplus surplus;
    const auto state = model::effective_state(entry, now);
    if (state != model::EntryState::InService) {
        surplus.at_least(count.pending, fmt::format("pending pilots of an entry that is {}",
                                                    model::state_name(state)));
        return surplus;
    }
    surplus.at_least(
        count.pending - used_pending - removal.margin,
        outlook.coming < count.pending
            ? "pending pilots that no job counts on: they are stuck, or the resource is dead"
            : "pending pilots that no job waits for");
    surplus.at_least(
        std::min(count.pending, too_many(outlook.terms->chain, {count, outlook.pilots, 0, now})),
        "pilots beyond keep_running");
    if (removal.what == model::RemoveWhat::All && entry.limits.max_pilots) {
        surplus.at_least(count.pending + count.running - *entry.limits.max_pilots,
                         "pilots beyond max_pilots");
    }
    return surplus;
}

}  // namespace

void decide_removal(Outlook& outlook, std::int64_t used_pending, model::Request& request,
                    base::Time now) {
    const auto& removal = outlook.terms->removal;
    auto& next = outlook.next;
    const auto forget = [&next] { next.surplus = next.surplus_looks = 0; };
    if (removal.what == model::RemoveWhat::None || !outlook.is_seen || request.submit > 0) {
        forget();
        return;
    }
    const auto surplus = surplus_of(outlook, used_pending, now);
    if (surplus.pilots <= 0) {
        forget();
        return;
    }
    auto& because = request.because;
    because.push_back({"surplus", surplus.pilots, surplus.why});
    if (!outlook.keep.empty()) {
        forget();
        because.push_back({"keep", 0, outlook.keep});
        return;
    }
    next.surplus =
        next.surplus_looks == 0 ? surplus.pilots : std::min(next.surplus, surplus.pilots);
    ++next.surplus_looks;
    if (next.surplus_looks < removal.after_looks) {
        because.push_back(
            {"after_looks", 0,
             fmt::format("seen at look {} of {}", next.surplus_looks, removal.after_looks)});
        return;
    }
    const auto most = outlook.terms->entry.limits.max_remove.value_or(removal.most);
    request.remove = std::min(next.surplus, most);
    request.what = removal.what;
    because.push_back({"remove", request.remove, fmt::format("max_remove {}", most)});
}

}  // namespace tow::plan
