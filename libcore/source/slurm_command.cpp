#include "source/slurm_command.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace tow::source::slurm {

std::vector<std::string> environment() {
    return {"SLURM_TIME_FORMAT=%s", "SLURM_BITSTR_LEN=0",  "SQUEUE_FORMAT",
            "SQUEUE_FORMAT2",       "SQUEUE_SORT",         "SQUEUE_STATES",
            "SQUEUE_PARTITION",     "SQUEUE_USERS",        "SQUEUE_ACCOUNT",
            "SQUEUE_NAMES",         "SQUEUE_LICENSES",     "SQUEUE_QOS",
            "SQUEUE_ARRAY",         "SQUEUE_ARRAY_UNIQUE", "SINFO_FORMAT",
            "SINFO_PARTITION",      "SINFO_SORT",          "SINFO_ALL"};
}

std::string environment_identity() {
    return base::environment("SLURM_CONF").value_or("") + ' ' +
           base::environment("SLURM_CLUSTERS").value_or("");
}

void check(std::string_view command, const Answer& answer) {
    if (answer.status.ok()) {
        return;
    }
    const auto& complaint = answer.complaint;
    const bool refused = complaint.find("ccess/permission denied") != std::string::npos ||
                         complaint.find("uthentication") != std::string::npos ||
                         complaint.find("redential") != std::string::npos;
    base::fail(refused ? base::Kind::Permission : base::Kind::Unavailable, "{}: {}: {}", command,
               answer.status.describe(), complaint.empty() ? "it gave no reason" : complaint);
}

bool has_no_json(std::string_view complaint) {
    const auto words = base::lower(complaint);
    return words.find("json") != std::string::npos;
}

}  // namespace tow::source::slurm
