#include "batch/condor.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "batch/condor_description.hpp"
#include "batch/credentials.hpp"
#include "batch/fates.hpp"
#include "batch/pilot_kit.hpp"
#include "htcondor/answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

namespace tow::batch {

namespace {

constexpr std::string_view kAttributes =
    "AerotowPilotId,AerotowEntry,ClusterId,ProcId,JobStatus,QDate,JobStartDate,JobCurrentStartDate,"
    "EnteredCurrentStatus,CompletionDate,ExitCode,ExitBySignal,ExitSignal,HoldReason,"
    "HoldReasonCode,HoldReasonSubCode,RemoveReason,GridJobStatus,GridResourceUnavailableTime";
constexpr std::size_t kMostOutput = std::size_t{1} << 30;
constexpr std::size_t kMostMessages = std::size_t{1} << 20;
constexpr std::size_t kPilotsPerCall = 500;  // named in one constraint

struct Complaint {
    std::string_view words;
    base::Kind kind;
};

// What condor_submit says when the schedd certainly took nothing.
// Who does not trust us is not reached either: that comes first.
constexpr std::array kRefusals{
    Complaint{"MAX_JOBS_", base::Kind::Busy},
    Complaint{"would exceed", base::Kind::Busy},
    Complaint{"AUTHENTICATE", base::Kind::Permission},
    Complaint{"No auth methods", base::Kind::Permission},
    Complaint{"not authorized", base::Kind::Permission},
    Complaint{"Can't find address", base::Kind::Unavailable},
    Complaint{"Failed to connect to", base::Kind::Unavailable},
    Complaint{"Failed to parse", base::Kind::Config},
    Complaint{"on line", base::Kind::Config},
    Complaint{"Executable", base::Kind::Config},
    Complaint{"executable", base::Kind::Config},
    Complaint{"No such file", base::Kind::Config},
    Complaint{"Can't open", base::Kind::Config},
    Complaint{"command", base::Kind::Config},
};

std::optional<base::Kind> certain_refusal(std::string_view complaint) {
    const auto* known = std::ranges::find_if(kRefusals, [&](const Complaint& refusal) {
        return complaint.find(refusal.words) != std::string_view::npos;
    });
    const bool reached_commit = complaint.find("commit") != std::string_view::npos;
    if (known == kRefusals.end() || (reached_commit && known->kind != base::Kind::Busy)) {
        return std::nullopt;
    }
    return known->kind;
}

// "12.0 - 12.7" of condor_submit -terse.
std::optional<std::int64_t> cluster_of(std::string_view output) {
    const auto text = base::trim(output);
    std::int64_t cluster = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cluster);
    if (error != std::errc{} || end == text.data() + text.size() || *end != '.') {
        return std::nullopt;
    }
    return cluster;
}

std::int64_t cluster_of(const Known& known) {
    return cluster_of(std::string_view(known.backend_id)).value_or(0);
}

}  // namespace

CondorBackend::CondorBackend(System system, const Surroundings& surroundings,
                             std::unique_ptr<Transport> transport)
    : system_(std::move(system)),
      state_directory_(surroundings.state_directory),
      factory_(surroundings.factory),
      transport_(std::move(transport)) {}

void CondorBackend::check(const model::Entry& entry) const {
    describe(entry, {});
}

model::Entry CondorBackend::fit(const model::Entry& entry, base::Time now) {
    return fit_to_credentials(entry, *transport_, now);
}

std::string CondorBackend::describe(const model::Entry& entry,
                                    std::span<const std::string> pilots) const {
    return condor_description(with_kit(entry, pilot_kit(entry), kit_folder()), pilots, factory_,
                              folder_for(entry));
}

std::string CondorBackend::folder_for(const model::Entry& entry) const {
    auto named = output_folder(entry);
    if (!named.empty()) {
        return named;
    }
    return system_.via.empty() ? state_directory_ + "/output/" + entry.name
                               : "aerotow-output/" + entry.name;
}

