// A submit description for HTCondor: pilots alike, each with its tag. Values are written so that
// condor_submit takes them as they are; what its language cannot hold is refused.
#pragma once

#include "batch/payload.hpp"
#include "model/entry.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tow::batch {

// Attributes of a job that is a pilot.
constexpr std::string_view kPilotAttribute = "AerotowPilotId";
constexpr std::string_view kEntryAttribute = "AerotowEntry";
constexpr std::string_view kFactoryAttribute = "AerotowFactory";

// target: what read_payload() knows; universe (vanilla by default, local or grid), grid_resource,
// requirements, attributes, attribute_exprs, input_files, credentials, output (a folder), submit
// (further commands). Error{Data} for a missing or wrong one. The jobs are submitted on hold.
std::string condor_description(const model::Entry& entry, std::span<const std::string> pilots,
                               const std::string& factory, const std::string& output_folder);

// The folder for what pilots print, if the target names one; else empty.
std::string output_folder(const model::Entry& entry);

// The right-hand side of a command. Error{Data} for what that language cannot hold.
std::string submit_value(std::string_view text, std::string_view what);

// Arguments and environment in condor_submit's "new syntax", quotes and all.
std::string submit_arguments(std::span<const std::string> arguments);
std::string submit_environment(const Variables& variables);

}  // namespace tow::batch
