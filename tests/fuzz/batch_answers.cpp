// Any bytes as what HTCondor prints of pilots and slots, as a token, a proxy, or the name of a
// batch system: values or an Error. The first byte chooses.
#include "base/error.hpp"
#include "batch/condor.hpp"
#include "batch/credentials.hpp"
#include "fleet/counts.hpp"
#include "htcondor/answer.hpp"
#include "source/slots.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

constexpr tow::base::Time kNow{std::chrono::seconds{1'795'262'400}};

void pilots(std::string_view bytes) {
    std::vector<tow::fleet::Row> rows;
    tow::htcondor::each_ad(bytes, [&](tow::record::View ad) {
        for (const auto place : {tow::batch::Place::Queue, tow::batch::Place::History}) {
            if (const auto seen = tow::batch::read_pilot_ad(ad, place)) {
                tow::fleet::Row row;
                row.pilot.id = seen->pilot;
                row.pilot.entry = seen->entry;
                row.pilot.state = seen->state;
                row.pilot.submitted_at = seen->submitted_at;
                row.pilot.started_at = seen->started_at;
                rows.push_back(row);
                tow::model::to_record(row.pilot, kNow);
            }
        }
    });
    if (tow::fleet::count_pilots(rows, {}, nullptr, kNow).size() > rows.size()) {
        std::abort();
    }
}

void slots(std::string_view bytes) {
    const auto all = tow::source::parse_slots(bytes);
    std::vector<tow::fleet::Row> rows;
    for (const auto& slot : all) {
        tow::fleet::Row row;
        row.pilot.id = slot.pilot;
        row.pilot.entry = "E";
        row.pilot.state = tow::model::PilotState::Running;
        rows.push_back(row);
    }
    for (const auto& count : tow::fleet::count_pilots(rows, {"E"}, &all, kNow)) {
        if (*count.busy_cores < 0 || *count.idle_cores < 0) {
            std::abort();
        }
        to_record(count);
    }
}

void system(std::string_view bytes) {
    const auto system = tow::batch::parse_system(bytes);
    if (tow::batch::parse_system(tow::batch::to_text(system)) != system) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        switch (data[0] % 5) {
            case 0:
                pilots(bytes);
                break;
            case 1:
                slots(bytes);
                break;
            case 2:
                system(bytes);
                break;
            case 3:
                tow::batch::token_expiry(bytes);
                break;
            default:
                tow::batch::proxy_expiry(bytes);
                break;
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
