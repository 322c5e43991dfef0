// Pilots as Slurm jobs: arrays of them, on this machine's cluster or where ssh leads.
#pragma once

#include "batch/backend.hpp"
#include "batch/slurm_jobs.hpp"
#include "batch/transport.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tow::batch {

class SlurmBackend : public Backend {
  public:
    SlurmBackend(System system, const Surroundings& surroundings,
                 std::unique_ptr<Transport> transport);

    // target: as slurm_submission() says.
    void check(const model::Entry& entry) const override;
    model::Entry fit(const model::Entry& entry, base::Time now) override;
    std::string describe(const model::Entry& entry,
                         std::span<const std::string> pilots) const override;

    // One array.
    std::size_t most_at_once(const model::Entry& entry) const override;

    std::vector<Fate> submit(const model::Entry& entry,
                             std::span<const std::string> pilots) override;
    std::vector<Seen> list(std::span<const Known> expected) override;
    std::vector<Fate> cancel(std::span<const Known> pilots) override;
    std::vector<Fate> release(std::span<const Known> pilots) override;
    std::vector<Seen> settle(std::span<const std::string> pilots) override;

  private:
    using Pilots = std::map<std::string, SlurmPilot>;

    std::string home() const;
    model::Entry equipped(const model::Entry& entry) const;
    base::Finished run(std::vector<std::string> argv, const std::string& input = {});
    void make_folder(const std::string& folder);
    std::vector<Fate> submit_array(const model::Entry& entry, std::span<const std::string> pilots);
    Pilots look();
    std::vector<SlurmPilot> ask_accounting(std::vector<std::string> options,
                                           std::span<const std::string> values);
    Pilots find_ended(std::span<const Known> missing);
    void act(const std::vector<std::string>& command, const std::vector<Seen>& targets,
             const std::function<bool(const Seen&)>& is_left);

    System system_;
    std::string factory_;
    std::unique_ptr<Transport> transport_;
    std::set<std::string> folders_;  // that are there
    bool has_accounting_ = true;     // until sacct says otherwise
};

}  // namespace tow::batch