// Where tow-pilot and its settings lie.
std::string CondorBackend::kit_folder() const {
    return system_.via.empty() ? state_directory_ + "/pilots" : "aerotow-pilots";
}

void CondorBackend::make_folder(const std::string& folder) {
    const auto made = transport_->run({{"mkdir", "-p", "--", folder}}, kMostMessages);
    if (!made.status.ok()) {
        base::fail(base::Kind::CannotCreate, "{}", made.complaint);
    }
}

// With the schedd that is meant, behind the name of the tool.
std::vector<std::string> CondorBackend::command(std::vector<std::string> argv) const {
    std::vector<std::string> where;
    if (!system_.pool.empty()) {
        where.insert(where.end(), {"-pool", system_.pool});
    }
    if (!system_.name.empty()) {
        where.insert(where.end(), {"-name", system_.name});
    }
    argv.insert(argv.begin() + 1, where.begin(), where.end());
    return argv;
}

std::vector<Fate> CondorBackend::submit(const model::Entry& entry,
                                        std::span<const std::string> pilots) {
    std::vector<Fate> fates;
    const auto refuse_all = [&](const base::Error& error) {
        for (const auto& pilot : pilots) {
            fates.push_back({pilot, Fate::Kind::Refused, "", error});
        }
        return fates;
    };
    try {
        make_folder(folder_for(entry));
        if (const auto kit = pilot_kit(entry)) {
            place(*kit, kit_folder(), *transport_);
        }
    } catch (const base::Error& error) {
        return refuse_all(error);
    }
    const auto answer = transport_->run(
        {command({"condor_submit", "-terse", "-"}), {}, describe(entry, pilots)}, kMostMessages);
    const auto cluster = cluster_of(std::string_view(answer.output));
    if (!answer.status.ok() || !cluster) {
        const auto error = htcondor::failure("condor_submit", answer.status, answer.complaint);
        const auto kind = certain_refusal(answer.complaint);
        if (answer.status.ok() || !kind) {
            throw base::Error(error);
        }
        return refuse_all({*kind, error.what()});
    }
    std::vector<Known> handed_over;
    for (const auto& pilot : pilots) {
        const auto id = fmt::format("{}.{}", *cluster, handed_over.size());
        handed_over.push_back({pilot, id, {}});
        fates.push_back({pilot, Fate::Kind::Done, id});
    }
    act("condor_release", handed_over,
        fmt::format("JobStatus == 5 && HoldReasonCode == {}", kSubmittedOnHold));
    return fates;
}

std::vector<Seen> CondorBackend::query(std::vector<std::string> argv) {
    argv.insert(argv.end(), {"-json", "-attributes", std::string(kAttributes)});
    const auto answer = transport_->run({command(argv)}, kMostOutput);
    if (!answer.status.ok()) {
        throw htcondor::failure(argv.front(), answer.status, answer.complaint);
    }
    const auto place = argv.front() == "condor_q" ? Place::Queue : Place::History;
    std::vector<Seen> result;
    base::with_context(argv.front(), [&] {
        htcondor::each_ad(answer.output, [&](record::View ad) {
            if (auto seen = read_pilot_ad(ad, place)) {
                result.push_back(std::move(*seen));
            }
        });
    });
    return result;
}

std::vector<Seen> CondorBackend::list(std::span<const Known> expected) {
    auto result = query({"condor_q", "-allusers", "-constraint",
                         fmt::format("{} == \"{}\"", kFactoryAttribute, factory_)});
    std::set<std::string_view> shown;
    for (const auto& seen : result) {
        shown.insert(seen.pilot);
    }
    std::vector<Known> missing;
    std::ranges::copy_if(expected, std::back_inserter(missing),
                         [&](const Known& known) { return !shown.contains(known.pilot); });
    if (!missing.empty()) {
        std::ranges::move(find_ended(missing), std::back_inserter(result));
    }
    return result;
}

