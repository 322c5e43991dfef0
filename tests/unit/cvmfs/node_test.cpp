#include "cvmfs/node.hpp"

#include "base/error.hpp"
#include "cvmfs/apart.hpp"
#include "cvmfs/client_config.hpp"
#include "cvmfs/mount_checks.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::cvmfs {

namespace {

using namespace std::chrono_literals;
using model::CheckState;

constexpr const char* kClient = TOW_TEST_DATA "/cvmfs/client/";
constexpr base::Time kNow{std::chrono::seconds(1795289400)};

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What a real client said of itself, as it would have come from a mount.
MountFacts captured(const std::string& name) {
    MountFacts facts;
    facts.repository = "test.example.org";
    facts.path = "/cvmfs/test.example.org";
    facts.file_system = kFuseMagic;
    facts.block_bytes = 512;
    facts.blocks = 2048000;
    facts.blocks_free = 2047885;
    std::ifstream file(std::string(kClient) + name);
    for (std::string line; std::getline(file, line);) {
        const auto equals = line.find('=');
        if (line.starts_with("user.") && equals != std::string::npos) {
            auto value = line.substr(equals + 1);
            for (auto at = value.find("\\n"); at != std::string::npos; at = value.find("\\n")) {
                value.replace(at, 2, "\n");
            }
            facts.attributes[line.substr(5, equals - 5)] = value;
        }
    }
    REQUIRE(facts.attributes.size() > 5);
    if (!facts.attribute("fqrn")) {
        facts.attributes["fqrn"] = "test.example.org";
    }
    return facts;
}

std::vector<std::string> reasons(const MountFacts& facts, const ClientConfig& config = {}) {
    const Thresholds thresholds;
    Report report(thresholds, kNow);
    judge_mount(report, facts);
    judge_configuration(report, facts, config);
    std::vector<std::string> result;
    for (const auto& check : report.checks()) {
        if (check.state != CheckState::Ok) {
            result.push_back(check.reason.value_or("?"));
        }
    }
    return result;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("a healthy client is healthy") {
    CHECK(reasons(captured("xattr_root_healthy.txt")).empty());
}

TEST_CASE("what a real client went through is seen in what it says") {
    CHECK(has(reasons(captured("xattr_root_after_read_eio.txt")), "io_errors"));
    CHECK(has(reasons(captured("xattr_root_after_failover.txt")), "host_failover"));
    // The client counts no error here: only its log tells.
    const auto outage = captured("xattr_root_after_outage.txt");
    CHECK(outage.number("nioerr") == 0);
    CHECK(has(reasons(outage), "io_errors"));
}

TEST_CASE("errors and failovers of long ago are over") {
    const Thresholds thresholds;
    Report report(thresholds, kNow + std::chrono::hours(24));
    judge_mount(report, captured("xattr_root_after_read_eio.txt"));
    judge_configuration(report, captured("xattr_root_after_read_eio.txt"), {});
    CHECK(report.worst() == CheckState::Ok);
}

TEST_CASE("proxies in use are held against those configured") {
    ClientConfig config;
    config["CVMFS_HTTP_PROXY"].value =
        "http://127.0.0.1:8821|http://127.0.0.1:8822;http://127.0.0.1:8823";
    config["CVMFS_FALLBACK_PROXY"].value = "http://127.0.0.1:8899";
    auto facts = captured("xattr_root_healthy.txt");
    const auto with_proxy = [&](const std::string& proxy) {
        facts.attributes["proxy"] = proxy;
        return reasons(facts, config);
    };
    CHECK(with_proxy("http://127.0.0.1:8821").empty());
    CHECK(with_proxy("http://127.0.0.1:8823") == std::vector<std::string>{"on_later_proxy"});
    CHECK(with_proxy("http://127.0.0.1:8899") == std::vector<std::string>{"on_fallback_proxy"});
    CHECK(with_proxy("http://elsewhere:1") == std::vector<std::string>{"on_unknown_proxy"});
    CHECK(with_proxy("DIRECT") == std::vector<std::string>{"on_direct"});
    config["CVMFS_HTTP_PROXY"].value = "http://127.0.0.1:8821; http://127.0.0.1:8823";
    CHECK(with_proxy("http://127.0.0.1:8821") == std::vector<std::string>{"proxy_syntax"});
}

TEST_CASE("what is no mount, another one, or dead, is told apart") {
    auto facts = captured("xattr_root_healthy.txt");
    facts.attributes["fqrn"] = "other.example.org";
    CHECK(reasons(facts)[0] == "wrong_repository");
    MountFacts empty;
    empty.repository = "r";
    empty.path = "/cvmfs/r";
    empty.file_system = 0xEF53;
    empty.entries = 0;
    CHECK(reasons(empty) == std::vector<std::string>{"not_mounted"});
    empty.entries = 3;
    CHECK(reasons(empty) == std::vector<std::string>{"not_cvmfs"});
    empty.stacktrace_written_at = 1;
    CHECK(reasons(empty) == std::vector<std::string>{"crashed"});
    empty.stacktrace_written_at.reset();
    empty.socket_error = ECONNREFUSED;
    CHECK(reasons(empty) == std::vector<std::string>{"crashed"});
    empty.open_error = ENOTCONN;
    CHECK(reasons(empty) == std::vector<std::string>{"crashed"});
    empty.open_error = ENOENT;
    CHECK(reasons(empty) == std::vector<std::string>{"not_mounted"});
    empty.hung_at = "statfs";
    CHECK(reasons(empty) == std::vector<std::string>{"hung"});
}

TEST_CASE("limits of the client are measured") {
    auto facts = captured("xattr_root_healthy.txt");
    facts.attributes["usedfd"] = "19000";
    facts.attributes["nclg"] = "9000";
    facts.attributes["ncleanup24"] = "40";
    facts.attributes["expires"] = "-30";
    facts.blocks = 1000;
    facts.blocks_free = 2000;  // nonsense from a stranger: no negative use
    facts.cache_free_ratio = 0.001;
    facts.memory_bytes = 3'000'000'000;
    const auto found = reasons(facts);
    for (const auto* reason : {"descriptors", "catalogs_ratio", "cache_thrashing", "update_overdue",
                               "cache_quota", "cache_free", "memory"}) {
        INFO(reason);
        CHECK(has(found, reason));
    }
    facts.attributes["ncleanup24"] = "-1";  // the client does not count them
    facts.attributes["expires"] = "never (fixed root catalog)";
    CHECK_FALSE(has(reasons(facts), "cache_thrashing"));
    CHECK_FALSE(has(reasons(facts), "update_overdue"));
}

TEST_CASE("a look at a directory takes no longer than it may, and hangs nowhere") {
    const test::Scratch folder;
    ::mkdir((folder / "hang.example.org").c_str(), 0700);
    ::mkfifo((folder / "hang.example.org/pipe").c_str(), 0600);
    ::mkdir((folder / "dir.example.org").c_str(), 0700);
    std::ofstream(folder / "dir.example.org/file") << "content";
    const auto start = std::chrono::steady_clock::now();
    const auto facts = probe_mounts({{"hang", folder / "hang.example.org", {"pipe"}, {}},
                                     {"dir", folder / "dir.example.org", {}, folder.path()},
                                     {"none", folder / "none", {}, {}}},
                                    300ms);
    CHECK(std::chrono::steady_clock::now() - start < 1s);
    CHECK(facts[0].hung_at == "read pipe");
    CHECK_FALSE(facts[1].hung_at);
    REQUIRE(facts[1].files.size() == 1);
    CHECK(facts[1].files[0].bytes == 7);
    CHECK(facts[1].cache_free_ratio);
    CHECK(facts[1].entries == 1);
    CHECK(facts[2].open_error == ENOENT);
}

TEST_CASE("the socket of a client tells whether it lives") {
    const test::Scratch folder;
    const auto path = folder / "cvmfs_io.r";
    const auto error = [&] {
        return probe_mounts({{"r", folder.path(), {}, folder.path()}}, 1s)[0].socket_error;
    };
    CHECK(error() == ENOENT);
    sockaddr_un address{AF_UNIX, {}};
    path.copy(static_cast<char*>(address.sun_path), path.size());
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(server, 1) == 0);
    CHECK(error() == 0);
    ::close(server);
    CHECK(error() == ECONNREFUSED);
}

TEST_CASE("who is left behind holds none of our descriptors") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    run_apart({[](int) { ::pause(); }}, 50ms);
    ::close(ends[1]);
    char byte = 0;
    CHECK(::read(ends[0], &byte, 1) == 0);  // would wait for the child if it held the other end
    ::close(ends[0]);
}

