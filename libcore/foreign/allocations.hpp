// What is left of the allocations that pay for pilots, as centres tell.
#pragma once

#include "base/clock.hpp"
#include "foreign/imports.hpp"
#include "model/entry.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace tow::foreign {

struct Balance {
    std::string account;
    std::chrono::seconds left{0};  // as the centre charges, not of clocks or cores
    base::Time observed_at;
};

struct Balances {
    std::vector<Balance> list;
    std::vector<std::string> problems;  // rows that could not be read, and why
};

// NERSC's NEWT (JSON: repoName, currentAlloc, usedAlloc; charged seconds), its Superfacility API
// (JSON: repo_name, project_hours_given, project_hours_used, and the same of the user), or tables
// (CSV) with columns by these names: Account, HoursLeft, or HoursGiven and HoursUsed, Timestamp.
// Appends to the result. What has no time was seen at that time. Error{Data} if the text is none of
// these.
void read_balances(const Text& text, base::Time observed_at, Balances& result);

// Sets what is left to the accounts of the entries: the newest says it, of those of one time the
// one with the least. Returns the accounts of entries of which nobody says.
std::vector<std::string> set_balances(const Balances& balances, std::vector<model::Entry>& entries);

}  // namespace tow::foreign
