#include "batch/ssh.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "batch/sh_script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <sys/stat.h>
#include <unistd.h>

namespace tow::batch {

namespace {

// What login shells, and the markers of the script, may add to a command's output.
constexpr std::size_t kNoise = 65536;

struct Address {
    std::string user;  // empty: as ssh's configuration says
    std::string host;
    std::string port;  // likewise

    std::string destination() const { return user.empty() ? host : user + "@" + host; }
};

bool consists_of(std::string_view text, std::string_view others) {
    return !text.empty() && text.front() != '-' && std::ranges::all_of(text, [&](char c) {
        return base::is_alpha(c) || base::is_digit(c) || others.find(c) != std::string_view::npos;
    });
}

bool is_port(std::string_view text) {
    unsigned number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end && number >= 1 && number <= 65535;
}

// Nothing that ssh could take for an option, a user of its own, or a pattern.
std::optional<Address> parse(std::string_view via) {
    constexpr std::string_view kScheme = "ssh://";
    if (!via.starts_with(kScheme)) {
        return std::nullopt;
    }
    via.remove_prefix(kScheme.size());
    Address address;
    if (const auto at = via.find('@'); at != std::string_view::npos) {
        address.user = via.substr(0, at);
        via.remove_prefix(at + 1);
        if (!consists_of(address.user, "._+-")) {
            return std::nullopt;
        }
    }
    const bool bracketed = via.starts_with('[');  // an IPv6 address
    const auto end = bracketed ? via.find(']') : std::min(via.find(':'), via.size());
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    address.host = bracketed ? via.substr(1, end - 1) : via.substr(0, end);
    via.remove_prefix(bracketed ? end + 1 : end);
    if (!consists_of(address.host, bracketed ? ":." : "._-")) {
        return std::nullopt;
    }
    if (!via.empty()) {
        address.port = via.substr(1);
        if (via.front() != ':' || !is_port(address.port)) {
            return std::nullopt;
        }
    }
    return address;
}

Address address_of(const std::string& via) {
    if (auto address = parse(via)) {
        return *std::move(address);
    }
    throw base::Error(base::Kind::Config,
                      fmt::format("via: \"{}\" is no address", base::printable(via)),
                      "via: ssh://[user@]host[:port]");
}

// Nobody else may put a socket there, for whoever answers on it gets our commands.
void require_private(const std::string& folder) {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0) {
        base::fail_errno(base::Kind::CannotCreate, errno, folder);
    }
    constexpr mode_t kOthers = 077;
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() ||
        (status.st_mode & kOthers) != 0) {
        base::fail(base::Kind::Permission, "{}: must be a folder that only its owner can use",
                   folder);
    }
}

// The control path, where ssh puts a hash of the connection for %C. The same for cron and for the
// operator who opens the connection, hence not below $XDG_RUNTIME_DIR, which ends with a login.
std::string control_path(const std::string& state_directory) {
    // A socket's path has 107 bytes, and ssh makes it under a temporary name of 17 more.
    constexpr std::size_t kLongest = 107 - 17 - sizeof("/0123456789012345678901234567890123456789");
    auto folder = state_directory + "/ssh";
    // ssh would expand other characters.
    if (folder.size() > kLongest || !folder.starts_with('/') || !consists_of(folder, "/._-")) {
        folder = fmt::format("/tmp/aerotow-{}", ::geteuid());
    }
    base::make_directories(folder);
    require_private(folder);
    return folder + "/%C";
}

class Ssh : public Transport {
  public:
    Ssh(const std::string& via, const Surroundings& surroundings)
        : via_(via),
          address_(address_of(via)),
          control_path_(control_path(surroundings.state_directory)),
          config_(surroundings.ssh_config),
          patience_(surroundings.patience),
          trace_(surroundings.trace) {}

    base::Finished run(const base::Command& command, std::size_t output_limit) override;
    std::string read_file(const std::string& path, std::size_t limit) override;

  private:
    std::vector<std::string> connection() const;
    std::vector<std::string> argv() const;
    base::Finished talk(const std::string& script, std::size_t limit) const;
    [[noreturn]] void fail(const base::Finished& finished, const ShReply& reply) const;
    std::string by_hand(std::string_view options) const;

    std::string via_;
    Address address_;
    std::string control_path_;
    std::optional<std::string> config_;
    std::chrono::milliseconds patience_;
    std::function<void(const std::string&)> trace_;
};

// Which connection: the same in our commands and in those that we tell people to type.
std::vector<std::string> Ssh::connection() const {
    std::vector<std::string> words{"ssh"};
    if (config_) {
        words.insert(words.end(), {"-F", *config_});
    }
    words.insert(words.end(), {"-S", control_path_});
    if (!address_.port.empty()) {
        words.insert(words.end(), {"-p", address_.port});
    }
    return words;
}

