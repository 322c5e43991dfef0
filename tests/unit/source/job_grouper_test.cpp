#include "source/job_grouper.hpp"

#include "base/file.hpp"
#include "classad/parse.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::source {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

std::vector<model::JobGroup> groups_of(std::string_view text, GroupOptions options = {}) {
    const base::UniqueFd fd(::memfd_create("ads", 0));
    REQUIRE(base::write_all(fd.get(), text));
    ::lseek(fd.get(), 0, SEEK_SET);
    options.now = kNow;
    AttributeTable attributes;
    JobGrouper grouper(attributes, options);
    AdStream stream(fd.get(), "in", {}, attributes);
    while (stream.next()) {
        grouper.add(stream);
    }
    std::vector<model::JobGroup> groups;
    grouper.for_each_group("test", [&](const auto& group) { groups.push_back(group); });
    return groups;
}

// "idle/running/held" of each group.
std::vector<std::string> counts(const std::vector<model::JobGroup>& groups) {
    std::vector<std::string> result(groups.size());
    std::ranges::transform(groups, result.begin(), [](const auto& group) {
        return fmt::format("{}/{}/{}", group.idle_jobs, group.running_jobs, group.held_jobs);
    });
    return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("jobs are counted by status; removed and completed ones are not") {
    std::string text;
    for (int status = 1; status <= 7; ++status) {
        text += "JobStatus = " + std::to_string(status) + "\n\n";
    }
    CHECK(counts(groups_of(text)) == Strings{"1/3/1"});
    CHECK(groups_of("JobStatus = 4\n").empty());
    CHECK(groups_of("Owner = \"x\"\n").empty());
}

TEST_CASE("what Requirements look at tells groups apart, through other attributes as well") {
    const auto* base =
        "JobStatus = 1\nRequirements = TARGET.X == Wanted\nWanted = strcat(Prefix, \"a\")\n";
    const std::string one = std::string(base) + "Prefix = \"p\"\nUnseen = 1\n\n";
    const std::string two = std::string(base) + "Prefix = \"p\"\nUnseen = 2\n\n";
    const std::string other = std::string(base) + "Prefix = \"q\"\n\n";
    const auto groups = groups_of(one + other + two);
    CHECK(counts(groups) == Strings{"2/0/0", "1/0/0"});
    CHECK(*groups[0].ad.find("Prefix") == record::Value("p"));
    CHECK(*groups[0].ad_exprs.find("Wanted") == record::Value("strcat(Prefix,\"a\")"));
    CHECK(groups[0].ad.find("Unseen") == nullptr);
}

TEST_CASE("what is asked for is compared by value, whichever way it is written") {
    const auto groups = groups_of(
        "JobStatus = 1\nRequestMemory = 2000\n\n"
        "JobStatus = 1\nRequestMemory = ImageSize * 2\nImageSize = 1000\n\n"
        "JobStatus = 1\nRequestMemory = ifThenElse(MemoryUsage isnt undefined, MemoryUsage, "
        "ImageSize)\nImageSize = 2000\n\n"
        "JobStatus = 1\nRequestMemory = ifThenElse(MemoryUsage isnt undefined, MemoryUsage, "
        "ImageSize)\nMemoryUsage = 7\nImageSize = 2000\n\n");
    REQUIRE(counts(groups) == Strings{"3/0/0", "1/0/0"});
    CHECK(groups[0].request.memory_bytes == std::int64_t{2000} << 20U);
    CHECK(groups[1].request.memory_bytes == std::int64_t{7} << 20U);
}

TEST_CASE("units are converted once, rounded up, and hostile numbers stay in range") {
    const auto request = [](const std::string& lines) {
        return groups_of("JobStatus = 1\n" + lines).at(0).request;
    };
    const auto usual =
        request("RequestCpus = 8\nRequestMemory = 1.5\nRequestDisk = 10\nRequestGPUs = 2\n");
    CHECK(usual.cpus == 8);
    CHECK(usual.memory_bytes == 1'572'864);
    CHECK(usual.disk_bytes == 10'240);
    CHECK(usual.gpus == 2);
    CHECK(request("").cpus == 1);
    CHECK(request("RequestCpus = undefined\nRequestMemory = \"many\"\n").memory_bytes == 0);
    CHECK(request("RequestMemory = 9223372036854775807\n").memory_bytes == std::int64_t{1} << 53U);
    CHECK(request("RequestMemory = -5\nRequestCpus = 1e300\n").memory_bytes == 0);
    CHECK(request("RequestMemory = real(\"NaN\")\n").memory_bytes == 0);
}

TEST_CASE("the wall time comes from an expression over the job") {
    GroupOptions options;
    options.walltime = classad::parse_expr(usual_walltime());
    const auto walltime = [&](const std::string& lines) {
        return groups_of("JobStatus = 1\n" + lines, options).at(0).request.walltime;
    };
    CHECK(walltime("MaxWallTimeMins = 90\n") == std::chrono::minutes{90});
    CHECK(walltime("MaxWallTimeMins = 90\nAllowedExecuteDuration = 60\n") ==
          std::chrono::minutes{1});
    CHECK(walltime("JOB_EXPECTED_MAX_LIFETIME = 7200\n") == std::chrono::hours{2});
    CHECK_FALSE(walltime("Other = 1\n").has_value());
}

TEST_CASE("only jobs for which the constraint is true are counted") {
    GroupOptions options;
    options.constraint = classad::parse_expr("Flavour == \"sweet\" && Size > 3");
    CHECK(counts(groups_of("JobStatus = 1\nFlavour = \"Sweet\"\nSize = 4\n\n"
                           "JobStatus = 1\nFlavour = \"sweet\"\nSize = 3\n\n"
                           "JobStatus = 1\nSize = 4\n\n"
                           "JobStatus = 5\nFlavour = \"sweet\"\nSize = 10\n",
                           options)) == Strings{"1/0/1"});
}

TEST_CASE("ages are counted from the last change of status to the time of the schedd") {
    const auto groups = groups_of(
        "JobStatus = 1\nServerTime = 100000\nEnteredCurrentStatus = 99400\n\n"
        "JobStatus = 1\nServerTime = 100000\nQDate = 10000\n\n"
        "JobStatus = 1\nServerTime = 100000\nEnteredCurrentStatus = 100500\n\n"
        "JobStatus = 2\nServerTime = 100000\nEnteredCurrentStatus = 1\n\n");
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].oldest_idle == std::chrono::seconds{90000});
    CHECK(groups[0].idle_by_age[0].jobs == 2);
    CHECK(groups[0].idle_by_age[1].jobs == 1);
    CHECK(groups[0].idle_by_age[2].jobs == 1);
}

TEST_CASE("ids depend on what makes the group, and on nothing else") {
    const std::string a = "JobStatus = 1\nOwner = \"x\"\nRequestCpus = 2\n\n";
    const std::string b = "JobStatus = 5\nOwner = \"y\"\nRequestCpus = 1 + 1\n\n";
    CHECK(groups_of(a).at(0).id == groups_of(b).at(0).id);
    CHECK(groups_of(a).at(0).id != groups_of("JobStatus = 1\nRequestCpus = 3\n").at(0).id);
    const auto users = groups_of(a + b + a).at(0).users;
    CHECK(users == Strings{"x", "y"});
}

TEST_CASE("an attribute that refers to itself is no endless loop") {
    CHECK(counts(groups_of("JobStatus = 1\nRequirements = A > 1\nA = B\nB = A\nRequestMemory = "
                           "RequestMemory\n")) == Strings{"1/0/0"});
}

}  // namespace tow::source
