// Event logs are read on where they were left.
#include "base/file.hpp"
#include "logstore/log_store.hpp"
#include "pilotlog/gathering.hpp"
#include "scratch.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace base = tow::base;
namespace logstore = tow::logstore;
namespace pilotlog = tow::pilotlog;

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'300'000}};  // 2026-11-21

std::string started(int job, std::string_view day) {
    return fmt::format(
        "000 ({0:03}.000.000) {1} 10:00:00 Job submitted from host: <127.0.0.1:9618>\n...\n"
        "001 ({0:03}.000.000) {1} 10:01:00 Job executing on host: <127.0.0.1:9619>\n...\n",
        job, day);
}

std::string ended(int job, std::string_view day, int code = 0) {
    return fmt::format(
        "005 ({:03}.000.000) {} 11:00:00 Job terminated.\n"
        "\t(1) Normal termination (return value {})\n...\n",
        job, day, code);
}

// Jobs 1 to 50, which ended long ago.
std::string old_jobs(int code = 0) {
    std::string text;
    for (int job = 1; job <= 50; ++job) {
        text += started(job, "2026-11-01") + ended(job, "2026-11-02", code);
    }
    return text;
}

using Ends = std::map<std::string, pilotlog::JobEnd>;

struct Logs {
    tow::test::Scratch scratch;
    logstore::LogStore store{scratch / "store", tow::store::Access::ReadWrite};

    Logs() { std::filesystem::create_directory(scratch / "logs"); }

    std::string path(const std::string& name) const { return scratch / ("logs/" + name); }

    // The jobs that had to be read.
    Ends read() {
        pilotlog::Gathering gathering({kNow, {}});
        gathering.read_on([&](const std::string& log) { return store.mark_of(log); });
        gathering.add(scratch / "logs");
        gathering.jobs().settle();
        store.set_marks(gathering.marks());
        Ends ends;
        for (const auto& job : gathering.jobs().all()) {
            ends[job.id] = job.end;
        }
        return ends;
    }
};

}  // namespace

TEST_CASE("an event log is read on from the first job that lives or ended lately") {
    Logs logs;
    auto text = old_jobs() + started(51, "2026-11-03") + started(52, "2026-11-04") +
                ended(52, "2026-11-05");
    base::write_file_atomically(logs.path("events.log"), text);
    CHECK(logs.read().size() == 52);
    CHECK(logs.read() ==
          Ends{{"51.0", pilotlog::JobEnd::None}, {"52.0", pilotlog::JobEnd::Exited}});

    // The end of job 51 is written while it is being read; what there was before is not forgotten.
    const auto end = ended(51, "2026-11-21");
    text += end.substr(0, 30);
    base::write_file_atomically(logs.path("events.log"), text);
    CHECK(logs.read().size() == 2);
    text += end.substr(30) + started(53, "2026-11-21") + ended(53, "2026-11-21");
    base::write_file_atomically(logs.path("events.log"), text);
    CHECK(logs.read() == Ends{{"51.0", pilotlog::JobEnd::Exited},
                              {"52.0", pilotlog::JobEnd::Exited},
                              {"53.0", pilotlog::JobEnd::Exited}});
}

TEST_CASE("nothing of a log is read again when all of its jobs ended long ago") {
    Logs logs;
    base::write_file_atomically(logs.path("events.log"), old_jobs());
    CHECK(logs.read().size() == 50);
    CHECK(logs.read().empty());
    base::write_file_atomically(logs.path("events.log"), old_jobs() + started(51, "2026-11-21"));
    CHECK(logs.read().size() == 1);
}

TEST_CASE("a log that was rotated is known by what is in it, and the new one is another") {
    Logs logs;
    base::write_file_atomically(logs.path("events.log"), old_jobs() + started(51, "2026-11-20"));
    CHECK(logs.read().size() == 51);
    std::filesystem::rename(logs.path("events.log"), logs.path("events.log.1"));
    base::write_file_atomically(logs.path("events.log"),
                                ended(51, "2026-11-21") + started(60, "2026-11-21"));
    CHECK(logs.read() ==
          Ends{{"51.0", pilotlog::JobEnd::Exited}, {"60.0", pilotlog::JobEnd::None}});
}

TEST_CASE("a log that was truncated, or written anew, is read whole") {
    Logs logs;
    base::write_file_atomically(logs.path("events.log"), old_jobs() + started(51, "2026-11-20"));
    CHECK(logs.read().size() == 51);
    const auto text = old_jobs();
    base::write_file_atomically(logs.path("events.log"), text.substr(0, text.size() / 2));
    CHECK(logs.read().size() > 20);

    // As long as before, with the same beginning, and other jobs behind it.
    base::write_file_atomically(logs.path("events.log"), old_jobs());
    logs.read();
    auto other = text.substr(0, 2000) + old_jobs(7).substr(2000);
    base::write_file_atomically(logs.path("events.log"), other);
    CHECK(logs.read().size() == 50);
}
