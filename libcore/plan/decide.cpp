#include "plan/decide.hpp"

#include "base/ulid.hpp"
#include "plan/caps.hpp"
#include "plan/outlook.hpp"
#include "plan/prefer.hpp"
#include "plan/removal.hpp"
#include "plan/shape.hpp"
#include "plan/spill.hpp"
#include "plan/supply.hpp"
#include "plan/workload.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

namespace tow::plan {

namespace {

// Entries whose pilots cannot be charged to a cap get none.
std::vector<Outlook>& block_unchargeable(std::vector<Outlook>& outlooks, const CapBook& caps) {
    for (std::size_t i = 0; i < outlooks.size(); ++i) {
        if (auto why = caps.unchargeable(i); !why.empty() && outlooks[i].blocked.empty()) {
            outlooks[i].blocked = std::move(why);
            outlooks[i].headroom = 0;
        }
    }
    return outlooks;
}

class Decider {
  public:
    Decider(const Situation& situation, const Terms& terms, base::Time now)
        : terms_(terms),
          now_(now),
          workload_(workload(situation, terms, now)),
          outlooks_(look_at(situation, terms, workload_, now)),
          caps_(terms, situation, outlooks_),
          spills_(terms, caps_, block_unchargeable(outlooks_, caps_), now),
          preferences_(prefer(terms, outlooks_, spills_, now)),
          served_(serve(workload_, outlooks_, caps_, spills_, preferences_)),
          because_(outlooks_.size()),
          submit_(outlooks_.size()) {}

    Decision run(const std::string& plan) {
        shape_all();
        Decision decision;
        decision.warnings = terms_.warnings;
        std::ranges::move(workload_.warnings, std::back_inserter(decision.warnings));
        decision.unmatched_jobs = workload_.unmatched_jobs;
        decision.unserved_jobs = served_.unserved_jobs;
        for (std::size_t i = 0; i < outlooks_.size(); ++i) {
            decision.requests.push_back(request(i, plan));
            decision.memories.push_back(outlooks_[i].next);
            decision.memories.back().plan = plan;
        }
        return decision;
    }

  private:
    // From what the jobs need to what is sent. Who wants less gives back to the caps first, then
    // who wants more takes, in order of preference.
    void shape_all() {
        for (std::size_t i = 0; i < outlooks_.size(); ++i) {
            caps_.take(i, served_.tallies[i].needed);
        }
        std::vector<std::int64_t> wanted(outlooks_.size());
        for (std::size_t i = 0; i < outlooks_.size(); ++i) {
            explain_need(i);
            wanted[i] = shaped(i);
            submit_[i] = std::min(wanted[i], served_.tallies[i].needed);
            caps_.take(i, submit_[i] - served_.tallies[i].needed);
        }
        std::vector<std::size_t> order(outlooks_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [this](auto i) { return preferences_[i].rank; });
        for (const auto i : order) {
            const auto more = std::min(
                {wanted[i] - submit_[i], outlooks_[i].headroom - submit_[i], caps_.room_for(i)});
            if (more > 0) {
                caps_.take(i, more);
                submit_[i] += more;
            }
            explain_submit(i, wanted[i]);
        }
    }

    // What the chain and the curbs make of the need.
    std::int64_t shaped(std::size_t i) {
        const auto& outlook = outlooks_[i];
        const auto& tally = served_.tallies[i];
        if (!outlook.blocked.empty()) {
            return 0;
        }
        const auto old = static_cast<std::int64_t>(std::ceil(tally.for_old_jobs - 1e-9));
        auto result =
            shape(outlook.terms->chain, tally.needed, {outlook.count, outlook.pilots, old, now_});
        std::ranges::move(result.because, std::back_inserter(because_[i]));
        for (auto& curb : caps_.curbs(i)) {
            result.pilots = result.pilots / 2 + result.pilots % 2;
            because_[i].push_back({"curb", result.pilots, "half: " + curb});
        }
        return result.pilots;
    }

