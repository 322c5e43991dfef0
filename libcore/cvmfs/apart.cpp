#include "cvmfs/apart.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/stop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tow::cvmfs {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMostSaid = std::size_t{4} << 20;  // bytes of one child
constexpr int kOutput = 3;                               // where a child finds its descriptor

// What would keep a reader of our own output waiting must not stay open in a child that hangs.
void let_go_of_all_but(int output) {
    const int nothing = ::open("/dev/null", O_RDWR);
    for (int fd = 0; fd < kOutput; ++fd) {
        ::dup2(nothing, fd);
    }
    if (output != kOutput) {
        ::dup2(output, kOutput);
    } else {
        ::fcntl(output, F_SETFD, 0);  // stays open if the job becomes another program
    }
    ::syscall(SYS_close_range, kOutput + 1, ~0U, 0);
}

[[noreturn]] void be_child(const Job& job, int output) noexcept {
    for (const int signal : {SIGALRM, SIGTERM, SIGINT, SIGPIPE}) {
        ::signal(signal, SIG_DFL);
    }
    let_go_of_all_but(output);
    job(kOutput);
    ::_exit(0);
}

class Apart {
  public:
    explicit Apart(const Job& job) : began_(Clock::now()) {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            base::fail_errno(base::Kind::Io, errno, "pipe");
        }
        output_ = base::UniqueFd(ends[0]);
        const base::UniqueFd write_end(ends[1]);
        pid_ = ::fork();
        if (pid_ < 0) {
            base::fail_errno(base::Kind::Unavailable, errno, "fork");
        }
        if (pid_ == 0) {
            be_child(job, write_end.get());
        }
    }
    Apart(const Apart&) = delete;
    Apart& operator=(const Apart&) = delete;

    ~Apart() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, WNOHANG);
    }

    int output() const { return output_.get(); }
    bool is_done() const { return said_.is_done; }

    void read() {
        std::array<char, 65536> buffer{};
        const auto count = ::read(output_.get(), buffer.data(), buffer.size());
        if (count > 0 && said_.text.size() < kMostSaid) {
            said_.text.append(buffer.data(), static_cast<std::size_t>(count));
        } else if (count >= 0 || errno != EINTR) {
            said_.is_done = true;
            said_.seconds = age();
        }
    }

    Said said() const {
        auto result = said_;
        result.seconds = said_.is_done ? said_.seconds : age();
        return result;
    }

  private:
    double age() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

    Clock::time_point began_;
    base::UniqueFd output_;
    pid_t pid_ = -1;
    Said said_;
};

using Children = std::vector<std::unique_ptr<Apart>>;

// Reads from those that say something; false if all are done.
bool listen(const Children& children, milliseconds longest) {
    std::vector<pollfd> ready;
    for (const auto& child : children) {
        if (!child->is_done()) {
            ready.push_back({child->output(), POLLIN, 0});
        }
    }
    if (ready.empty()) {
        return false;
    }
    ::poll(ready.data(), ready.size(), static_cast<int>(longest.count()));
    for (const auto& child : children) {
        const auto found = std::ranges::find(ready, child->output(), &pollfd::fd);
        if (!child->is_done() && found != ready.end() && found->revents != 0) {
            child->read();
        }
    }
    return true;
}

}  // namespace

std::vector<Said> run_apart(const std::vector<Job>& jobs, milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    Children children;
    children.reserve(jobs.size());
    for (const auto& job : jobs) {
        children.push_back(std::make_unique<Apart>(job));
    }
    while (true) {
        base::check_stop();
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        if (left.count() <= 0 || !listen(children, left)) {
            break;
        }
    }
    std::vector<Said> result;
    result.reserve(jobs.size());
    for (const auto& child : children) {
        result.push_back(child->said());
    }
    return result;
}

}  // namespace tow::cvmfs
