// Descriptors, whole files, and files that are replaced atomically. Every write is checked.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace tow::base {

class UniqueFd {
  public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) noexcept : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept;
    UniqueFd(const UniqueFd&) = delete;
    UniqueFd& operator=(const UniqueFd&) = delete;
    ~UniqueFd() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    void reset() noexcept;

  private:
    int fd_ = -1;
};

// The system calls that can fail half way. Tests replace them to stage a full disk or a short
// write.
struct IoCalls {
    ssize_t (*write)(int fd, const void* data, std::size_t size);
    int (*fsync)(int fd);
    int (*rename)(const char* from, const char* to);
};

IoCalls& io_calls() noexcept;

UniqueFd open_for_reading(const std::string& path);  // Error{NotFound, Permission or Io}

// A file without a name, to write and read back: gone when it is closed. In $TMPDIR or /tmp, so
// that what is large does not stay in memory. Error{CannotCreate}.
UniqueFd unnamed_file();

// When the file was last changed; nothing for a pipe, terminal or device.
std::optional<Time> modification_time(int fd) noexcept;

// Whether there is data, or the end of it, before this time has passed. Ends early as stop.hpp
// says.
bool wait_readable(int fd, std::chrono::milliseconds at_most);

// Blocks until there is data; 0 at the end. Ends early as stop.hpp says. Error{Io} on failure.
std::size_t read_some(int fd, std::span<char> buffer);

// What a file or pipe holds next, as far as it is there, without taking it; nothing for what cannot
// be looked into. Blocks until there is something.
std::string peek(int fd, std::size_t size);

// Error{Io}, with errno in the message, unless all of it was written. Returns false if the reader
// of a pipe has gone (EPIPE): whoever writes results decides what that means.
[[nodiscard]] bool write_all(int fd, std::string_view data);

// Error{Data} if the file is larger than limit bytes.
std::string read_file(const std::string& path, std::size_t limit);
std::string read_all(int fd, const std::string& name, std::size_t limit);

// A file that comes into being, or is replaced, only by commit(): written beside the target,
// synced, renamed, and the directory synced. Without commit() nothing is left.
class AtomicFile {
  public:
    explicit AtomicFile(std::string path);  // Error{CannotCreate}
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();

    int fd() const noexcept { return fd_.get(); }
    void commit();  // Error{Io}

  private:
    std::string path_;
    std::string temporary_;  // empty once committed
    UniqueFd fd_;
};

void write_file_atomically(const std::string& path, std::string_view content);

// Makes the directory and its parents (mode 0700). Error{CannotCreate}.
void make_directories(const std::string& path);

}  // namespace tow::base
