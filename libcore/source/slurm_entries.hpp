// The partitions of a living Slurm as entries: limits, nodes, free cores, why nodes are drained,
// and reservations.
#pragma once

#include "base/clock.hpp"
#include "model/entry.hpp"
#include "source/query.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source::slurm {

// What the commands say, put together. Each reads one output to its end; Error{Data} with the
// place.
class Partitions {
  public:
    void read_partitions(int fd);    // scontrol --oneliner show partition
    void read_nodes(int fd);         // sinfo, one line for each node and partition
    void read_reservations(int fd);  // scontrol --oneliner show reservation
    void read_jobs(int fd);          // squeue: state|id|partitions

    std::vector<model::Entry> entries(base::Time now) const;

  private:
    struct Node {
        std::string name;
        std::string state;
        std::string reason;
        std::int64_t used_cpus = 0;
        std::int64_t free_cpus = 0;
        std::int64_t other_cpus = 0;
        std::int64_t total_cpus = 0;
        std::int64_t memory_bytes = 0;
        std::int64_t used_memory_bytes = 0;
        std::int64_t disk_bytes = 0;
        std::int64_t gpus = 0;
        std::int64_t used_gpus = 0;
    };

    struct Partition {
        std::map<std::string, std::string> keys;  // as scontrol names them
        std::vector<Node> nodes;
        std::int64_t pending_jobs = 0;
        std::int64_t running_jobs = 0;
    };

    using Reservation = std::map<std::string, std::string>;

    model::Entry entry(const std::string& name, const Partition& partition, base::Time now) const;
    static record::Object live(const Partition& partition);
    void add_reservations(const std::string& name, const Partition& partition, model::Entry& entry,
                          base::Time now) const;

    std::map<std::string, Partition> partitions_;
    std::vector<Reservation> reservations_;
};

std::unique_ptr<Query> make_entries_query(base::Time now);

// "n[1-3,07-09],m1": the names. At most a million. Error{Data} if it is nothing like that.
std::vector<std::string> hosts(std::string_view list);

// "gpu:a100:4(S:0-1),gpu:2,craynetwork:1": 6.
std::int64_t gpus(std::string_view gres);

}  // namespace tow::source::slurm
