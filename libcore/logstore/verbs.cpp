#include "logstore/verbs.hpp"

#include "base/file.hpp"
#include "base/units.hpp"
#include "logstore/bring.hpp"
#include "logstore/collect.hpp"
#include "logstore/report.hpp"
#include "logstore/search.hpp"
#include "logstore/trouble.hpp"
#include "pilotlog/follow.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <unistd.h>

#include <fmt/core.h>

namespace tow::logstore {

namespace {

using store::Access;

std::chrono::seconds seconds_or(const std::optional<std::chrono::milliseconds>& time,
                                std::chrono::seconds otherwise) {
    return time ? std::chrono::duration_cast<std::chrono::seconds>(*time) : otherwise;
}

template <class Records>
int write_all(const World& world, std::string_view type, const Records& records) {
    world.lead_with(type);
    std::ranges::for_each(records, world.write);
    return 0;
}

bool flush_and_go_on(const World& world) {
    world.flush();
    return true;
}

int read(const Asked& asked, const World& world) {
    pilotlog::Gathering gathering(world.clock);
    for (const auto& path : asked.operands) {
        gathering.add(path);
    }
    world.lead_with("pilot_log");
    gathering.judge_all(read_taxonomy(asked.taxonomies), true,
                        [&](const model::PilotLog& log) { world.write(to_record(log)); });
    std::ranges::for_each(gathering.damage(), world.warn);
    return 0;
}

pilotlog::EventCounts read_events(const std::string& path, const pilotlog::LogClock& clock,
                                  const pilotlog::EventScanner::Visit& visit) {
    const auto fd = path == "-" ? base::UniqueFd() : base::open_for_reading(path);
    return pilotlog::read_event_log(fd ? fd.get() : STDIN_FILENO, clock, visit);
}

int events(const Asked& asked, const World& world) {
    world.lead_with("job_event");
    const auto visit = [&](const pilotlog::JobEvent& event) { world.write(to_record(event)); };
    for (const auto& path : asked.operands) {
        const auto counts = asked.follow
                                ? pilotlog::follow_events(path, world.clock, visit,
                                                          [&] { return flush_and_go_on(world); })
                                : read_events(path, world.clock, visit);
        if (counts.broken + counts.oversized > 0) {
            world.warn(
                fmt::format("{}: {} places are no events", path, counts.broken + counts.oversized));
        }
        if (counts.is_cut) {
            world.warn(fmt::format("{}: its last event is cut short", path));
        }
    }
    return 0;
}

// Folders in which pilots of ours on this machine and in its schedd leave what they print.
std::vector<std::string> own_sources(const std::string& state_directory) {
    std::vector<std::string> sources;
    for (const auto* folder : {"/output", "/local"}) {
        if (::access((state_directory + folder).c_str(), F_OK) == 0) {
            sources.push_back(state_directory + folder);
        }
    }
    return sources;
}

std::vector<std::string> sources_of(const Asked& asked, const World& world) {
    return asked.operands.empty() ? own_sources(world.state_directory) : asked.operands;
}

Collected collect_from(const std::string& source, const World& world, LogStore& store,
                       const CollectOptions& options) {
    pilotlog::Gathering gathering(world.clock);
    gathering.read_on([&](const std::string& log) { return store.mark_of(log); });
    if (fleet::Journal::exists(world.state_directory)) {
        constexpr std::chrono::days kLongAgo{100};
        add_journal(fleet::Journal(world.state_directory, Access::ReadOnly),
                    world.clock.now - kLongAgo, gathering);
    }
    if (!source.starts_with("ssh://")) {
        gathering.add(source);
        std::ranges::for_each(gathering.damage(), world.warn);
        return collect(gathering, store, options);
    }
    // In the state directory, which this run has locked: the store may be shared.
    const auto copy =
        mirror(source, world.state_directory + "/incoming", store, world.surroundings());
    std::ranges::for_each(copy.damage, world.warn);
    auto remote = options;
    remote.local_folder = copy.folder + "/";
    remote.prefix = copy.prefix;
    gathering.add(copy.folder);
    std::ranges::for_each(gathering.damage(), world.warn);
    auto done = collect(gathering, store, remote);
    remove_mirror(copy);
    return done;
}

void prune(const Asked& asked, const World& world, LogStore& store) {
    std::optional<base::Time> before;
    if (asked.keep) {
        before = world.clock.now - seconds_or(asked.keep, {});
    }
    if (before || asked.max_size) {
        const auto pruned =
            store.prune(before, asked.max_size ? std::optional{base::parse_bytes(*asked.max_size)}
                                               : std::nullopt);
        world.note(fmt::format("{} pilots forgotten", pruned.pilots));
    }
    store.remove_strays(world.clock.now);
}

// What collect would find that is over, whether it is stored already or not.
int show_collectable(const Asked& asked, const World& world) {
    pilotlog::Gathering gathering(world.clock);
    for (const auto& source : sources_of(asked, world)) {
        if (!source.starts_with("ssh://")) {
            gathering.add(source);
        }
    }
    world.lead_with("pilot_log");
    gathering.judge_all(read_taxonomy(asked.taxonomies), false, [&](const model::PilotLog& log) {
        if (has_ended(log.outcome)) {
            world.write(to_record(log));
        }
    });
    return 0;
}

int collect_all(const Asked& asked, const World& world) {
    if (world.dry_run) {
        return show_collectable(asked, world);
    }
    LogStore store(world.folder, Access::ReadWrite);
    CollectOptions options;
    options.clock = world.clock;
    options.settle = seconds_or(asked.settle, options.settle);
    options.taxonomies = asked.taxonomies;
    options.on_pilot = [&](const model::PilotLog& log) { world.write(to_record(log)); };
    world.lead_with("pilot_log");
    std::vector<std::optional<base::Kind>> results;
    Collected rest;  // of all sources, what is to be dealt with in the end
    for (const auto& source : sources_of(asked, world)) {
        try {
            auto done = collect_from(source, world, store, options);
            world.note(fmt::format("{}: {} pilots stored, {} unchanged, {} not over", source,
                                   done.pilots, done.unchanged, done.unfinished));
            std::ranges::move(done.elsewhere, std::back_inserter(rest.elsewhere));
            std::ranges::move(done.marks, std::back_inserter(rest.marks));
            results.emplace_back();
        } catch (const base::Error& error) {
            world.warn(error.within(source).what());
            results.emplace_back(error.kind());
        }
    }
    // What a source that failed has of them is not known yet.
    if (std::ranges::none_of(results, [](const auto& failure) { return failure.has_value(); })) {
        const auto done = collect_without_files(std::move(rest.elsewhere), store, options);
        store.set_marks(rest.marks);
        world.note(fmt::format("{} pilots without files stored", done.pilots));
    }
    prune(asked, world, store);
    world.note_sources(results);
    return 0;
}

int list(const Asked& asked, const World& world) {
    world.lead_with("pilot_log");
    const LogStore store(world.folder, Access::ReadOnly);
    store.find(asked.query, [&](const StoredPilot& pilot) {
        const record::Document document(pilot.record);
        world.write(to_record(model::read_pilot_log(document.root())));
        return true;
    });
    return 0;
}

int show(const Asked& asked, const World& world) {
    const auto& name = asked.operands[0];
    if (asked.follow) {
        pilotlog::follow(name, world.write_text, [&] { return flush_and_go_on(world); });
        return 0;
    }
    const LogStore store(world.folder, Access::ReadOnly);
    Query query;
    query.pilot = name;
    query.most = 1;
    std::optional<StoredPilot> pilot;
    store.find(query, [&](const StoredPilot& found) {
        pilot = found;
        return false;
    });
    if (!pilot) {
        base::fail(base::Kind::NotFound, "{}: no such pilot is stored", name);
    }
    const record::Document document(pilot->record);
    const auto log = model::read_pilot_log(document.root());
    if (!asked.log) {
        return write_all(world, "pilot_step", timeline(log));
    }
    if (!read_log(store, pilot->number, *asked.log, world.write_text)) {
        base::fail(base::Kind::NotFound, "{} has no log \"{}\"; it has: {}", name, *asked.log,
                   log_names(log));
    }
    return 0;
}

int search_all(const Asked& asked, const World& world) {
    world.lead_with("pilot_match");
    const LogStore store(world.folder, Access::ReadOnly);
    SearchOptions options;
    options.pattern = asked.operands[0];
    const auto found = search(store, asked.query, options, [&](const Match& match) {
        world.write(to_record(match));
        return true;
    });
    world.note(fmt::format("{} of {} pilots, {} of text", found.matching, found.pilots,
                           base::format_bytes(found.bytes)));
    if (found.damaged > 0) {
        world.warn(fmt::format("{} stored files cannot be read", found.damaged));
    }
    return found.matching > 0 ? 0 : 1;
}

int summary(const Asked& asked, const World& world) {
    const LogStore store(world.folder, Access::ReadOnly);
    return write_all(world, "pilot_summary", summaries(store, asked.query, asked.by));
}

TroubleOptions trouble(const Asked& asked, const World& world, std::chrono::seconds recent) {
    TroubleOptions options;
    options.now = world.clock.now;
    options.recent = seconds_or(asked.recent, recent);
    options.before = seconds_or(asked.before, options.before);
    return options;
}

int diff(const Asked& asked, const World& world) {
    const LogStore store(world.folder, Access::ReadOnly);
    return write_all(
        world, "outcome_change",
        differences(store, asked.query, trouble(asked, world, std::chrono::hours{24})));
}

int check(const Asked& asked, const World& world) {
    const LogStore store(world.folder, Access::ReadOnly);
    const auto options = trouble(asked, world, std::chrono::hours{6});
    auto checks = black_holes(store, asked.query, options);
    std::ranges::move(sudden_changes(store, asked.query, options), std::back_inserter(checks));
    world.lead_with("check");
    for (const auto& one : checks) {
        world.write(model::to_record(one));
    }
    return checks.empty() ? 0 : 1;
}

int causes(const Asked& asked, const World& world) {
    return write_all(world, "pilot_cause", causes_of(read_taxonomy(asked.taxonomies)));
}

constexpr std::array<Verb, 10> kVerbs{{{"read", 1, read},
                                       {"events", 1, events},
                                       {"collect", 0, collect_all},
                                       {"list", 0, list},
                                       {"show", 1, show},
                                       {"search", 1, search_all},
                                       {"summary", 0, summary},
                                       {"diff", 0, diff},
                                       {"check", 0, check},
                                       {"causes", 0, causes}}};

}  // namespace

const Verb* verb_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(kVerbs, name, &Verb::name);
    return found == kVerbs.end() ? nullptr : found;
}

}  // namespace tow::logstore
