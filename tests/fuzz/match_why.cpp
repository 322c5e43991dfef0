// Expressions from strangers, explained: whatever they are, what is said about them agrees with the
// evaluation of the whole. Three lines: Requirements, an attribute of the job, a start expression.
#include "base/text.hpp"
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "match/warnings.hpp"
#include "match/why.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace match = tow::match;
namespace model = tow::model;

constexpr tow::base::Time kNow{std::chrono::seconds{1'795'262'400}};

std::string take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = std::string(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

model::Entry entry(const char* name, const std::string& start) {
    model::Entry result;
    result.name = name;
    result.backend = "local";
    result.pilot = {.cpus = 4, .memory_bytes = std::int64_t{1} << 32U};
    result.ad.set("Site", name);
    result.ad_exprs.set("Ok", "TARGET.RequestMemory < Memory");
    result.start = start;
    return result;
}

// What is the same in parts and as a whole: no dice, no names hidden in texts.
bool is_comparable(const std::string& text, const tow::classad::Ad& ad) {
    return tow::base::lower(text).find("random") == std::string::npos &&
           !match::reach(*ad.find("Requirements"), ad).unbounded;
}

void check_counts(const model::JobGroup& group, const std::vector<model::Entry>& entries,
                  std::string_view text) {
    std::vector<std::string> problems;
    const auto job = match::job_ad(group, problems);
    const auto verdict = match::Why(entries, kNow).about(group);
    bool comparable = is_comparable(std::string(text), job);
    std::int64_t matching = 0;
    for (const auto& each : entries) {
        const auto ad = match::entry_ad(each, problems);
        comparable = comparable && is_comparable(std::string(text), ad);
        matching += comparable && tow::classad::matches(job, ad, {.now = kNow}) ? 1 : 0;
    }
    for (const auto& reason : verdict.reasons) {
        const bool sound = reason.passes >= reason.matches && reason.passes <= reason.of &&
                           reason.would_match.value_or(reason.of) > reason.matches;
        if ((comparable && reason.matches != matching) || (reason.order && !sound)) {
            std::fprintf(stderr, "%ld said, %ld match\n", static_cast<long>(reason.matches),
                         static_cast<long>(matching));
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data),
                                std::min<std::size_t>(size, 4096));
    auto rest = text;
    model::JobGroup group;
    group.id = "G";
    group.idle_jobs = 1;
    group.requirements = take_line(rest);
    group.ad_exprs.set("Own", take_line(rest));
    group.ad.set("RequestMemory", 1000);
    group.ad.set("Sites", "A,B");
    const auto start = take_line(rest);
    const std::vector<model::Entry> entries{entry("A", start), entry("B", ""), entry("C", start)};
    match::Warnings warnings(kNow);
    warnings.look_at(entries, {group});
    check_counts(group, entries, text);
    match::why_no_job(entries[0], {group}, kNow);
    return 0;
}
