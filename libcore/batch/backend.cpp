#include "batch/backend.hpp"

#include "base/dirs.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "batch/condor.hpp"
#include "batch/local.hpp"
#include "batch/slurm.hpp"

namespace tow::batch {

Surroundings surroundings_of(const config::Settings& settings, std::string state_directory,
                             std::function<void(const std::string&)> trace) {
    Surroundings result;
    result.trace = std::move(trace);
    result.state_directory = std::move(state_directory);
    // Two of one machine must not take each other's pilots for their own.
    constexpr std::size_t kDigits = 6;
    const auto its_own =
        base::host_name() + "." + base::hash_hex(result.state_directory).substr(0, kDigits);
    result.factory = settings.text("factory").value_or(its_own);
    if (const auto problem = model::name_problem(result.factory); !problem.empty()) {
        base::fail(base::Kind::Config, "factory \"{}\": {}", base::printable(result.factory),
                   problem);
    }
    result.patience = base::parse_duration(*settings.text("batch.patience"));
    const auto ssh_config = settings.paths("batch.ssh_config");
    if (!ssh_config.empty()) {
        result.ssh_config = ssh_config.front();
    }
    return result;
}

std::unique_ptr<Backend> make_backend(const System& system, const Surroundings& surroundings) {
    if (system.backend == "local") {
        return std::make_unique<LocalBackend>(surroundings.state_directory + "/local");
    }
    if (system.backend == "condor") {
        return std::make_unique<CondorBackend>(system, surroundings,
                                               make_transport(system.via, surroundings));
    }
    if (system.backend == "slurm") {
        return std::make_unique<SlurmBackend>(system, surroundings,
                                              make_transport(system.via, surroundings));
    }
    throw base::Error(base::Kind::Config, fmt::format("no backend \"{}\"", system.backend),
                      "backends: " + base::join(backend_names(), ", "));
}

std::vector<std::string> backend_names() {
    return {"local", "condor", "slurm"};
}

}  // namespace tow::batch
