#include "fleet/held.hpp"

#include <fmt/core.h>

namespace tow::fleet {

namespace {

class Judge {
  public:
    Judge(const HeldPolicy& policy, base::Time now) : policy_(policy), now_(now) {}

    Settled judge(const Row& row) {
        Settled result{row, HeldAction::Leave, {}};
        if (row.came_late()) {
            result.why = "it is on hold for good; the next tow-submit removes it";
            return result;
        }
        const auto code = row.pilot.hold_code.value_or(0);
        const auto rule = fmt::format("code {}", code);
        if (policy_.remove.contains(code)) {
            use(removals_, policy_.max_remove, HeldAction::Remove, rule, result);
        } else if (!policy_.release.contains(code)) {
            result.why = rule + " is neither to be released nor removed";
        } else if (row.releases >= kMostReleases) {
            result.why = fmt::format("it was released {} times already", row.releases);
        } else if (row.released_at && now_ < *row.released_at + kBetweenReleases) {
            result.why = "it was released at " + base::format_time(*row.released_at);
        } else {
            use(releases_, policy_.max_release, HeldAction::Release, rule, result);
        }
        return result;
    }

  private:
    static void use(std::size_t& used, std::size_t most, HeldAction action, const std::string& rule,
                    Settled& result) {
        if (used == most) {
            result.why =
                fmt::format("{}, but this run may {} only {}", rule, action_name(action), most);
            return;
        }
        ++used;
        result.action = action;
        result.why = rule;
    }

    const HeldPolicy& policy_;
    base::Time now_;
    std::size_t releases_ = 0;
    std::size_t removals_ = 0;
};

}  // namespace

std::string_view action_name(HeldAction action) noexcept {
    switch (action) {
        case HeldAction::Release:
            return "release";
        case HeldAction::Remove:
            return "remove";
        default:
            return "leave";
    }
}

std::vector<Settled> settle_held(const std::vector<Row>& living, const HeldPolicy& policy,
                                 base::Time now) {
    Judge judge(policy, now);
    std::vector<Settled> result;
    for (const auto& row : living) {
        if (row.pilot.state == model::PilotState::Held) {
            result.push_back(judge.judge(row));
        }
    }
    return result;
}

}  // namespace tow::fleet
