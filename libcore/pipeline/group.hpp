// The processes of one run, in one process group, none of which outlives the run, however it ends.
//
// The group is led by a guardian, a process of ours that does nothing but notice when we are gone,
// by kill -9 too. It then ends the group, as we would have done. Until that is done it holds on to
// our lock, which it has inherited: no two runs of a pipeline overlap.
#pragma once

#include "base/file.hpp"
#include "pipeline/stages.hpp"

#include <chrono>
#include <sys/types.h>

namespace tow::pipeline {

class ProcessGroup {
  public:
    // kill_after: what does not end by SIGTERM is killed so much later. Error{Unavailable}.
    explicit ProcessGroup(std::chrono::milliseconds kill_after);
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;
    ~ProcessGroup();  // kills what is left in the group

    struct Streams {
        int input;
        int output;
        int errors;
    };

    // The child; the caller waits for it. Error{NotFound} or {Unavailable} if it cannot be started.
    pid_t start(const Command& command, const Streams& streams) const;

    void signal(int number) const noexcept;  // to all of the group

    // The same to a child that has left the group for one of its own, as timeout(1) does.
    void signal_if_gone(pid_t child, int number) const noexcept;

  private:
    pid_t guardian_;
    base::UniqueFd alive_;  // closes when we end: that is what the guardian notices
};

}  // namespace tow::pipeline
