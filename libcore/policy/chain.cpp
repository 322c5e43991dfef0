#include "base/error.hpp"
#include "policy/policy.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using plan::Step;
using Kind = Step::Kind;

constexpr std::array kKinds{Kind::Scale,       Kind::Ramp,       Kind::MinPerCycle,
                            Kind::MaxPerCycle, Kind::MinPending, Kind::MaxPending,
                            Kind::MinPilots,   Kind::MaxPilots,  Kind::KeepRunning,
                            Kind::TestMode,    Kind::Throttle,   Kind::Curb};

double share(config::MapReader& reader, std::string_view key, double fallback) {
    const auto value = reader.real(key).value_or(fallback);
    if (!(value > 0 && value <= 1)) {
        reader.require(key).expected("a number above 0 and up to 1");
    }
    return value;
}

Step read_ramp(const config::Node& node) {
    Step step{.kind = Kind::Ramp};
    config::MapReader reader(node);
    step.factor = share(reader, "fraction", 1.0 / 3);
    step.floor = reader.count("floor").value_or(1);
    step.reserve = reader.count("reserve").value_or(0);
    step.age = reader.duration("old").value_or(std::chrono::seconds{600});
    reader.finish();
    return step;
}

Step read_throttle(const config::Node& node) {
    Step step{.kind = Kind::Throttle};
    config::MapReader reader(node);
    step.factor = share(reader, "share", 0.5);
    step.age = reader.duration("short").value_or(std::chrono::seconds{60});
    step.window = reader.duration("window").value_or(std::chrono::seconds{3600});
    step.sample = reader.count("sample").value_or(5);
    step.count = reader.count("probes").value_or(1);
    reader.finish();
    return step;
}

Step read_scale(const config::Node& node) {
    constexpr double kMost = 1000;
    Step step{.kind = Kind::Scale};
    step.factor = node.real();
    if (!(step.factor >= 0 && step.factor <= kMost)) {
        node.expected("a factor from 0 to 1000");
    }
    return step;
}

Step read_count(Kind kind, const config::Node& node) {
    Step step{.kind = kind};
    step.count = node.integer();
    if (step.count < 0) {
        node.expected("an integer of at least 0");
    }
    return step;
}

Step read_step(const config::Node& item) {
    std::vector<std::string> names;
    config::MapReader reader(item);
    std::optional<Step> step;
    for (const auto kind : kKinds) {
        names.emplace_back(plan::step_name(kind));
        const auto* node = reader.get(names.back());
        if (node == nullptr) {
            continue;
        }
        if (step) {
            item.reject("expected one step each, as a list: their order matters");
        }
        switch (kind) {
            case Kind::Ramp:
                step = read_ramp(*node);
                break;
            case Kind::Throttle:
                step = read_throttle(*node);
                break;
            case Kind::Scale:
                step = read_scale(*node);
                break;
            default:
                step = read_count(kind, *node);
        }
    }
    reader.finish();
    if (!step) {
        item.reject("expected a step");
    }
    return *step;
}

// A minimum behind a maximum would break it, and one above it can never hold.
void check_order(const Step& step, const std::vector<Step>& before, const config::Node& item) {
    for (const auto& earlier : before) {
        if (plan::is_minimum(step.kind) && plan::is_maximum(earlier.kind)) {
            item.reject(fmt::format("{} stands behind {} and would break it: put it first",
                                    plan::step_name(step.kind), plan::step_name(earlier.kind)));
        }
        const bool is_pair =
            plan::step_name(step.kind).substr(0, 4) == "max_" &&
            plan::step_name(earlier.kind).substr(0, 4) == "min_" &&
            plan::step_name(step.kind).substr(4) == plan::step_name(earlier.kind).substr(4);
        if (is_pair && earlier.count > step.count) {
            item.reject(fmt::format("{} {} is above {} {}", plan::step_name(earlier.kind),
                                    earlier.count, plan::step_name(step.kind), step.count));
        }
    }
}

}  // namespace

std::vector<plan::Step> read_chain(const config::Node& list) {
    if (list.kind() != config::Node::Kind::List) {
        list.expected("a list of steps");
    }
    std::vector<Step> chain;
    for (const auto& item : list.items()) {
        auto step = read_step(item);
        check_order(step, chain, item);
        chain.push_back(step);
    }
    return chain;
}

}  // namespace tow::policy
