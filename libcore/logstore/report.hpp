// What tow-logs prints of the store, as records.
#pragma once

#include "logstore/log_store.hpp"
#include "logstore/search.hpp"
#include "pilotlog/event.hpp"
#include "pilotlog/taxonomy.hpp"
#include "record/value.hpp"

#include <string>
#include <vector>

namespace tow::logstore {

// pilot_summary: one for each group, with its commonest causes.
std::vector<record::Object> summaries(const LogStore& store, const Query& query,
                                      const std::string& by);

// pilot_step: the life of one pilot, in order.
std::vector<record::Object> timeline(const model::PilotLog& log);

// job_event
record::Object to_record(const pilotlog::JobEvent& event);

// pilot_match
record::Object to_record(const Match& match);

// "out, err, StartLog": what can be asked of a pilot by name.
std::string log_names(const model::PilotLog& log);

// pilot_cause: every rule of a taxonomy.
std::vector<record::Object> causes_of(const pilotlog::Taxonomy& taxonomy);

}  // namespace tow::logstore
