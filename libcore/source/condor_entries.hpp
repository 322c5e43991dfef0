// The slots of a living HTCondor pool as entries: one for the glideins of each of GlideinWMS's
// entries, and one for all other slots.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "model/entry.hpp"
#include "source/query.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace tow::source {

class PoolSlots {
  public:
    PoolSlots(std::optional<std::string> pool, base::Time now)
        : pool_(std::move(pool)), now_(now) {}

    void add(const classad::Ad& ad);
    std::vector<model::Entry> entries() const;

  private:
    struct Shape {  // of a slot that is not part of another
        std::int64_t cpus = 0;
        std::int64_t memory_mib = 0;
        std::int64_t disk_kib = 0;
        std::int64_t gpus = 0;

        friend bool operator<(const Shape& a, const Shape& b) {
            return std::tie(a.cpus, a.memory_mib, a.disk_kib, a.gpus) <
                   std::tie(b.cpus, b.memory_mib, b.disk_kib, b.gpus);
        }
    };

    struct Group {
        std::map<Shape, std::int64_t> shapes;
        std::map<std::string, std::int64_t> states;  // of slots
        std::set<std::string> startds;
        Shape total;
        Shape free;
        std::int64_t slots = 0;
        std::optional<std::string> site;
        std::optional<std::string> arch;
        std::optional<std::string> system;
    };

    model::Entry entry(const std::string& glidein, const Group& group) const;

    std::optional<std::string> pool_;
    base::Time now_;
    std::map<std::string, Group> groups_;  // by entry of the glidein; "": no glideins
};

std::unique_ptr<Query> make_pool_query(const std::optional<std::string>& pool, base::Time now);

}  // namespace tow::source
