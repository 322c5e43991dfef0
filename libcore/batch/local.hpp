// Pilots as processes of this machine, each in a session of its own, with nothing but a folder to
// remember them by. It is the backend of the quickstart, and a batch system small enough to test
// every crash of the code above it.
//
// Folder of a pilot: <directory>/<pilot id>/
//   claim   made by the pilot's watcher with O_EXCL before it starts anything: whoever makes it
//           first has the say, so a pilot is started at most once, and settle() can forbid a start
//   exit    how it ended, written by the watcher
//   out err what it printed;  work/  its working directory
#pragma once

#include "batch/backend.hpp"

#include <string>

namespace tow::batch {

class LocalBackend : public Backend {
  public:
    explicit LocalBackend(std::string directory);

    // target: what read_payload() knows, and grace_seconds (between SIGTERM and SIGKILL, 30 by
    // default). The wall time of the entry's pilot is enforced.
    void check(const model::Entry& entry) const override;
    model::Entry fit(const model::Entry& entry, base::Time /*now*/) override { return entry; }
    std::string describe(const model::Entry& entry,
                         std::span<const std::string> pilots) const override;
    // A stop request has to wait for so many.
    std::size_t most_at_once(const model::Entry& /*entry*/) const override { return 50; }
    std::vector<Fate> submit(const model::Entry& entry,
                             std::span<const std::string> pilots) override;
    std::vector<Seen> list(std::span<const Known> expected) override;
    std::vector<Fate> cancel(std::span<const Known> pilots) override;
    std::vector<Fate> release(std::span<const Known> pilots) override;
    std::vector<Seen> settle(std::span<const std::string> pilots) override;

  private:
    model::Entry equipped(const model::Entry& entry) const;
    std::string folder(const std::string& pilot) const { return directory_ + "/" + pilot; }

    std::string directory_;
};

}  // namespace tow::batch
