// The Slurm backend on a stand-in for Slurm's commands.
#include "batch/slurm.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"

#include <algorithm>
#include <deque>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

using model::PilotState;

const std::string first_pilot = "01KAMHZ0000000000000000A00";

std::vector<std::string> ids(std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(base::ulid_after(first_pilot, i));
    }
    return result;
}

// One answer to come: whose command line has these words.
struct Play {
    std::string words;
    base::Finished answer;
    std::optional<base::Error> error = {};
};

// Plays answers in their order, and keeps what it was asked.
class FakeTransport : public Transport {
  public:
    explicit FakeTransport(std::deque<Play>& plays, std::vector<base::Command>& asked)
        : plays_(plays), asked_(asked) {}

    base::Finished run(const base::Command& command, std::size_t /*output_limit*/) override {
        asked_.push_back(command);
        const auto line = base::shell_quoted(command.argv);
        INFO(line);
        REQUIRE_FALSE(plays_.empty());
        const auto play = plays_.front();
        plays_.pop_front();
        REQUIRE_THAT(line, Catch::Contains(play.words));
        if (play.error) {
            throw base::Error(*play.error);
        }
        return play.answer;
    }

    std::string read_file(const std::string& /*path*/, std::size_t /*limit*/) override {
        return "";
    }

  private:
    std::deque<Play>& plays_;
    std::vector<base::Command>& asked_;
};

struct Stage {
    std::deque<Play> plays;
    std::vector<base::Command> asked;
    SlurmBackend backend{System{"slurm", "", "", "ssh://login"}, surroundings(),
                         std::make_unique<FakeTransport>(plays, asked)};

    static Surroundings surroundings() {
        Surroundings result;
        result.state_directory = "/nowhere";
        result.factory = "lab";
        return result;
    }

    std::string last() const { return base::shell_quoted(asked.back().argv); }
};

model::Entry entry() {
    model::Entry result;
    result.name = "SITE_A";
    result.backend = "slurm";
    result.target.set("argv", record::Array{"true"});
    return result;
}

base::Finished says(const std::string& output) {
    return {{0, 0}, output, ""};
}

base::Finished complains(const std::string& complaint) {
    return {{1, 0}, "", complaint};
}

// A line of squeue about a task of the array that begins with first_pilot.
std::string line(const std::string& job, const std::string& task, const std::string& state,
                 const std::string& reason,
                 const std::string& comment = "aerotow lab SITE_A " + first_pilot) {
    const auto* const priority = state == "PENDING" && reason.starts_with("JobHeld") ? "0" : "1";
    const auto* const time = "2026-11-22T07:30:25";
    return fmt::format("{:12}{:12}{:16}{:22}{:12}{:20}{:20}{:20}{:16}{:40}{:300}{:80}\n", job, task,
                       state, priority, "0", time, time, time, "1:00:00", "aerotow-" + first_pilot,
                       comment, reason);
}

std::vector<Known> known(const std::vector<std::string>& pilots, const std::string& job) {
    std::vector<Known> result;
    for (std::size_t i = 0; i < pilots.size(); ++i) {
        result.push_back({pilots[i], fmt::format("{}_{}", job, i), {}});
    }
    return result;
}

}  // namespace

TEST_CASE("pilots are taken on hold as one array, and then released") {
    Stage stage;
    stage.plays = {{"mkdir -p -- aerotow-output/SITE_A", says("")},
                   {"sbatch --parsable --hold", says("a plugin's words\n77;c1\n")},
                   {"scontrol release 77", says("")}};
    const auto pilots = ids(3);
    const auto fates = stage.backend.submit(entry(), pilots);
    REQUIRE(fates.size() == 3);
    for (std::size_t i = 0; i < fates.size(); ++i) {
        CHECK(fates[i].kind == Fate::Kind::Done);
        CHECK(fates[i].pilot == pilots[i]);
        CHECK(fates[i].backend_id == fmt::format("77_{}", i));
    }
    CHECK(stage.plays.empty());
}

TEST_CASE("ids that do not follow each other, and too many of them, are several arrays") {
    Stage stage;
    auto site = entry();
    site.target.set("array_size", 2);
    auto pilots = ids(5);
    pilots.erase(pilots.begin() + 1);  // 0, 2, 3, 4
    stage.plays = {{"mkdir", says("")},
                   {"--array=0-0", says("1\n")},
                   {"release 1", says("")},
                   {"--array=0-1", says("2\n")},
                   {"release 2", says("")},
                   {"--array=0-0", complains("sbatch: error: AssocMaxSubmitJobLimit")}};
    const auto fates = stage.backend.submit(site, pilots);
    REQUIRE(fates.size() == 4);
    CHECK(fates[0].backend_id == "1_0");
    CHECK(fates[2].backend_id == "2_1");
    CHECK(fates[3].kind == Fate::Kind::Refused);
    CHECK(fates[3].error->kind() == base::Kind::Busy);
}

