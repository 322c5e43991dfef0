// What HTCondor hides about the expressions of jobs and entries; see classad/check.hpp.
#pragma once

#include "base/clock.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"

#include <map>
#include <string>
#include <vector>

namespace tow::match {

// Collects them, with the attribute's name. The same words about many jobs are one warning.
class Warnings {
  public:
    explicit Warnings(base::Time now) : now_(now) {}

    void look_at(const std::vector<model::Entry>& entries,
                 const std::vector<model::JobGroup>& groups);

    // In the order in which they were found.
    std::vector<std::string> texts() const;

  private:
    struct Place {
        std::string first;
        std::size_t count = 0;
        std::size_t number = 0;  // of the warning
    };

    void look_at(const model::JobGroup& group);
    void look_at(const model::Entry& entry);
    void add(const std::string& where, const std::string& text);

    base::Time now_;
    std::map<std::string, Place> found_;  // by text
};

}  // namespace tow::match
