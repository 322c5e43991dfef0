// Any text as a policy: read, or refused with an Error; what is read is applied and decided by.
#include "base/error.hpp"
#include "base/ulid.hpp"
#include "config/yaml.hpp"
#include "plan/decide.hpp"
#include "policy/resolve.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace std::chrono_literals;

constexpr tow::base::Time kNow{std::chrono::seconds{1'795'262'400}};

tow::plan::Situation situation() {
    tow::plan::Situation result;
    tow::model::JobClass jobs;
    jobs.id = "c";
    jobs.idle_jobs = 50;
    for (const auto* name : {"A", "B", "C"}) {
        tow::model::Entry entry;
        entry.name = name;
        entry.backend = "local";
        entry.tags = {"cloud"};
        entry.pilot.walltime = 10h;
        entry.cost = tow::model::Cost{0.1, "USD", 1.0};
        result.entries.push_back(entry);
        tow::model::PilotCount count;
        count.entry = name;
        count.pending = 3;
        count.oldest_pending = 1h;
        result.counts.push_back(count);
        jobs.entries.emplace_back(name);
    }
    result.classes.push_back(jobs);
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    static const auto seen = situation();
    static const auto plan = tow::base::make_ulid(1, "fuzz");
    try {
        const auto policy = tow::policy::read_policy(
            tow::config::parse_yaml({reinterpret_cast<const char*>(data), size}, "policy.yaml"));
        const auto decision =
            tow::plan::decide(seen, tow::policy::resolve(policy, seen, kNow), kNow, plan);
        for (const auto& request : decision.requests) {
            if (request.submit < 0 || request.remove < 0 || request.remove > 3) {
                std::abort();
            }
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
