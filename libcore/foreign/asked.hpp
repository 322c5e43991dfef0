// What an entry asks of the batch system for one pilot. It is written in other words than what the
// pilot then uses, and the two often disagree.
#pragma once

#include "model/entry.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::foreign {

// One figure, and the key of the entry that states it.
template <class T>
struct Stated {
    T value{};
    std::string key;
};

struct Asked {
    std::string grid_type;  // condor, arc, batch slurm, ...; empty: not the grid universe
    std::optional<Stated<std::int64_t>> cpus;
    std::optional<Stated<std::int64_t>> memory_bytes;  // of the whole pilot
    std::optional<Stated<std::chrono::seconds>> walltime;
    bool whole_node = false;  // then neither cores nor memory are asked for
};

Asked asked_of(const model::Entry& entry);

// A value of the target as text: what a submit command or attribute holds. Nothing if absent.
std::optional<std::string> target_text(const model::Entry& entry, std::string_view map,
                                       std::string_view name);

}  // namespace tow::foreign
