// What is handed to sbatch: options, and a script that becomes the pilot. Every value is one
// argument, or one quoted word of the script; no shell reads any of it anew.
#pragma once

#include "model/entry.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tow::batch {

struct SlurmSubmission {
    std::vector<std::string> options;  // of sbatch; jobs are handed over on hold
    std::string script;                // its standard input
};

// target: what read_payload() and read_credentials() know; cluster, partition, account, qos,
// constraint, reservation, gres, exclusive, options (further ones of sbatch), directory (where
// pilots run), output (a folder), array_size. Error{Data} for a wrong one, and for one that is not
// known. The pilots must be consecutive ULIDs.
SlurmSubmission slurm_submission(const model::Entry& entry, std::span<const std::string> pilots,
                                 const std::string& factory, const std::string& home);

// The folder for what pilots print. home: where pilots run unless the target says; empty: where
// sbatch is called.
std::string slurm_output_folder(const model::Entry& entry, const std::string& home);

// The most pilots of one array.
std::size_t slurm_array_size(const model::Entry& entry);

}  // namespace tow::batch