    void explain_need(std::size_t i) {
        const auto& outlook = outlooks_[i];
        const auto& tally = served_.tallies[i];
        auto& because = because_[i];
        because = outlook.remarks;
        because.push_back({"matching", outlook.matching, "idle jobs that could run here"});
        const auto supplied = tally.on_idle + tally.on_pending;
        if (supplied > 0) {
            because.push_back(
                {"supply", supplied,
                 fmt::format("jobs that idle room ({}) and pending pilots ({}) will serve",
                             tally.on_idle, tally.on_pending)});
        }
        if (!outlook.blocked.empty()) {
            because.push_back({"blocked", 0, outlook.blocked});
            return;
        }
        if (!outlook.limit.empty()) {
            because.push_back({"headroom", outlook.headroom, outlook.limit});
        }
        if (!preferences_[i].why.empty()) {
            because.push_back({"preference", outlook.terms->entry.tier, preferences_[i].why});
        }
        if (!spills_.why_closed(i).empty()) {
            because.push_back({"spill", 0, spills_.why_closed(i)});
        }
        because.push_back(
            {"assigned", tally.on_new, "jobs for new pilots here, each counted at one entry only"});
        if (tally.needed > 0) {
            const auto& entry = outlook.terms->entry;
            const auto cores = cores_of_pilot(entry);
            because.push_back(
                {"needed", tally.needed,
                 fmt::format("pilots of {} core{} each for them", cores, cores == 1 ? "" : "s")});
        }
    }

    void explain_submit(std::size_t i, std::int64_t wanted) {
        if (outlooks_[i].blocked.empty()) {
            because_[i].push_back({"submit", submit_[i], why_so_many(i, wanted)});
        }
    }

    // Whether jobs that could run here are left: other entries may take them.
    bool has_more_jobs(std::size_t i) const {
        const auto& tally = served_.tallies[i];
        return tally.on_idle + tally.on_pending + tally.on_new < outlooks_[i].matching;
    }

    std::string why_so_many(std::size_t i, std::int64_t wanted) const {
        const auto& outlook = outlooks_[i];
        const auto& tally = served_.tallies[i];
        const bool is_cut = submit_[i] > 0 && caps_.room_for(i) == 0 && has_more_jobs(i);
        if (submit_[i] < wanted || is_cut || (submit_[i] > 0 && submit_[i] == outlook.headroom)) {
            return fmt::format("all that the limits allow: {}",
                               submit_[i] == outlook.headroom && !outlook.limit.empty()
                                   ? outlook.limit
                                   : caps_.tightest(i));
        }
        if (submit_[i] > 0) {
            return submit_[i] == tally.needed ? "what the jobs need" : "what policy makes of that";
        }
        if (tally.needed > 0) {
            return "what policy makes of that";
        }
        if (outlook.matching == 0) {
            return "no idle job could run here";
        }
        if (outlook.headroom == 0) {
            return fmt::format("no room: {}", outlook.limit);
        }
        if (caps_.room_for(i) == 0) {
            return fmt::format("{}: {}", caps_.had_room(i) ? "used up by other entries" : "no room",
                               caps_.tightest(i));
        }
        return spills_.why_closed(i).empty()
                   ? "what is on its way, and other entries, serve all the jobs"
                   : spills_.why_closed(i);
    }

    model::Request request(std::size_t i, const std::string& plan) {
        auto& outlook = outlooks_[i];
        model::Request request;
        request.plan = plan;
        request.entry = outlook.terms->entry.name;
        request.id = base::make_ulid(base::ulid_time_ms(plan).value_or(0),
                                     fmt::format("{}/{}", plan, request.entry));
        request.submit = submit_[i];
        request.walltime = request.submit > 0 ? outlook.walltime : std::nullopt;
        request.valid_until = now_ + terms_.valid_for;
        request.because = std::move(because_[i]);
        decide_removal(outlook, served_.tallies[i].used_pending, request, now_);
        return request;
    }

    const Terms& terms_;
    base::Time now_;
    Workload workload_;
    std::vector<Outlook> outlooks_;
    CapBook caps_;
    SpillOrder spills_;
    std::vector<Preference> preferences_;
    Served served_;
    std::vector<std::vector<model::Because>> because_;
    std::vector<std::int64_t> submit_;
};

}  // namespace

Decision decide(const Situation& situation, const Terms& terms, base::Time now,
                const std::string& plan) {
    return Decider(situation, terms, now).run(plan);
}

}  // namespace tow::plan
