// A decision as GlideinWMS would take it: its frontend's requests, carried out as its factory does.
// For comparing before one moves; exact numbers of its functions are those of plan/gwms.hpp.
#pragma once

#include "plan/decide.hpp"
#include "plan/gwms.hpp"

namespace tow::plan {

struct GwmsTerms {
    GwmsLimits
        limits;  // an entry's own max_pilots and max_pending go before those of the entry here
    GwmsRemovalPolicy removal;
};

// The shares of jobs are those of the demand records (tow-demand --split gwms-ceil); those of old
// jobs take them to need as many cores as all. Where GlideinWMS counts slots of the user pool,
// pilots are counted: running ones in all, and those with idle room as idle. Caps, shapes and
// guards of the terms do not apply, nor does anything block an entry but its state and that its
// pilots are not seen: GlideinWMS aborts its pass then.
Decision decide_as_gwms(const Situation& situation, const Terms& terms, const GwmsTerms& gwms,
                        base::Time now, const std::string& plan);

}  // namespace tow::plan