// The remote command is always this one, so that no login shell, whatever it is, has anything of
// ours to interpret: all else goes over standard input to a shell we know.
std::vector<std::string> Ssh::argv() const {
    auto words = connection();
    for (const auto* option :
         {"BatchMode=yes", "ControlMaster=auto", "ControlPersist=10m", "ConnectTimeout=20",
          "ServerAliveInterval=15", "ServerAliveCountMax=3", "LogLevel=ERROR", "RemoteCommand=none",
          "ClearAllForwardings=yes", "PermitLocalCommand=no"}) {
        words.insert(words.end(), {"-o", option});
    }
    words.insert(words.end(), {"-T", "-a", "-x", "--", address_.destination(), "exec /bin/sh"});
    return words;
}

std::string Ssh::by_hand(std::string_view options) const {
    return fmt::format("{} {} {}", base::shell_quoted(connection()), options,
                       address_.destination());
}

base::Finished Ssh::talk(const std::string& script, std::size_t limit) const {
    try {
        return base::run_to_end({argv(), {}, script}, {limit + kNoise, patience_});
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::Timeout) {
            throw error.within(via_);
        }
        throw base::Error(error.kind(), fmt::format("{}: {}", via_, error.what()),
                          "a connection that hangs is closed by: " + by_hand("-O exit"));
    }
}

void Ssh::fail(const base::Finished& finished, const ShReply& reply) const {
    using base::Kind;
    const auto& words = finished.complaint;
    const auto says = [&](std::string_view text) { return words.find(text) != std::string::npos; };
    const auto greeting = base::cut_to_width(base::printable(base::trim(finished.output)), 200);
    const auto message = fmt::format("{}: {}", via_,
                                     !words.empty()      ? words
                                     : !greeting.empty() ? "no shell there: " + greeting
                                                         : "no answer");
    if (reply.started) {
        throw base::Error(Kind::Unavailable,
                          fmt::format("{}: the connection was lost while a command ran{}{}", via_,
                                      words.empty() ? "" : ": ", words));
    }
    if (says("REMOTE HOST IDENTIFICATION HAS CHANGED")) {
        throw base::Error(Kind::Permission, via_ + ": the key of the host has changed",
                          "ask its administrators whether it should have; if so, remove the old "
                          "one from known_hosts (ssh-keygen -R)");
    }
    if (says("Host key verification failed")) {
        throw base::Error(Kind::Permission, via_ + ": the key of the host is not known",
                          "compare it with what its administrators publish, once, by hand: " +
                              by_hand("-o ControlMaster=no"));
    }
    for (const auto* refusal : {"Permission denied (", "Too many authentication failures",
                                "Authentication failed", "No more authentication methods"}) {
        if (says(refusal)) {
            throw base::Error(
                Kind::Permission, message,
                "open the connection once, by hand: " + by_hand("-M -o ControlPersist=12h -fN"));
        }
    }
    throw base::Error(Kind::Unavailable, message);
}

base::Finished Ssh::run(const base::Command& command, std::size_t output_limit) {
    if (trace_) {
        trace_(fmt::format("{}: {}", via_, base::shell_quoted(command.argv)));
    }
    const auto script = write_sh_script(command);
    auto finished = talk(script.text, output_limit);
    const auto reply = read_sh_reply(finished.output, script.mark);
    if (!reply.exit_code) {
        fail(finished, reply);
    }
    if (reply.output.size() > output_limit) {
        base::fail(base::Kind::Data, "{}: {}: printed more than {} bytes", via_,
                   base::printable(command.argv[0]), output_limit);
    }
    return {{*reply.exit_code, 0}, std::string(reply.output), std::move(finished.complaint)};
}

std::string Ssh::read_file(const std::string& path, std::size_t limit) {
    using base::Kind;
    auto finished = run({{"cat", "--", path}, {"LC_ALL=C"}}, limit);
    if (!finished.status.ok()) {
        const auto& words = finished.complaint;
        const auto kind = words.find("No such file") != std::string::npos        ? Kind::NotFound
                          : words.find("Permission denied") != std::string::npos ? Kind::Permission
                                                                                 : Kind::Io;
        base::fail(kind, "{}: {}", via_, words);
    }
    return std::move(finished.output);
}

}  // namespace

void check_ssh_url(const std::string& via) {
    address_of(via);
}

std::unique_ptr<Transport> make_ssh_transport(const std::string& via,
                                              const Surroundings& surroundings) {
    return std::make_unique<Ssh>(via, surroundings);
}

}  // namespace tow::batch
