// Check records as monitoring systems read them.
#pragma once

#include "base/clock.hpp"
#include "model/check.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::metrics {

// One plugin result for all: a line with the worst first, performance data, and a line for each
// check that is not ok. The exit status of the plugin is nagios_code().
std::string nagios_plugin(std::vector<model::Check> checks);
int nagios_code(const std::vector<model::Check>& checks) noexcept;  // 3 if there is none

// In the form of this name: nagios, passive, checkmk or wlcg.
std::string checks_text(std::string_view format, const std::vector<model::Check>& checks,
                        std::string_view host, base::Time now);

// External commands of Nagios and Icinga, a passive result for each check.
std::string nagios_passive(const std::vector<model::Check>& checks, std::string_view host,
                           base::Time now);

// Local checks of Checkmk, one line for each check.
std::string checkmk_local(const std::vector<model::Check>& checks);

// Records of the WLCG probe format that ETF publishes: name: value lines, then EOT.
std::string wlcg_probe(const std::vector<model::Check>& checks, base::Time now);

}  // namespace tow::metrics
