// An ad in its surroundings, as name lookup sees it. Internal to evaluation.
#pragma once

#include "classad/ad.hpp"

namespace tow::classad {

struct Scope {
    // Left and Right are the two ads that meet; their contexts and the match ad are what HTCondor
    // puts around them, and have names (see Special) but no Ad.
    enum class Role : std::uint8_t { Plain, Left, Right, LeftContext, RightContext, Match };

    AdPtr ad;
    ScopePtr parent;
    Role role = Role::Plain;
};

// A pointer that keeps nothing alive.
template <class T>
std::shared_ptr<const T> unowned(const T* object) {
    return {std::shared_ptr<const T>(), object};
}

}  // namespace tow::classad
