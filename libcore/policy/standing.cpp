#include "policy/standing.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using Kind = Effect::Kind;
using Limit = std::optional<std::int64_t>;

void apply(const Effect& effect, Standing& standing) {
    const auto lower = [&effect](Limit& limit) {
        limit = std::min(limit.value_or(effect.value), effect.value);
    };
    switch (effect.kind) {
        case Kind::Enable:
            standing.enabled = true;
            break;
        case Kind::Disable:
            standing.enabled = standing.enabled.value_or(false);
            break;
        case Kind::Veto:
            standing.is_vetoed = true;
            break;
        case Kind::MaxPilots:
            lower(standing.max_pilots);
            break;
        case Kind::MaxPending:
            lower(standing.max_pending);
            break;
        case Kind::MaxSubmit:
            lower(standing.max_submit);
            break;
        case Kind::Prefer:
            standing.tier_change += effect.value;
            break;
    }
}

bool is_overruled(const Effect& effect, const Standing& standing) {
    switch (effect.kind) {
        case Kind::Enable:
            return standing.is_vetoed;
        case Kind::Disable:
            return standing.is_vetoed || standing.enabled == true;
        case Kind::MaxPilots:
            return effect.value > standing.max_pilots;
        case Kind::MaxPending:
            return effect.value > standing.max_pending;
        case Kind::MaxSubmit:
            return effect.value > standing.max_submit;
        case Kind::Veto:
        case Kind::Prefer:
            break;
    }
    return false;
}

bool decides_use(const Rule& rule) {
    const auto is_about_use = [](const Effect& effect) {
        return effect.kind == Kind::Enable || effect.kind == Kind::Disable ||
               effect.kind == Kind::Veto;
    };
    return std::ranges::any_of(rule.then, is_about_use) ||
           std::ranges::any_of(rule.otherwise, is_about_use);
}

}  // namespace

std::string Standing::Reason::text() const {
    return fmt::format("{}: {}", rule->text(), effect.text());
}

Standing standing_of(const Fired& fired, const model::Entry& entry, const classad::Ad& ad,
                     base::Time now) {
    Standing standing;
    for (const auto& firing : fired.firings) {
        const auto effects = firing.effects();
        if (effects.empty() || !firing.rule->selector.selects(entry, ad, now)) {
            continue;
        }
        for (const auto& effect : effects) {
            apply(effect, standing);
            standing.because.push_back({.rule = firing.rule, .effect = effect});
        }
    }
    for (auto& reason : standing.because) {
        reason.is_overruled = is_overruled(reason.effect, standing);
    }
    standing.is_undecided = std::ranges::any_of(fired.undecided, [&](const auto& warning) {
        return decides_use(*warning.rule) && warning.rule->selector.selects(entry, ad, now);
    });
    return standing;
}

}  // namespace tow::policy
