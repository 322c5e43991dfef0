#include "batch/ssh.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "batch/backend.hpp"
#include "scratch.hpp"

#include <chrono>
#include <numeric>
#include <sys/stat.h>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

// A stand-in for ssh, first on the PATH: a script for sh.
class FakeSsh {
  public:
    explicit FakeSsh(const std::string& script)
        : old_path_(base::environment("PATH").value_or("")) {
        base::write_file_atomically(folder_ / "ssh", "#!/bin/sh\n" + script);
        ::chmod((folder_ / "ssh").c_str(), 0700);
        ::setenv("PATH", (folder_.path() + ":" + old_path_).c_str(), 1);
    }
    FakeSsh(const FakeSsh&) = delete;
    FakeSsh& operator=(const FakeSsh&) = delete;
    ~FakeSsh() { ::setenv("PATH", old_path_.c_str(), 1); }

    std::string operator/(const std::string& name) const { return folder_ / name; }

    std::unique_ptr<Transport> transport() const {
        Surroundings surroundings;
        surroundings.state_directory = folder_ / "state";
        surroundings.patience = std::chrono::seconds(30);
        return make_ssh_transport("ssh://me@login.example.org:2222", surroundings);
    }

  private:
    test::Scratch folder_;
    std::string old_path_;
};

base::Error error_of(const FakeSsh& ssh) {
    try {
        ssh.transport()->run({{"true"}}, 100);
    } catch (const base::Error& error) {
        return error;
    }
    return {base::Kind::Internal, "no error"};
}

// The real sshd that tests/services/run has started; the rest of these tests need none.
class RealSshd {
  public:
    RealSshd() {
        Surroundings surroundings;
        surroundings.state_directory = folder_.path();
        surroundings.ssh_config = config_;
        surroundings.patience = std::chrono::seconds(30);
        transport = make_ssh_transport("ssh://site", surroundings);
    }
    RealSshd(const RealSshd&) = delete;
    RealSshd& operator=(const RealSshd&) = delete;

    ~RealSshd() = default;

    void close() {  // the connection would stay open for a while
        base::run_to_end({{"ssh", "-F", config_, "-S", folder_ / "ssh/%C", "-O", "exit", "site"}},
                         {10'000, std::chrono::seconds(10)});
    }

    std::unique_ptr<Transport> transport;

  private:
    test::Scratch folder_;
    std::string config_ = base::environment("TOW_SSH_CONFIG").value_or("");
};

std::string every_byte() {
    std::string bytes(255, '\0');
    std::iota(bytes.begin(), bytes.end(), '\1');
    return bytes;
}

}  // namespace

TEST_CASE("an address is a user, a host and a port, and nothing that ssh takes for an option") {
    for (const auto* good : {"ssh://login", "ssh://me@login.example.org", "ssh://login:2222",
                             "ssh://a.b-c_d@10.1.2.3:1", "ssh://[::1]:22", "ssh://me@[fe80::1]"}) {
        CHECK_NOTHROW(check_ssh_url(good));
    }
    for (const auto* bad : {"",
                            "login",
                            "ssh://",
                            "ssh://-oProxyCommand=x",
                            "ssh://-l@host",
                            "ssh://a@-b",
                            "ssh://a b",
                            "ssh://a\nb",
                            "ssh://h:0",
                            "ssh://h:65536",
                            "ssh://h:22x",
                            "ssh://h:",
                            "ssh://h/",
                            "ssh://a@b@c",
                            "ssh://@h",
                            "ssh://[::1",
                            "ssh://[]",
                            "ssh://[::1]x",
                            "ssh://%h",
                            "ssh://h;x",
                            "ssh://h?x=y",
                            "SSH://h",
                            "ssh://$(x)"}) {
        CHECK_THROWS_AS(check_ssh_url(bad), base::Error);
    }
}

TEST_CASE("the far shell gets the command, whatever the login shell is") {
    const FakeSsh ssh("printf '%s\\n' \"$@\" >\"${0%/*}/arguments\"; echo Welcome\nexec /bin/sh\n");
    const auto transport = ssh.transport();
    const auto finished =
        transport->run({{"sh", "-c", "cat; echo \"$1$V\"; echo oh >&2; exit 255", "x", "$(a) 'b'"},
                        {"V=!"},
                        "in "},
                       100);
    CHECK(finished.output == "in $(a) 'b'!\n");
    CHECK(finished.status.code == 255);
    CHECK(finished.complaint == "oh");
    const auto arguments = base::read_file(ssh / "arguments", 10000);
    CHECK(arguments.find("\n-p\n2222\n") != std::string::npos);
    CHECK(arguments.ends_with("\n-T\n-a\n-x\n--\nme@login.example.org\nexec /bin/sh\n"));
}

TEST_CASE("a file there is read whole, or it is told why not") {
    const FakeSsh ssh("exec /bin/sh\n");
    const auto transport = ssh.transport();
    base::write_file_atomically(ssh / "file", "some\nwords");
    CHECK(transport->read_file(ssh / "file", 100) == "some\nwords");
    CHECK_THROWS_WITH(transport->read_file(ssh / "file", 9), Catch::Contains("more than 9 bytes"));
    try {
        transport->read_file(ssh / "absent", 100);
        FAIL("read a file that is not there");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::NotFound);
    }
}

