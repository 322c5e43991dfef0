// What can be asked of logs and their store: each verb of tow-logs(1), as far as it is no matter of
// command lines.
#pragma once

#include "base/error.hpp"
#include "batch/backend.hpp"
#include "logstore/log_store.hpp"
#include "pilotlog/stamp.hpp"
#include "record/value.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::logstore {

struct Asked {
    std::vector<std::string> operands;
    std::vector<std::string> taxonomies;
    Query query;
    std::string by = "entry";
    std::optional<std::string> log;
    std::optional<std::string> max_size;
    std::optional<std::chrono::milliseconds> keep, settle, recent, before;
    bool follow = false;
};

// What a verb may touch besides the store.
struct World {
    pilotlog::LogClock clock;
    std::string folder;  // of the store
    std::string state_directory;
    bool dry_run = false;
    std::function<batch::Surroundings()> surroundings;
    std::function<void(std::string_view type)> lead_with;  // the type that the run is about
    std::function<void(const record::Object&)> write;
    std::function<void(std::string_view)> write_text;
    std::function<void()> flush;
    std::function<void(const std::string&)> warn;
    std::function<void(const std::string&)> note;
    std::function<void(const std::vector<std::optional<base::Kind>>&)> note_sources;
};

struct Verb {
    std::string_view name;
    std::size_t needs;                                   // operands
    int (*run)(const Asked& asked, const World& world);  // 0, or 1: the asked condition is false
};

// Null if there is none of this name.
const Verb* verb_named(std::string_view name) noexcept;

}  // namespace tow::logstore
