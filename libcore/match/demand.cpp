#include "match/demand.hpp"

#include "base/hash.hpp"
#include "base/interner.hpp"
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "match/columns.hpp"
#include "match/shares.hpp"
#include "record/object_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>

#include <fmt/core.h>

namespace tow::match {

namespace {

// Job groups whose ads are in memory at once: few enough to stay in the cache.
constexpr std::size_t kBlock = 1024;

class Matcher {
  public:
    Matcher(const std::vector<model::Entry>& entries, base::Time now) {
        for (const auto& entry : entries) {
            model::Demand demand;
            demand.entry = entry.name;
            result_.demand.push_back(demand);
            std::vector<std::string> problems;
            auto ad = entry_ad(entry, problems);
            report("entry ", entry.name, problems);
            if (model::effective_state(entry, now) == model::EntryState::InService) {
                places_.push_back({&entry, entry.pilot, result_.demand.size() - 1, 0});
                ads_.push_back(std::move(ad));
            }
        }
        sort_names();
        matchmaker_.emplace(pointers_to(ads_), classad::EvalOptions{.now = now});
    }

    // Takes from the groups what it needs.
    void add(std::span<model::JobGroup> groups) {
        jobs_.clear();
        for (const auto& group : groups) {
            std::vector<std::string> problems;
            jobs_.push_back(job_ad(group, expressions_, problems));
            report("job group ", group.id, problems);
        }
        const auto pairs = matchmaker_->match(pointers_to(jobs_));
        for (std::size_t i = 0; i < groups.size(); ++i) {
            add(std::move(groups[i]), pairs.row(i));
        }
    }

    Matches finish(Split split, const std::function<void(const model::JobClass&)>& on_class) {
        // In an order that does not depend on that of the input, because the shares do on it.
        std::vector<Turn> order(kin_.size());
        std::ranges::transform(kin_, order.begin(), [](Kin& kin) {
            return Turn{kin.job_class.idle_jobs, kin.id, &kin};
        });
        std::ranges::sort(order, [](const Turn& a, const Turn& b) {
            return std::tie(b.idle_jobs, a.id) < std::tie(a.idle_jobs, b.id);
        });
        Tally tally(places_.size(), split);
        std::vector<std::string> names;  // keeps its memory from class to class
        for (const auto& turn : order) {
            auto& job_class = turn.kin->job_class;
            const auto& places = places_of(*turn.kin);
            share_out(job_class, places, tally);
            job_class.id = base::to_hex(turn.id);
            const auto entries = names_at(places);
            names.assign(entries.begin(), entries.end());
            job_class.entries.swap(names);
            on_class(job_class);
            job_class.entries.swap(names);
        }
        describe_demand(tally);
        return std::move(result_);
    }

  private:
    struct Place {
        const model::Entry* entry;
        model::Resources pilot;  // of the entry, near at hand
        std::size_t number;      // of its demand
        std::size_t rank = 0;    // of its name
    };

    // Places as positions in places_, in order.
    using Positions = std::vector<std::size_t>;

    struct Kin {
        std::uint32_t number = 0;  // of its key
        std::uint64_t id = 0;
        model::JobClass job_class;  // id and entries are left to finish()
    };

    struct Turn {
        std::int64_t idle_jobs = 0;
        std::uint64_t id = 0;
        Kin* kin = nullptr;
    };

    // Idle jobs, and those of each age by themselves.
    struct Tally {
        Tally(std::size_t entries, Split rule) : split(rule), idle(entries, rule) {}

        Split split;
        Shares idle;
        std::map<std::chrono::seconds, Shares> by_age;
    };

    void sort_names() {
        std::vector<std::size_t> order(places_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [this](std::size_t i) -> const std::string& {
            return places_[i].entry->name;
        });
        for (const auto i : order) {
            places_[i].rank = names_.size();
            names_.emplace_back(places_[i].entry->name);
        }
    }

    // The names of the entries at these places, sorted; good until the next call.
    std::span<const std::string_view> names_at(const Positions& places) {
        ranks_.resize(places.size());
        std::ranges::transform(places, ranks_.begin(),
                               [this](std::size_t i) { return places_[i].rank; });
        std::ranges::sort(ranks_);
        names_at_.resize(ranks_.size());
        std::ranges::transform(ranks_, names_at_.begin(),
                               [this](std::size_t i) { return names_[i]; });
        return names_at_;
    }

    void add(model::JobGroup group, std::span<const std::uint64_t> matching) {
        matching_.clear();
        for_each_bit(matching, [&](std::size_t i) {
            if (model::misfit(group.request, places_[i].pilot).empty()) {
                matching_.push_back(i);
            }
        });
        add_to_class(std::move(group), matching_);
    }

    template <class Number>
    static std::string_view bytes_of(std::span<const Number> numbers) {
        return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
    }

    std::uint32_t number_of(const model::Resources& request) {
        const std::array<std::int64_t, 5> numbers{
            request.cpus, request.memory_bytes, request.disk_bytes.value_or(-1),
            request.gpus.value_or(-1), request.walltime.value_or(std::chrono::seconds{-1}).count()};
        return requests_.intern(bytes_of(std::span<const std::int64_t>(numbers)));
    }