TEST_CASE("only what was certainly not taken is refused, and nothing is tried after it") {
    const auto fate_of = [](const Play& play) {
        Stage stage;
        stage.plays = {{"mkdir", says("")}, play};
        return stage.backend.submit(entry(), ids(1)).front();
    };
    struct Case {
        const char* complaint;
        Fate::Kind fate;
        base::Kind kind;
    };
    using enum Fate::Kind;
    for (const auto& [complaint, fate, kind] :
         {Case{"sbatch: error: Batch job submission failed: Invalid partition name specified",
               Refused, base::Kind::Config},
          Case{"sbatch: error: Batch job submission failed: Requested node configuration is not "
               "available",
               Refused, base::Kind::Config},
          Case{"sbatch: error: Batch job submission failed: Resource temporarily unavailable",
               Refused, base::Kind::Busy},
          Case{"sbatch: error: Batch job submission failed: Job violates accounting/QOS policy "
               "(job submit limit, user's size and/or time limits)",
               Refused, base::Kind::Busy},
          Case{"sbatch: error: Batch job submission failed: Access/permission denied", Refused,
               base::Kind::Permission},
          Case{"sbatch: error: Munge encode failed: Failed to access socket", Refused,
               base::Kind::Permission},
          Case{
              "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
              Unknown, base::Kind::Unavailable},
          Case{"sbatch: error: Batch job submission failed: Unable to contact slurm controller "
               "(connect failure)",
               Unknown, base::Kind::Unavailable},
          Case{"words of a version to come", Unknown, base::Kind::Unavailable}}) {
        CAPTURE(complaint);
        const auto told = fate_of({"sbatch", complains(complaint)});
        CHECK(told.kind == fate);
        CHECK(told.error->kind() == kind);
    }
    CHECK(fate_of({"sbatch", {{127, 0}, "", "env: 'sbatch': No such file"}}).kind == Refused);
    CHECK(fate_of({"sbatch", says("no number\n")}).kind == Unknown);
    const base::Error cut(base::Kind::Timeout, "no end");
    CHECK(fate_of({"sbatch", {}, cut}).kind == Unknown);
    Stage stage;
    stage.plays = {{"mkdir", says("")}, {"sbatch", says("5")}, {"release", {}, cut}};
    CHECK(stage.backend.submit(entry(), ids(1)).front().kind == Unknown);
}

TEST_CASE("one look tells of our pilots; those it shows no more are looked up in accounting") {
    Stage stage;
    stage.plays = {
        {"squeue --me --all --local --states=all --noheader --array",
         says("CLUSTER: c1\n" + line("7", "0", "RUNNING", "None") +
              line("7", "1", "PENDING", "Priority") +
              line("8", "0", "RUNNING", "None", "aerotow other SITE_A 01KAMHZ0000000000000000B00") +
              line("7", "2", "RUNNING", "None", "a site's own comment"))},
        {"--jobs=7_3,7_4,7_5",
         says("7_3|COMPLETED|0:0|2026-11-22T07:30:25|2026-11-22T07:30:25|2026-11-22T07:31:25|"
              "aerotow-" +
              first_pilot + "\n7_4|RUNNING|0:0|||Unknown|aerotow-" + first_pilot +
              "\n7_5|COMPLETED|0:0||||aerotow-01KAMHZ0000000000000000C00\n")}};
    const auto all = stage.backend.list(known(ids(6), "7"));
    REQUIRE(all.size() == 4);
    CHECK(std::ranges::count(all, PilotState::Running, &Seen::state) == 2);
    const auto ended = std::ranges::find(all, "7_3", &Seen::backend_id);
    REQUIRE(ended != all.end());
    CHECK(ended->state == PilotState::Done);
    // Neither what accounting thinks to be running nor a job that has the number by now.
    CHECK(std::ranges::find(all, "7_4", &Seen::backend_id) == all.end());
    CHECK(std::ranges::find(all, ids(6)[5], &Seen::pilot) == all.end());
    CHECK_THAT(base::shell_quoted(stage.asked.front().argv),
               Catch::Contains("env -u ") && Catch::Contains("-u SQUEUE_STATES") &&
                   Catch::Contains("TZ=UTC"));
}

TEST_CASE("without accounting those that are not shown are not told of, and it is asked once") {
    Stage stage;
    const auto disabled = complains("Slurm accounting storage is disabled");
    stage.plays = {{"squeue", says("")}, {"sacct", disabled}, {"squeue", says("")}};
    CHECK(stage.backend.list(known(ids(2), "7")).empty());
    CHECK(stage.backend.list(known(ids(2), "7")).empty());
}

