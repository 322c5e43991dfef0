// Any bytes as an answer of squeue, squeue --json or sacct, as the first byte says: pilots that
// have ids and an array's task each, or an Error.
#include "base/error.hpp"
#include "base/ulid.hpp"
#include "batch/slurm_jobs.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

std::vector<tow::batch::SlurmPilot> read(char language, std::string_view answer) {
    switch (language) {
        case 'j':
            return tow::batch::read_squeue_json(answer);
        case 's':
            return tow::batch::read_sacct(answer);
        default:
            return tow::batch::read_squeue(answer);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        for (const auto& [factory, seen] : read(text.front(), text.substr(1))) {
            const bool has_place = seen.backend_id.find('_') != std::string::npos;
            const bool ended = tow::model::has_ended(seen.state);
            if (!tow::base::is_ulid(seen.pilot) || !has_place ||
                factory.empty() != seen.entry.empty() || (seen.ended_at && !ended) ||
                (seen.expires_at && ended)) {
                std::abort();
            }
        }
    } catch (const tow::base::Error&) {
        return 0;
    }
    return 0;
}
