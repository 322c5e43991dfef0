#include "batch/slurm_submission.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/ulid.hpp"
#include "batch/sh_script.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

const std::string first_pilot = "01KAMHZ0000000000000000A00";

model::Entry entry_with(record::Object target) {
    model::Entry entry;
    entry.name = "SITE_A";
    entry.backend = "slurm";
    entry.pilot.cpus = 8;
    entry.pilot.memory_bytes = 16'000'000'000;
    entry.pilot.walltime = std::chrono::seconds(5399);
    entry.target = std::move(target);
    if (entry.target.find("argv") == nullptr) {
        entry.target.set("argv", record::Array{"true"});
    }
    return entry;
}

std::vector<std::string> two() {
    return {first_pilot, base::ulid_after(first_pilot, 1)};
}

SlurmSubmission submission_of(const model::Entry& entry) {
    return slurm_submission(entry, two(), "lab", "");
}

bool has(const SlurmSubmission& submission, const std::string& option) {
    return std::ranges::find(submission.options, option) != submission.options.end();
}

bool is_refused(const record::Object& target) {
    try {
        submission_of(entry_with(target));
        return false;
    } catch (const base::Error& error) {
        return error.kind() == base::Kind::Data;
    }
}

// What a script prints as this task of its array.
std::string run_as(const std::string& task, const std::string& script) {
    return base::run_to_end({{"sh"}, {"SLURM_ARRAY_TASK_ID=" + task}, script}, {100'000, {}})
        .output;
}

}  // namespace

TEST_CASE("the shape of a pilot becomes options of sbatch, rounded so that it fits") {
    auto entry = entry_with({});
    entry.pilot.gpus = 4;
    entry.pilot.disk_bytes = 1;
    entry.nodes = 3;
    const auto submission = submission_of(entry);
    for (const auto* option :
         {"--parsable", "--hold", "--no-requeue", "--array=0-1", "--export=NONE", "--nodes=3",
          "--ntasks=3", "--ntasks-per-node=1", "--cpus-per-task=8", "--mem=15259M", "--tmp=1M",
          "--time=89", "--gpus-per-node=4", "--output=aerotow-output/SITE_A/%A_%a.out"}) {
        CAPTURE(option);
        CHECK(has(submission, option));
    }
    CHECK(has(submission, "--job-name=aerotow-" + first_pilot));
    CHECK(has(submission, "--comment=aerotow lab SITE_A " + first_pilot));
    entry.pilot.walltime = std::chrono::seconds(20);
    CHECK(has(submission_of(entry), "--time=1"));
    entry.target.set("gres", "gpu:a100:4");
    CHECK_FALSE(has(submission_of(entry), "--gpus-per-node=4"));
    CHECK(submission_of(entry).script.find(
              "exec 'srun' '--nodes=3' '--ntasks=3' '--ntasks-per-node=1' '--cpus-per-task=8' "
              "'--kill-on-bad-exit=0' 'true'\n") != std::string::npos);
}

TEST_CASE("keys of a target become options, whatever their values hold") {
    const auto submission =
        submission_of(entry_with({{"cluster", "c1"},
                                  {"partition", "a b$(touch x)'\"`;"},
                                  {"account", "acc"},
                                  {"qos", "q"},
                                  {"constraint", "a&b|[c*2]"},
                                  {"reservation", "r"},
                                  {"gres", "tmp:1"},
                                  {"exclusive", true},
                                  {"directory", "/scratch/me"},
                                  {"output", "/scratch/out"},
                                  {"options", record::Array{"--licenses=x:2"}}}));
    for (const auto* option :
         {"--clusters=c1", "--partition=a b$(touch x)'\"`;", "--account=acc", "--qos=q",
          "--constraint=a&b|[c*2]", "--reservation=r", "--gres=tmp:1", "--exclusive",
          "--chdir=/scratch/me", "--error=/scratch/out/%A_%a.err", "--licenses=x:2"}) {
        CAPTURE(option);
        CHECK(has(submission, option));
    }
    CHECK(slurm_output_folder(entry_with({{"directory", "/x"}}), "/home/me") ==
          "/x/aerotow-output/SITE_A");
    CHECK(slurm_output_folder(entry_with({}), "/home/me") == "/home/me/aerotow-output/SITE_A");
}

TEST_CASE("what sbatch could take for something else is refused") {
    CHECK(is_refused({{"partiton", "main"}}));  // a slip must not send pilots elsewhere
    CHECK(is_refused({{"partition", "a\nb"}}));
    CHECK(is_refused({{"partition", ""}}));
    CHECK(is_refused({{"exclusive", "yes"}}));
    CHECK(is_refused({{"output", "relative"}}));
    CHECK(is_refused({{"output", "/%j"}}));
    CHECK(is_refused({{"argv", record::Array{"-x"}}}));
    CHECK(is_refused({{"argv", record::Array{"true", "a\r\nb"}}}));
    for (const auto* option : {"--hold",       "--array=0-9", "--arr=0-9",   "--wrap=x",
                               "--wr=x",       "--comment=x", "--time=1",    "--tim=1",
                               "-p",           "p",           "--",          "--Export=ALL",
                               "--export=ALL", "--x y=1",     "--test-only", "--licenses=a\nb",
                               "--job-name=x", "--uid=0",     "--requeue",   "--wait"}) {
        CAPTURE(option);
        CHECK(is_refused({{"options", record::Array{option}}}));
    }
    for (const auto* option : {"--licenses=x", "--wait-all-nodes=1", "--time-min=5", "--contiguous",
                               "--nodelist=n1", "--mail-user=a b", "--begin=now+1hour"}) {
        CAPTURE(option);
        CHECK_FALSE(is_refused({{"options", record::Array{option}}}));
    }
    CHECK_THROWS_AS(slurm_array_size(entry_with({{"array_size", 0}})), base::Error);
    CHECK_THROWS_AS(slurm_array_size(entry_with({{"array_size", 100'001}})), base::Error);
    CHECK(slurm_array_size(entry_with({})) == 1000);
}

TEST_CASE("the script is the pilot that its place in the array says, with its words unchanged") {
    const std::vector<std::string> arguments{
        "a b", "",   "it's", "`id`", "$(x)$HOME", "#SBATCH --partition=x\n#PBS -q y",
        "!",   "\\", "ünï"};
    record::Array argv{"printf", "%s|"};
    std::string expected;
    for (const auto& argument : arguments) {
        argv.emplace_back(argument);
        expected += argument + "|";
    }
    CHECK(run_as("1", submission_of(entry_with({{"argv", argv}})).script) == expected);

    const auto script =
        submission_of(entry_with({{"argv", record::Array{"env"}},
                                  {"environment", record::Object{{"V", "$x 'y'"}}}}))
            .script;
    const auto second = run_as("1", script);
    CHECK_THAT(second, Catch::Contains("AEROTOW_PILOT_ID=" + two()[1] + "\n"));
    CHECK_THAT(second, Catch::Contains("AEROTOW_ENTRY=SITE_A\n"));
    CHECK_THAT(second, Catch::Contains("AEROTOW_CPUS=8\n"));
    CHECK_THAT(second, Catch::Contains("SLURM_EXPORT_ENV=ALL\n"));
    CHECK_THAT(second, Catch::Contains("V=$x 'y'\n"));
    CHECK_THAT(run_as("0", script), Catch::Contains("AEROTOW_PILOT_ID=" + first_pilot + "\n"));
    CHECK(run_as("2", script).empty());
}

}  // namespace tow::batch