TEST_CASE("a squeue that does not know the columns is asked for JSON; one that fails is no queue") {
    Stage stage;
    const base::Finished half{{0, 0}, "7\n", "squeue: error: Invalid job format specification: x"};
    stage.plays = {
        {"--Format", half},
        {"--json", says(R"({"jobs": [{"name": "aerotow-)" + first_pilot +
                        R"(", "comment": "aerotow lab S )" + first_pilot +
                        R"(", "array_job_id": 7, "array_task_string": "0-2",
                                        "job_state": "PENDING"}]})")},
        {"squeue", complains("slurm_load_jobs error: Unable to contact slurm controller")},
        {"squeue", complains("Invalid authentication credential")}};
    CHECK(stage.backend.list({}).size() == 3);
    const auto kind = [&] {
        try {
            stage.backend.list({});
            return base::Kind::Internal;
        } catch (const base::Error& error) {
            return error.kind();
        }
    };
    CHECK(kind() == base::Kind::Unavailable);
    CHECK(kind() == base::Kind::Permission);
}

TEST_CASE("jobs are cancelled by their tags, never by a number alone") {
    Stage stage;
    const auto shown = line("9", "0", "PENDING", "Priority") +
                       line("9", "1", "PENDING", "Priority") + line("9", "2", "COMPLETED", "None") +
                       line("9", "3", "RUNNING", "None");
    stage.plays = {{"squeue", says(shown)}, {"scancel '9_[0-1,3]'", says("")}};
    const auto pilots = known(ids(5), "7");  // the numbers have changed hands
    const auto fates = stage.backend.cancel(pilots);
    CHECK(fates.size() == 5);
    CHECK(std::ranges::all_of(fates, [](const Fate& f) { return f.kind == Fate::Kind::Done; }));

    // Complaints about those that have just ended are none; about others they are.
    const auto complaint = complains("scancel: error: Kill job error on job id 9_0: whatever");
    stage.plays = {{"squeue", says(shown)}, {"scancel", complaint}, {"squeue", says("")}};
    CHECK_NOTHROW(stage.backend.cancel(pilots));
    stage.plays = {{"squeue", says(shown)}, {"scancel", complaint}, {"squeue", says(shown)}};
    CHECK_THROWS_AS(stage.backend.cancel(pilots), base::Error);
    stage.plays = {{"squeue", says("")}};
    CHECK_NOTHROW(stage.backend.cancel(pilots));
}

TEST_CASE("what a dead run had on hold is released when its fate is settled, and told of") {
    Stage stage;
    const auto shown = line("9", "0", "PENDING", "JobHeldUser") +
                       line("9", "1", "PENDING", "JobHeldUser") +
                       line("9", "2", "RUNNING", "None") + line("9", "7", "PENDING", "JobHeldUser");
    const auto record = "9_3|COMPLETED|0:0||||aerotow-" + first_pilot + "\n";
    stage.plays = {
        {"squeue", says(shown)},
        {"scontrol release '9_[0-1]'", says("")},
        {"--starttime=2025-11-21T01:13:25 --name=aerotow-" + ids(5)[3] + ",aerotow-" + ids(5)[4],
         says(record)}};
    const auto existing = stage.backend.settle(ids(5));
    REQUIRE(existing.size() == 4);
    CHECK(existing[0].state == PilotState::Pending);
    CHECK(existing[2].state == PilotState::Running);
    CHECK(existing[3].state == PilotState::Done);
    CHECK(existing[3].pilot == ids(5)[3]);

    stage.plays = {{"squeue", says(shown)}, {"release", complains("no")}, {"squeue", says(shown)}};
    CHECK_THROWS_AS(stage.backend.settle(ids(2)), base::Error);
}

TEST_CASE("held pilots are released, others are left alone") {
    Stage stage;
    stage.plays = {{"squeue", says(line("9", "0", "PENDING", "JobHeldAdmin") +
                                   line("9", "1", "RUNNING", "None"))},
                   {"scontrol release '9_[0]'", says("")}};
    CHECK(stage.backend.release(known(ids(3), "9")).size() == 3);
}

TEST_CASE("ten thousand pilots are read quickly") {
    std::string text;
    for (int i = 0; i < 10'000; ++i) {
        text += line("9", std::to_string(i), "PENDING", "Priority");
    }
    Stage stage;
    stage.plays = {{"squeue", says(text)}};
    CHECK(stage.backend.list({}).size() == 10'000);
}

}  // namespace tow::batch
