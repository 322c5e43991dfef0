#include "cvmfs/mount_child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <dirent.h>

namespace tow::cvmfs {

namespace {

constexpr std::int64_t kMostEntries = 1000;
constexpr std::size_t kMostRead = std::size_t{1} << 20;

// What a check looks at. fqrn comes first: whether this is a CVMFS mount at all.
constexpr std::array<const char*, 26> kAttributes{
    "user.fqrn",      "user.version",      "user.revision", "user.root_hash",
    "user.expires",   "user.uptime",       "user.pid",      "user.nioerr",
    "user.host",      "user.host_list",    "user.proxy",    "user.proxy_list",
    "user.usedfd",    "user.maxfd",        "user.nclg",     "user.ncleanup24",
    "user.tag",       "user.ndownload",    "user.hitrate",  "user.timestamp_last_ioerr",
    "user.logbuffer", "user.inode_max",    "user.nopen",    "user.rx",
    "user.speed",     "user.external_host"};

class Speaker {
  public:
    explicit Speaker(int output) : output_(output) {}

    void operator()(std::string_view key, std::string_view value) const {
        std::string text(key);
        text += '\0';
        text += value.substr(0, value.find('\0'));
        text += '\0';
        for (std::string_view rest = text; !rest.empty();) {
            const auto count = ::write(output_, rest.data(), rest.size());
            if (count < 0 && errno != EINTR) {
                ::_exit(1);  // nobody listens any more
            }
            rest.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
        }
    }

    void operator()(std::string_view key, std::uint64_t number) const {
        (*this)(key, std::string_view(std::to_string(number)));
    }

  private:
    int output_;
};

void look_at_file_system(const Speaker& say, int root) {
    say("begin", "statfs");
    struct statfs facts {};

    if (::fstatfs(root, &facts) == 0) {
        say("file_system", static_cast<std::uint64_t>(facts.f_type) & 0xFFFFFFFFU);
        say("block_bytes", static_cast<std::uint64_t>(facts.f_frsize));
        say("blocks", facts.f_blocks);
        say("blocks_free", facts.f_bfree);
    }
}

void look_at_attributes(const Speaker& say, int root) {
    for (const char* name : kAttributes) {
        say("begin", name);
        std::array<char, 65536> value{};
        const auto size = ::fgetxattr(root, name, value.data(), value.size() - 1);
        if (size >= 0) {
            say(name, std::string_view(value.data(), static_cast<std::size_t>(size)));
        }
    }
}

// Returns the first plain file, to have something to read.
std::string look_at_names(const Speaker& say, int root) {
    say("begin", "readdir");
    std::string first;
    std::uint64_t entries = 0;
    DIR* directory = ::fdopendir(::openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory == nullptr) {
        return first;
    }
    while (const dirent* entry =
               ::readdir(directory)) {  // NOLINT(concurrency-mt-unsafe) one thread
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") {
            continue;
        }
        if (entry->d_type == DT_REG && (first.empty() || name < first)) {
            first = name;
        }
        if (++entries >= kMostEntries) {
            break;
        }
    }
    ::closedir(directory);
    say("entries", entries);
    return first;
}

void read_file(const Speaker& say, int root, const std::string& path) {
    say("begin", std::string_view("read " + path));
    std::array<char, 65536> buffer{};
    std::size_t bytes = 0;
    int error = 0;
    const int fd = ::openat(root, path.c_str(), O_RDONLY | O_CLOEXEC);
    ssize_t count = fd < 0 ? -1 : 1;
    while (fd >= 0 && bytes < kMostRead) {
        count = ::read(fd, buffer.data(), buffer.size());
        if (count <= 0) {
            break;
        }
        bytes += static_cast<std::size_t>(count);
    }
    error = count < 0 ? errno : 0;
    say("file", std::to_string(error) + "\n" + std::to_string(bytes) + "\n" + path);
}

void look_at_cache(const Speaker& say, const MountProbe& probe) {
    say("begin", "cache");
    struct statfs facts {};

    if (::statfs(probe.cache_dir->c_str(), &facts) == 0 && facts.f_blocks > 0) {
        say("cache_free_percent", facts.f_bavail * 100 / facts.f_blocks);
    }
    struct stat trace {};

    const auto stacktrace = *probe.cache_dir + "/stacktrace." + probe.repository;
    if (::stat(stacktrace.c_str(), &trace) == 0) {
        say("stacktrace", static_cast<std::uint64_t>(trace.st_mtime));
    }
    const auto paused = "/var/run/cvmfs/cvmfs." + probe.repository + ".paused";
    if (::access(paused.c_str(), F_OK) == 0) {
        say("paused", "yes");
    }
}

// Whether a client listens: what a crash leaves behind refuses. Not a word is said to it.
void look_at_socket(const Speaker& say, const MountProbe& probe) {
    say("begin", "talk socket");
    sockaddr_un address{};
    const auto path = *probe.cache_dir + "/cvmfs_io." + probe.repository;
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0 || path.size() >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), path.size());
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    say("socket_error",
        static_cast<std::uint64_t>(::connect(socket, where, sizeof address) == 0 ? 0 : errno));
    ::close(socket);
}

// What the client itself takes, if the process is one.
void look_at_memory(const Speaker& say, int root) {
    say("begin", "memory");
    std::array<char, 32> pid{};
    const auto size = ::fgetxattr(root, "user.pid", pid.data(), pid.size() - 1);
    const std::string_view digits(pid.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return;
    }
    const int file =
        ::open(("/proc/" + std::string(digits) + "/status").c_str(), O_RDONLY | O_CLOEXEC);
    std::array<char, 4096> status{};
    const auto count = file < 0 ? 0 : ::read(file, status.data(), status.size());
    const std::string_view text(status.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
    const auto resident = text.find("\nVmRSS:");
    if (text.starts_with("Name:\tcvmfs2\n") && resident != std::string_view::npos) {
        auto number = text.substr(resident + std::string_view("\nVmRSS:").size());
        number.remove_prefix(std::min(number.size(), number.find_first_of("0123456789")));
        say("memory_kilobytes", number.substr(0, number.find(' ')));
    }
}

}  // namespace

void look_at_mount(const MountProbe& probe, int output) noexcept {
    try {
        const Speaker say(output);
        if (probe.cache_dir) {
            look_at_cache(say, probe);
            look_at_socket(say, probe);
        }
        say("begin", "open");
        // Opened and held, so that an automounter mounts it and leaves it mounted.
        const int root = ::open(probe.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (root < 0) {
            say("open_error", static_cast<std::uint64_t>(errno));
        } else {
            look_at_file_system(say, root);
            look_at_attributes(say, root);
            look_at_memory(say, root);
            const auto first = look_at_names(say, root);
            for (const auto& file : probe.files) {
                read_file(say, root, file);
            }
            if (probe.files.empty() && !first.empty()) {
                read_file(say, root, first);
            }
        }
        say("begin", "end");
    } catch (...) {
        ::_exit(1);
    }
    ::_exit(0);
}

}  // namespace tow::cvmfs
