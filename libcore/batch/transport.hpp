// How commands reach a batch system: on this machine, or through ssh, where nothing is installed.
// A command is an argument vector all the way: what ssh hands to a shell is quoted exactly.
#pragma once

#include "base/process.hpp"
#include "batch/backend.hpp"

#include <memory>
#include <string>

namespace tow::batch {

class Transport {
  public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    // Runs it to its end, which may be a failure of the command itself. Error{Unavailable},
    // Error{Permission} or Error{Timeout} if that end is not known: it may have been carried out,
    // or still be.
    virtual base::Finished run(const base::Command& command, std::size_t output_limit) = 0;

    // A file where the commands run. Error{NotFound}, Error{Permission}, or as run().
    virtual std::string read_file(const std::string& path, std::size_t limit) = 0;
};

// via as in System.
std::unique_ptr<Transport> make_transport(const std::string& via, const Surroundings& surroundings);

}  // namespace tow::batch
