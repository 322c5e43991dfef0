// Any bytes as job ads, a job queue log, or what sacct prints: jobs with a verdict, or an Error.
// The first byte chooses.
#include "base/error.hpp"
#include "base/file.hpp"
#include "pilotlog/job_logs.hpp"
#include "pilotlog/verdict.hpp"
#include "record/json.hpp"

#include <cstdint>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace {

namespace base = tow::base;
namespace pilotlog = tow::pilotlog;

const pilotlog::LogClock kClock{base::Time{std::chrono::seconds{1'795'300'000}}, {}};

void read(unsigned char choice, int fd, const pilotlog::VisitJob& visit) {
    switch (choice % 4) {
        case 0:
            pilotlog::read_job_ads(fd, "fuzz", visit);
            return;
        case 1:
            pilotlog::read_job_queue_log(fd, visit);
            return;
        case 2:
            pilotlog::read_sacct_text(fd, kClock, visit);
            return;
        default:
            pilotlog::read_sacct_json(fd, visit);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    static const pilotlog::Taxonomy taxonomy;
    if (size == 0) {
        return 0;
    }
    const base::UniqueFd fd(::memfd_create("jobs", MFD_CLOEXEC));
    if (!base::write_all(fd.get(), {reinterpret_cast<const char*>(data) + 1, size - 1})) {
        return 0;
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    try {
        read(data[0], fd.get(), [&](pilotlog::JobFacts job) {
            pilotlog::PilotCase one;
            one.job = std::move(job);
            tow::record::to_json(to_record(judge(one, taxonomy)));
        });
    } catch (const base::Error&) {
        return 0;  // a refusal is fine
    }
    return 0;
}
