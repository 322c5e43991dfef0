// Records as ClassAds: what the two sides of a match look like to each other's expressions, and an
// entry to those of policy.
#pragma once

#include "classad/ad.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace tow::model {

// Texts that are read again and again: jobs by the thousand have the same Requirements. Attributes
// of different names never share a tree: HTCondor tells circular references by the tree.
class Expressions {
  public:
    // Error{Data} as classad::parse_expr().
    classad::ExprPtr parse(const std::string& name, const std::string& text);

    // A literal string.
    classad::ExprPtr string(const std::string& name, const std::string& text);

  private:
    using Make = classad::ExprPtr (*)(const std::string& text);
    const classad::ExprPtr& known(char kind, const std::string& name, const std::string& text,
                                  Make make);

    std::unordered_map<std::string, classad::ExprPtr> known_;  // by kind, name and text
    std::string key_;                                          // scratch
    std::size_t bytes_ = 0;
};

// An expression that cannot be parsed becomes `error`; what was wrong is added to problems.
classad::Ad job_ad(const JobGroup& group, Expressions& expressions,
                   std::vector<std::string>& problems);
classad::Ad job_ad(const JobGroup& group, std::vector<std::string>& problems);

// The ad of the entry, and of its pilot's shape what the ad does not say itself, in HTCondor's
// names and units: Cpus, TotalCpus, Memory (MiB), Disk (KiB), GPUs.
classad::Ad entry_ad(const Entry& entry, std::vector<std::string>& problems);

}  // namespace tow::model