TEST_CASE("why there is no connection decides what a person can do") {
    using base::Kind;
    const auto closed = error_of(FakeSsh(
        "echo 'me@login.example.org: Permission denied (publickey,keyboard-interactive).' >&2\n"
        "exit 255\n"));
    CHECK(closed.kind() == Kind::Permission);
    CHECK_THAT(closed.hint(), Catch::Contains("/ssh/%C -p 2222 -M -o ControlPersist=12h -fN "
                                              "me@login.example.org"));
    const auto changed =
        error_of(FakeSsh("echo '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @' >&2\n"
                         "echo 'Host key verification failed.' >&2; exit 255\n"));
    CHECK(changed.kind() == Kind::Permission);
    CHECK_THAT(changed.hint(), Catch::Contains("ssh-keygen -R"));
    const auto unknown = error_of(FakeSsh("echo 'Host key verification failed.' >&2; exit 255\n"));
    CHECK(unknown.kind() == Kind::Permission);
    CHECK_THAT(unknown.hint(), Catch::Contains("ControlMaster=no me@login.example.org"));
    const auto refused = error_of(FakeSsh("echo 'Connection refused' >&2; exit 255\n"));
    CHECK(refused.kind() == Kind::Unavailable);
    CHECK_THAT(refused.what(),
               Catch::Contains("ssh://me@login.example.org:2222: Connection refused"));
    const auto nobody = error_of(FakeSsh("echo 'This account is not available.'; exit 1\n"));
    CHECK(nobody.kind() == Kind::Unavailable);
    CHECK_THAT(nobody.what(), Catch::Contains("This account is not available."));
    const auto torn = error_of(FakeSsh("head -n 1 | /bin/sh; exit 255\n"));
    CHECK(torn.kind() == Kind::Unavailable);
    CHECK_THAT(torn.what(), Catch::Contains("lost while a command ran"));
}

TEST_CASE("the folder of the connection belongs to its owner alone") {
    const FakeSsh ssh("exec /bin/sh\n");
    CHECK_NOTHROW(ssh.transport());
    ::chmod((ssh / "state/ssh").c_str(), 0770);
    CHECK_THROWS_WITH(ssh.transport(), Catch::Contains("only its owner can use"));
}

TEST_CASE("a real sshd: arguments and a megabyte of input arrive, ends are told", "[.real-ssh]") {
    RealSshd sshd;
    const auto& transport = sshd.transport;
    const std::vector<std::string> arguments{
        "a b",          "",   "it's", "$(touch pwned)`touch pwned`",
        "two\nlines\n", "!!", "ünï",  every_byte()};
    base::Command echo{{"printf", "%s|"}};
    std::string expected;
    for (const auto& argument : arguments) {
        echo.argv.push_back(argument);
        expected += argument + "|";
    }
    CHECK(transport->run(echo, 10'000).output == expected);
    std::string megabyte;
    while (megabyte.size() < std::size_t{1} << 20) {
        megabyte += every_byte();
    }
    CHECK(transport->run({{"cat"}, {}, megabyte}, megabyte.size()).output == megabyte);
    CHECK(transport->run({{"sh", "-c", "exit 255"}}, 0).status.code == 255);
    CHECK(transport->run({{"no-such-command"}}, 0).status.code == 127);
    CHECK(transport->read_file("/etc/passwd", 100'000).find("root:") != std::string::npos);
    try {
        transport->run({{"sh", "-c", "kill -9 $PPID"}}, 0);
        FAIL("the end of the far shell was taken for an answer");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Unavailable);
    }
    sshd.close();
}

TEST_CASE("a real sshd: the second command uses the connection of the first", "[.real-ssh]") {
    using Clock = std::chrono::steady_clock;
    RealSshd sshd;
    const auto& transport = sshd.transport;
    const auto time_of_one = [&] {
        const auto begin = Clock::now();
        transport->run({{"true"}}, 0);
        return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    };
    const auto first = time_of_one();
    const auto next = std::min({time_of_one(), time_of_one(), time_of_one()});
    WARN("first command " << first.count() << " ms, next " << next.count() << " ms");
    CHECK(next < first);
    sshd.close();
}

}  // namespace tow::batch