    // What makes a class: the name of the group of jobs, what they ask for, and the places.
    std::string_view key_of(const model::JobGroup& group, const Positions& places) {
        key_.assign({group.group ? 1 + names_of_groups_.intern(*group.group) : 0,
                     number_of(group.request)});
        for (const auto i : places) {
            key_.push_back(static_cast<std::uint32_t>(i));
        }
        return bytes_of(std::span<const std::uint32_t>(key_));
    }

    // Good until the next call.
    const Positions& places_of(const Kin& kin) {
        const auto& bytes = keys_.text(kin.number);
        key_.resize(bytes.size() / sizeof(key_[0]));
        std::memcpy(key_.data(), bytes.data(), bytes.size());
        matching_.assign(key_.begin() + 2, key_.end());
        return matching_;
    }

    model::JobClass& class_of(const model::JobGroup& group, const Positions& places) {
        const auto number = keys_.intern(key_of(group, places));
        if (number == kin_.size()) {
            auto& kin = kin_.emplace_back();
            kin.number = number;
            kin.id = id_of(group, places);
            kin.job_class.request = group.request;
            kin.job_class.group = group.group;
        }
        return kin_[number].job_class;
    }

    std::uint64_t id_of(const model::JobGroup& group, const Positions& places) {
        auto& identity = identity_;
        identity.clear();
        record::ObjectWriter request(identity);
        set_fields(group.request, request);
        request.close();
        identity += group.group.value_or("");
        for (const auto& name : names_at(places)) {
            identity += '\n';
            identity += name;
        }
        return base::hash64(identity);
    }

    void add_to_class(model::JobGroup group, const Positions& places) {
        auto& job_class = class_of(group, places);
        job_class.idle_jobs += group.idle_jobs;
        job_class.running_jobs += group.running_jobs;
        model::add_ages(job_class.idle_by_age, group.idle_by_age);
        job_class.groups.push_back(std::move(group.id));
        if (group.observed_at &&
            (!job_class.observed_at || *group.observed_at < *job_class.observed_at)) {
            job_class.observed_at = group.observed_at;
        }
    }

    void share_out(const model::JobClass& job_class, const Positions& places, Tally& tally) {
        constexpr std::int64_t kMostCores = 30'000;  // of one job; sums stay numbers
        const auto cores = std::min(job_class.request.cpus, kMostCores);
        tally.idle.add(places, job_class.idle_jobs, cores);
        for (const auto& age : job_class.idle_by_age) {
            tally.by_age.try_emplace(age.min_age, places_.size(), tally.split)
                .first->second.add(places, age.jobs, cores);
        }
        result_.unmatched_jobs += places.empty() ? job_class.idle_jobs : 0;
        for (const auto i : places) {
            demand_of(i).running_matching += job_class.running_jobs;
        }
    }

    void describe_demand(const Tally& tally) {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            auto& demand = demand_of(i);
            const auto share = tally.idle.of(i);
            demand.jobs_matching = share.matching;
            demand.jobs_only_here = share.only_here;
            demand.jobs_share = share.jobs;
            demand.cores_share = share.cores;
            demand.pilots_share = round_up(share.cores / cores_of_pilot(*places_[i].entry));
            for (const auto& [min_age, shares] : tally.by_age) {
                const auto old = shares.of(i);
                demand.by_age.push_back({min_age, old.matching, old.jobs});
            }
        }
    }

    static double cores_of_pilot(const model::Entry& entry) {
        return std::max(1.0, static_cast<double>(entry.pilot.cpus) *
                                 static_cast<double>(std::max<std::int64_t>(1, entry.nodes)));
    }

    model::Demand& demand_of(std::size_t place) { return result_.demand[places_[place].number]; }

    void report(std::string_view kind, const std::string& name,
                const std::vector<std::string>& problems) {
        for (const auto& problem : problems) {
            result_.problems.push_back(fmt::format("{}{}: {}", kind, name, problem));
        }
    }

    std::vector<Place> places_;            // in service
    std::vector<std::string_view> names_;  // of the places, by rank
    std::vector<classad::Ad> ads_;         // like the places
    std::vector<classad::Ad> jobs_;        // of the groups that are being matched
    std::optional<Matchmaker> matchmaker_;
    Expressions expressions_;
    base::Interner names_of_groups_;
    base::Interner requests_;
    base::Interner keys_;
    std::deque<Kin> kin_;                     // by the number of the key
    std::vector<std::uint32_t> key_;          // scratch
    Positions matching_;                      // scratch
    Positions ranks_;                         // scratch
    std::vector<std::string_view> names_at_;  // scratch
    std::string identity_;                    // scratch
    Matches result_;
};

}  // namespace

Matches match(std::vector<model::JobGroup> groups, const std::vector<model::Entry>& entries,
              base::Time now, Split split,
              const std::function<void(const model::JobClass&)>& on_class) {
    Matcher matcher(entries, now);
    for (std::size_t i = 0; i < groups.size(); i += kBlock) {
        matcher.add(std::span(groups).subspan(i, std::min(kBlock, groups.size() - i)));
    }
    return matcher.finish(split, on_class);
}

}  // namespace tow::match
