// What the live view shows: the last decision, and the state file as it is now.
#pragma once

#include "base/clock.hpp"
#include "report/overview.hpp"
#include "report/page.hpp"
#include "report/snapshot.hpp"

#include <string>
#include <vector>

namespace tow::top {

// One table of the view.
struct Tab {
    std::string title;
    report::Table table;
};

struct Picture {
    std::vector<std::string> summary;  // lines above the tables
    std::vector<Tab> tabs;             // always the same ones
};

class Feed {
  public:
    // Files of records; the state directory may be one where nothing was sent yet.
    Feed(std::vector<std::string> files, std::string state_directory);

    // Reads everything anew. Pilots, what they used and pipelines come from the state file, if
    // there is one, because it is newer than any stream. Error as the files and the state have it.
    void refresh(base::Time now);

    const report::Snapshot& snapshot() const noexcept { return snapshot_; }
    const report::Overview& overview() const noexcept { return overview_; }
    Picture picture(base::Time now) const;

  private:
    void read_files();
    void read_state(base::Time now);

    std::vector<std::string> files_;
    std::string state_directory_;
    report::Snapshot snapshot_;
    report::Overview overview_;
};

}  // namespace tow::top
