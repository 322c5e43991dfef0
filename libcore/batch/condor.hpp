// Pilots as HTCondor jobs: vanilla, local and grid universe, in the schedd of this machine, in one
// that a collector knows, or where ssh leads.
#pragma once

#include "batch/backend.hpp"
#include "batch/transport.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tow::batch {

class CondorBackend : public Backend {
  public:
    CondorBackend(System system, const Surroundings& surroundings,
                  std::unique_ptr<Transport> transport);

    // target: as condor_description() says.
    void check(const model::Entry& entry) const override;
    model::Entry fit(const model::Entry& entry, base::Time now) override;
    std::string describe(const model::Entry& entry,
                         std::span<const std::string> pilots) const override;

    // One cluster.
    std::size_t most_at_once(const model::Entry& /*entry*/) const override { return 1000; }

    std::vector<Fate> submit(const model::Entry& entry,
                             std::span<const std::string> pilots) override;
    std::vector<Seen> list(std::span<const Known> expected) override;
    std::vector<Fate> cancel(std::span<const Known> pilots) override;
    std::vector<Fate> release(std::span<const Known> pilots) override;
    std::vector<Seen> settle(std::span<const std::string> pilots) override;

  private:
    std::string folder_for(const model::Entry& entry) const;
    std::string kit_folder() const;
    void make_folder(const std::string& folder);
    std::vector<std::string> command(std::vector<std::string> argv) const;
    std::vector<Seen> query(std::vector<std::string> argv);
    std::vector<Seen> find_ended(std::span<const Known> missing);
    void act(std::string_view tool, std::span<const Known> pilots, std::string_view condition);

    System system_;
    std::string state_directory_;
    std::string factory_;
    std::unique_ptr<Transport> transport_;
};

// Where the ad of a job stands. One that was removed stays in the queue until its end is certain:
// behind a grid resource that does not answer it may run for a long time.
enum class Place { Queue, History };

// What the ad of a job says of the pilot. Nothing if the ad carries no pilot.
std::optional<Seen> read_pilot_ad(record::View ad, Place place);

}  // namespace tow::batch
