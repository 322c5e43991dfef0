#include "source/condor_command.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"

namespace tow::source {

std::vector<std::string> condor_status(const std::optional<std::string>& pool) {
    std::vector<std::string> argv{"condor_status"};
    if (pool) {
        argv.insert(argv.end(), {"-pool", *pool});
    }
    return argv;
}

std::string condor_identity(const std::optional<std::string>& pool) {
    return base::environment("CONDOR_CONFIG").value_or("") + ' ' + pool.value_or("");
}

void check_condor(std::string_view command, const Answer& answer) {
    if (answer.status.ok()) {
        return;
    }
    const auto& complaint = answer.complaint;
    const bool refused = complaint.find("AUTHENTICATE") != std::string::npos ||
                         complaint.find("uthorization") != std::string::npos ||
                         complaint.find("DENIED") != std::string::npos;
    base::fail(refused ? base::Kind::Permission : base::Kind::Unavailable, "{}: {}: {}", command,
               answer.status.describe(), complaint.empty() ? "it gave no reason" : complaint);
}

}  // namespace tow::source