// One look into the history, from its end back to where the oldest of them was submitted.
std::vector<Seen> CondorBackend::find_ended(std::span<const Known> missing) {
    constexpr std::chrono::hours kSlack{1};  // between the clocks of the two machines
    auto oldest = base::Time::max();
    std::set<std::string_view> wanted;
    for (const auto& known : missing) {
        const auto made_at =
            base::Time{std::chrono::seconds{base::ulid_time_ms(known.pilot).value_or(0) / 1000}};
        oldest = std::min(oldest, known.submitted_at.value_or(made_at));
        wanted.insert(known.pilot);
    }
    oldest = std::min(oldest, base::wall_clock()) - kSlack;
    auto ended = query(
        {"condor_history", "-constraint", fmt::format("{} == \"{}\"", kFactoryAttribute, factory_),
         "-since", fmt::format("EnteredCurrentStatus < {}", oldest.time_since_epoch().count())});
    std::erase_if(ended, [&](const Seen& seen) { return !wanted.contains(seen.pilot); });
    return ended;
}

// tool: condor_rm or condor_release. Done to those that are there and meet the condition.
void CondorBackend::act(std::string_view tool, std::span<const Known> pilots,
                        std::string_view condition) {
    for (auto left = pilots; !left.empty();) {
        const auto some = left.first(std::min(left.size(), kPilotsPerCall));
        left = left.subspan(some.size());
        std::vector<std::string> names;
        for (const auto& known : some) {
            names.push_back('"' + known.pilot + '"');
        }
        // The clusters narrow the search. The pilot must be right as well: a schedd that lost its
        // queue gives the same numbers to others.
        const auto [first, last] =
            std::ranges::minmax(some, {}, [](const Known& known) { return cluster_of(known); });
        const auto clusters = cluster_of(first) == 0
                                  ? std::string("true")
                                  : fmt::format("ClusterId >= {} && ClusterId <= {}",
                                                cluster_of(first), cluster_of(last));
        const auto answer =
            transport_->run({command({std::string(tool), "-constraint",
                                      fmt::format("{} && {} && {} == \"{}\" && member({}, {{{}}})",
                                                  clusters, condition, kFactoryAttribute, factory_,
                                                  kPilotAttribute, base::join(names, ","))})},
                            kMostMessages);
        // It says so behind any other complaint as well: that nobody answered, or trusts us.
        const bool found_none = answer.complaint.starts_with("Couldn't find");
        if (!answer.status.ok() && !found_none) {
            throw htcondor::failure(tool, answer.status, answer.complaint);
        }
    }
}

std::vector<Fate> CondorBackend::cancel(std::span<const Known> pilots) {
    act("condor_rm", pilots, "JobStatus != 3");
    return all_done(pilots);
}

std::vector<Fate> CondorBackend::release(std::span<const Known> pilots) {
    act("condor_release", pilots, "JobStatus == 5");
    return all_done(pilots);
}

std::vector<Seen> CondorBackend::settle(std::span<const std::string> pilots) {
    std::vector<Known> asked;
    std::ranges::transform(pilots, std::back_inserter(asked), [](const std::string& pilot) {
        return Known{pilot, "", {}};
    });
    const std::set<std::string_view> wanted(pilots.begin(), pilots.end());
    auto existing = list(asked);
    std::erase_if(existing, [&](const Seen& seen) { return !wanted.contains(seen.pilot); });
    std::vector<Known> on_hold;
    for (auto& seen : existing) {
        if (seen.is_on_first_hold()) {
            on_hold.push_back({seen.pilot, seen.backend_id, seen.submitted_at});
            seen.state = model::PilotState::Pending;
            seen.hold_code.reset();
            seen.reason.reset();
        }
    }
    if (!on_hold.empty()) {
        act("condor_release", on_hold, "JobStatus == 5");
    }
    return existing;
}

}  // namespace tow::batch