TEST_CASE("names of repositories that would lead elsewhere are refused") {
    const Thresholds thresholds;
    for (const auto* name : {"", "../etc", "a/b", ".hidden", "a b"}) {
        CHECK_THROWS_AS(look_at_node({.repositories = {name}}, thresholds, kNow), base::Error);
    }
    CHECK_THROWS_AS(look_at_node({.base = "/no/such/base"}, thresholds, kNow), base::Error);
}

TEST_CASE("mounts of CVMFS are found, others are not") {
    const std::string mounts =
        "cvmfs2 /cvmfs/test.example.org fuse ro,nosuid 0 0\n"
        "cvmfs2 /elsewhere/x fuse ro 0 0\n/dev/sda1 /cvmfs/disk ext4 rw 0 0\n"
        "cvmfs2 /cvmfs/a/b fuse.cvmfs2 ro 0 0\nshort\n";
    CHECK(mounted_repositories(mounts, "/cvmfs") == std::vector<std::string>{"test.example.org"});
}

TEST_CASE("the configuration takes effect as the client's own parser says it does") {
    const auto output = content_of(std::string(kClient) + "effective_config.txt");
    const auto said = parse_client_output(output.substr(0, output.find("### rc=")));
    const auto read = read_config_files(std::string(kClient) + "etc_cvmfs", "test.example.org", 5s);
    REQUIRE(said.size() > 15);
    for (const auto& [name, value] : said) {
        INFO(name);
        const auto found = read.find(name);
        REQUIRE(found != read.end());
        CHECK(found->second.value == value.value);
        CHECK(found->second.file.ends_with(value.file.substr(std::string("/etc/cvmfs").size())));
    }
}

TEST_CASE("a configuration that hangs is given up") {
    const test::Scratch folder;
    std::ofstream(folder / "default.conf") << "A=1\nsleep 100\n";
    const auto start = std::chrono::steady_clock::now();
    CHECK_THROWS_AS(read_config_files(folder.path(), "r.example.org", 200ms), base::Error);
    CHECK(std::chrono::steady_clock::now() - start < 2s);
    CHECK(names_in("export A=1; if [ x = y ]; then B=2; fi # C=3\n1D=4") ==
          std::vector<std::string>{"A", "B", "C"});
}

}  // namespace tow::cvmfs
