// What tow-why says is true: every count and every suggestion, checked against the evaluation of
// whole ads, which knows nothing of clauses, columns and caches.
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "match/suggest.hpp"
#include "match/why.hpp"
#include "random.hpp"

#include <catch2/catch.hpp>

namespace tow::match {

namespace {

using property::Random;

constexpr int kInstances = 120;
constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
constexpr std::int64_t kMebi = 1048576;

const std::vector<std::string> sites{"CERN", "RAL", "FNAL", "X,Y", "\"quoted\""};

const std::vector<std::string> job_clauses{"TARGET.Memory >= RequestMemory",
                                           "TARGET.Cpus >= RequestCpus",
                                           "TARGET.Cpus >= RequestCpus * 2",
                                           "RequestMemory < TARGET.Memory",
                                           "TARGET.Site == Wanted",
                                           "Wanted =?= Site",
                                           "stringListMember(TARGET.Site, Sites)",
                                           "member(TARGET.Site, {\"CERN\", \"KEK\"})",
                                           "TARGET.Stie == \"RAL\"",
                                           "TARGET.HasX",
                                           "!TARGET.HasX",
                                           "(TARGET.Version > 7 || TARGET.Site == \"KEK\")",
                                           "TARGET.Version >= 3.5",
                                           "6 <= TARGET.Version",
                                           "MY.Both",
                                           "TARGET.Version / Divisor > 1",
                                           "Both || NoSuch(1)",
                                           "TARGET.Requirements",
                                           "eval(\"TARGET.Cpus > 2\")",
                                           "TARGET.Self > 2",
                                           "MY.Undefined > 3"};

const std::vector<std::string> starts{
    "",
    "TARGET.RequestMemory <= MY.Memory",
    "TARGET.RequestMemory <= 2048 && TARGET.RequestCpus < 4",
    "TARGET.RequestMemory =?= undefined || TARGET.RequestMemory <= 3000",
    "SizeOk && Site != \"FNAL\"",
    "TARGET.WantX",
    "TARGET.Wanted == MY.Site",
    "stringListMember(TARGET.Wanted, \"CERN,RAL\")",
    "TARGET.Both",
    "TARGET.Nothing > 1",
    "unparse(TARGET.Both) != \"\""};

std::string conjunction(Random& random, const std::vector<std::string>& clauses) {
    std::string text;
    const auto count = random.between(0, 4);
    for (int i = 0; i < count; ++i) {
        text += (i == 0 ? "" : " && ") + ("(" + random.one_of(clauses) + ")");
    }
    return text.empty() ? "true" : text;
}

model::Entry random_entry(Random& random, int number) {
    model::Entry entry;
    entry.name = "E" + std::to_string(number);
    entry.backend = "local";
    entry.state = random.chance(10) ? model::EntryState::Disabled : model::EntryState::InService;
    entry.pilot.cpus = random.between(1, 8);
    entry.pilot.memory_bytes = random.between(500, 6000) * kMebi;
    if (random.chance(50)) {
        entry.pilot.walltime = std::chrono::hours{random.between(1, 48)};
    }
    if (random.chance(50)) {
        entry.pilot.disk_bytes = random.between(1, 1000) * kMebi;
    }
    if (random.chance(80)) {
        entry.ad.set("Site", random.one_of(sites));
    }
    if (random.chance(80)) {
        entry.ad.set("Version", random.between(1, 9));
    }
    if (random.chance(60)) {
        entry.ad.set("HasX", random.chance(50));
    }
    if (random.chance(20)) {
        entry.ad_exprs.set("Self", "TARGET.RequestCpus + MY.Cpus");
    }
    entry.ad_exprs.set("SizeOk", "TARGET.RequestCpus <= Cpus");
    entry.start = random.one_of(starts);
    return entry;
}

model::JobGroup random_group(Random& random) {
    model::JobGroup group;
    group.id = "G";
    group.idle_jobs = random.between(1, 100);
    group.requirements = conjunction(random, job_clauses);
    const auto memory = random.between(100, 9000);
    group.request.cpus = random.between(1, 12);
    group.request.memory_bytes = memory * kMebi;
    group.ad.set("RequestMemory", memory);
    group.ad.set("RequestCpus", group.request.cpus);
    group.ad.set("Wanted", random.one_of(sites));
    group.ad.set("Sites", random.chance(50) ? "KEK" : "KEK,CERN");
    group.ad.set("Divisor", random.between(0, 2));
    group.ad_exprs.set("Both", "TARGET.Cpus > 1 && TARGET.Version < 8");
    if (random.chance(30)) {
        group.ad.set("WantX", random.chance(50));
    }
    if (random.chance(50)) {
        group.request.walltime = std::chrono::hours{random.between(1, 72)};
    }
    if (random.chance(30)) {
        group.request.disk_bytes = random.between(1, 2000) * kMebi;
    }
    return group;
}

// As match::match() does it: whole ads, one pair at a time.
bool really_matches(const Job& job, const model::Entry& entry) {
    std::vector<std::string> problems;
    return model::effective_state(entry, kNow) == model::EntryState::InService &&
           model::misfit(job.request, entry.pilot).empty() &&
           classad::matches(job.ad, entry_ad(entry, problems), {.now = kNow});
}

std::int64_t really_matching(const Job& job, const std::vector<model::Entry>& entries) {
    return std::ranges::count_if(entries,
                                 [&](const auto& entry) { return really_matches(job, entry); });
}

struct Instance {
    std::vector<model::Entry> entries;
    std::vector<model::JobGroup> groups;
};

Instance random_instance(Random& random) {
    Instance instance;
    const auto entries = random.between(1, 70);
    for (int i = 0; i < entries; ++i) {
        instance.entries.push_back(random_entry(random, i));
    }
    for (int i = 0; i < 12; ++i) {
        instance.groups.push_back(random_group(random));
    }
    return instance;
}

Job job_of(const model::JobGroup& group) {
    std::vector<std::string> problems;
    return {group.request, job_ad(group, problems)};
}

}  // namespace

TEST_CASE("conditions exclude exactly the entries that do not match") {
    Random random(property::seed());
    CAPTURE(property::seed());
    for (int i = 0; i < kInstances; ++i) {
        const auto instance = random_instance(random);
        Places places(instance.entries, kNow);
        for (const auto& group : instance.groups) {
            const auto job = job_of(group);
            Bits excluded(places.size());
            for (const auto& condition : places.conditions(job)) {
                excluded |= condition.fails;
            }
            for (std::size_t k = 0; k < places.size(); ++k) {
                CAPTURE(group.requirements, instance.entries[k].start);
                REQUIRE(excluded.test(k) != really_matches(job, instance.entries[k]));
            }
        }
    }
}

namespace {

// How many there were.
int check_suggestions(Places& places, const model::JobGroup& group,
                      const std::vector<model::Entry>& entries) {
    const auto job = job_of(group);
    const auto conditions = places.conditions(job);
    std::vector<Row> rows(places.size());
    std::vector<std::string> knobs;
    for (const auto& condition : conditions) {
        const auto number = static_cast<std::uint32_t>(knobs.size());
        condition.fails.for_each([&](auto k) { rows[k].failing.push_back(number); });
        knobs.push_back(condition.knob);
    }
    const auto ranking = rank(rows, knobs);
    int suggestions = 0;
    for (const auto& step : ranking.steps) {
        if (const auto found = suggest(places, job, conditions, step, ranking.passing)) {
            ++suggestions;
            CAPTURE(group.requirements, found->edits.front().text);
            REQUIRE(found->matches > really_matching(job, entries));
            REQUIRE(found->matches == really_matching(edited(job, found->edits), entries));
        }
    }
    return suggestions;
}

}  // namespace

TEST_CASE("every suggestion is true: the changed job matches as many entries as it says") {
    Random random(property::seed());
    CAPTURE(property::seed());
    int suggestions = 0;
    for (int i = 0; i < kInstances; ++i) {
        const auto instance = random_instance(random);
        Places places(instance.entries, kNow);
        for (const auto& group : instance.groups) {
            suggestions += check_suggestions(places, group, instance.entries);
        }
    }
    CHECK(suggestions > kInstances);  // else the test would prove nothing
}

namespace {

std::vector<Row> random_rows(Random& random, std::uint32_t conditions) {
    std::vector<Row> rows(static_cast<std::size_t>(random.between(0, 12)));
    for (auto& row : rows) {
        row.weight = random.between(1, 5);
        for (std::uint32_t c = 0; c < conditions; ++c) {
            if (random.chance(45)) {
                row.failing.push_back(c);
            }
        }
    }
    return rows;
}

// What passes, and did not, if the conditions whose bits are set are gone.
std::int64_t gain_of(const std::vector<Row>& rows, std::uint64_t gone) {
    std::int64_t gain = 0;
    for (const auto& row : rows) {
        const bool passes =
            std::ranges::all_of(row.failing, [&](auto c) { return ((gone >> c) & 1U) != 0; });
        gain += passes && !row.failing.empty() ? row.weight : 0;
    }
    return gain;
}

std::uint64_t bits_of(const Step& step) {
    std::uint64_t bits = 0;
    for (const auto c : step.conditions) {
        bits |= std::uint64_t{1} << c;
    }
    return bits;
}

// The best of the smallest sets that let anything pass; 0 if there are none.
std::pair<int, std::int64_t> best_of_all(const std::vector<Row>& rows, std::uint32_t conditions) {
    std::pair<int, std::int64_t> best{99, 0};
    for (std::uint64_t gone = 0; gone < (1U << conditions); ++gone) {
        const auto gain = gain_of(rows, gone);
        const auto size = std::popcount(gone);
        if (gain > 0 && (size < best.first || (size == best.first && gain > best.second))) {
            best = {size, gain};
        }
    }
    return best;
}

}  // namespace

TEST_CASE("the first step is the best of the smallest sets, and gains what it says") {
    Random random(property::seed());
    CAPTURE(property::seed());
    for (int i = 0; i < kInstances * 5; ++i) {
        const auto conditions = static_cast<std::uint32_t>(random.between(1, 6));
        const auto rows = random_rows(random, conditions);
        const auto ranking = rank(rows, std::vector<std::string>(conditions));
        for (const auto& step : ranking.steps) {
            REQUIRE(step.gains == gain_of(rows, bits_of(step)));
        }
        const auto [size, gain] = best_of_all(rows, conditions);
        if (gain > 0) {
            REQUIRE(ranking.steps.front().gains == gain);
            REQUIRE(static_cast<int>(ranking.steps.front().conditions.size()) == size);
        }
    }
}

}  // namespace tow::match
