#include "pipeline/kept_output.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace tow::pipeline {

void Tail::append(std::string_view text) {
    total_ += text.size();
    kept_ += text.substr(text.size() - std::min(text.size(), most_));
    if (kept_.size() > 2 * most_) {  // now and then, so that it costs little
        kept_.erase(0, kept_.size() - most_);
    }
}

std::string_view Tail::text() const noexcept {
    return std::string_view(kept_).substr(kept_.size() - std::min(kept_.size(), most_));
}

KeptOutput::KeptOutput(const std::string& path) : path_(path) {
    // Not truncated: another name of the same file may be what is kept of a failure.
    ::unlink(path.c_str());
    fd_ = base::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd_) {
        try {
            base::fail_errno(base::Kind::CannotCreate, errno, path);
        } catch (const base::Error& error) {
            problem_ = error;
        }
    }
}

void KeptOutput::append(std::string_view text) {
    const auto first = text.substr(0, room_);
    room_ -= first.size();
    write(first);
    tail_.append(text.substr(first.size()));
}

void KeptOutput::finish() {
    const auto last = tail_.text();
    if (const auto left_out = tail_.total() - last.size(); left_out > 0) {
        write(fmt::format("\n[{} bytes are left out here]\n", left_out));
    }
    write(last);
    tail_ = Tail(0);
}

void KeptOutput::write(std::string_view text) {
    if (problem_ || text.empty()) {
        return;
    }
    try {
        [[maybe_unused]] const bool open = base::write_all(fd_.get(), text);
    } catch (const base::Error& error) {
        problem_ = error.within(path_);
    }
}

}  // namespace tow::pipeline
