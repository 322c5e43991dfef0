#include "logstore/collect.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/stop.hpp"
#include "base/utf8.hpp"
#include "config/yaml.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <set>
#include <sys/stat.h>
#include <thread>

namespace tow::logstore {

namespace {

constexpr std::size_t kBatch = 512;  // pilots of one transaction
constexpr std::size_t kRead = std::size_t{256} << 10;

std::optional<Origin> origin_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return std::nullopt;
    }
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    return Origin{path, status.st_size,
                  status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

bool is_settled(const std::vector<Origin>& origins, const CollectOptions& options) {
    const auto latest = std::ranges::max(origins, {}, &Origin::changed_ns).changed_ns;
    const base::Time changed{
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::nanoseconds{latest})};
    return options.clock.now - changed >= options.settle;
}

// Of a job that its batch system still has, whatever is wrong with it, the end is yet to come.
bool is_over(const std::optional<pilotlog::JobFacts>& job, const model::PilotLog& log) {
    return has_ended(log.outcome) && (!job || job->end != pilotlog::JobEnd::None);
}

std::string original_path(const std::string& path, const CollectOptions& options) {
    return path.starts_with(options.local_folder)
               ? options.prefix + path.substr(options.local_folder.size())
               : path;
}

// One thread's tools: rules and packers are not shared.
class Worker {
  public:
    Worker(const pilotlog::Gathering& gathering, const CollectOptions& options)
        : gathering_(gathering),
          options_(options),
          taxonomy_(read_taxonomy(options.taxonomies)),
          analyzer_(taxonomy_, options.clock) {}

    // Reads every file once, for the rules and for the store.
    Arrival arrive(const pilotlog::PilotFiles& files, std::vector<Origin> origins) {
        Arrival arrival;
        analyzer_.begin_pilot();
        std::vector<std::string> damage;
        for (const auto& [path, kind] : files.files) {
            try {
                read(path, kind, arrival);
            } catch (const base::Error& error) {
                damage.push_back(base::printable(error.what()));
            }
        }
        auto facts = analyzer_.end_pilot();
        std::ranges::move(damage, std::back_inserter(facts.damage));
        const auto one =
            gathering_.make_case(files, std::move(facts), is_settled(origins, options_));
        arrival.log = judge(one, taxonomy_);
        arrival.is_over = is_over(one.job, arrival.log);
        arrival.key = arrival.log.pilot ? *arrival.log.pilot : original_path(files.key, options_);
        arrival.origins = std::move(origins);
        for (auto& origin : arrival.origins) {
            origin.path = original_path(origin.path, options_);
        }
        return arrival;
    }

    const pilotlog::Taxonomy& taxonomy() const noexcept { return taxonomy_; }

  private:
    void read(const std::string& path, pilotlog::FileKind kind, Arrival& arrival) {
        using pilotlog::FileKind;
        using pilotlog::Place;
        const auto fd = base::open_for_reading(path);
        const std::string name(pilotlog::last_part(path));
        analyzer_.begin_file(kind == FileKind::Error    ? Place::Err
                             : kind == FileKind::Daemon ? Place::Daemon
                                                        : Place::Out,
                             name);
        packer_.begin();
        while (const auto count = base::read_some(fd.get(), buffer_)) {
            const std::string_view text(buffer_.data(), count);
            analyzer_.add(text);
            packer_.add(text);
        }
        analyzer_.end_file();
        arrival.files.emplace_back(name, packer_.finish());
    }

    const pilotlog::Gathering& gathering_;
    const CollectOptions& options_;
    pilotlog::Taxonomy taxonomy_;
    pilotlog::OutputAnalyzer analyzer_;
    Packer packer_;
    std::string buffer_ = std::string(kRead, '\0');
};

struct Task {
    const pilotlog::PilotFiles* files = nullptr;
    std::vector<Origin> origins;
};

// The tasks shared out among the workers; results in their order.
std::vector<Arrival> work(std::vector<std::unique_ptr<Worker>>& workers, std::vector<Task>& tasks) {
    std::vector<Arrival> arrivals(tasks.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::exception_ptr> failures(workers.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t w = 0; w < workers.size(); ++w) {
            threads.emplace_back([&, w] {
                try {
                    for (auto i = next++; i < tasks.size(); i = next++) {
                        arrivals[i] =
                            workers[w]->arrive(*tasks[i].files, std::move(tasks[i].origins));
                    }
                } catch (...) {  // of any kind: the thread that waits throws it on
                    failures[w] = std::current_exception();
                }
            });
        }
    }
    for (const auto& failure : failures) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
    return arrivals;
}

class Collection {
  public:
    Collection(pilotlog::Gathering& gathering, LogStore& store, const CollectOptions& options)
        : gathering_(gathering), store_(store), options_(options) {
        const auto processors = std::max(1U, std::thread::hardware_concurrency());
        const auto count = options.threads == 0 ? std::min(processors, 8U) : options.threads;
        for (unsigned i = 0; i < count; ++i) {
            workers_.push_back(std::make_unique<Worker>(gathering, options));
        }
    }

    Collected run() {
        for (const auto& files : gathering_.pilots()) {
            consider(files);
            if (tasks_.size() >= kBatch) {
                flush();
            }
        }
        flush();
        std::vector<pilotlog::JobFacts> bare;
        for (const auto& job : gathering_.jobs().all()) {
            if (!told_.contains(job.id)) {
                (job.pilot.empty() ? bare : result_.elsewhere).push_back(job);
            }
        }
        add_without_files(bare);
        result_.marks = gathering_.marks();
        return std::move(result_);
    }

    // Pilots that left no file, because they never ran or their node is gone.
    Collected add_without_files(const std::vector<pilotlog::JobFacts>& jobs) {
        std::vector<Arrival> arrivals;
        for (const auto& job : jobs) {
            pilotlog::PilotCase one;
            one.job = job;
            Arrival arrival;
            arrival.log = judge(one, workers_.front()->taxonomy());
            if (!is_over(one.job, arrival.log)) {
                ++result_.unfinished;
                continue;
            }
            arrival.key =
                arrival.log.pilot
                    ? *arrival.log.pilot
                    : fmt::format("{}job {} {}", options_.prefix, job.id,
                                  job.submitted_at ? base::format_time(*job.submitted_at) : "");
            if (store_.has_pilot(arrival.key)) {
                ++result_.unchanged;
            } else {
                arrivals.push_back(std::move(arrival));
            }
        }
        store(arrivals);
        return result_;
    }

  private:
    void consider(const pilotlog::PilotFiles& files) {
        std::vector<Origin> origins;
        bool is_known = true;
        for (const auto& [path, kind] : files.files) {
            if (auto origin = origin_of(path)) {
                auto named = *origin;
                named.path = original_path(named.path, options_);
                is_known = is_known && store_.has(named);
                origins.push_back(*std::move(origin));
            }
        }
        if (origins.empty()) {
            return;
        }
        const auto* job = gathering_.job_by_name(files);
        if (job != nullptr) {
            told_.insert(job->id);
        }
        if (is_known) {
            ++result_.unchanged;
        } else {
            tasks_.push_back({&files, std::move(origins)});
        }
    }

    void flush() {
        base::check_stop();
        auto arrivals = work(workers_, tasks_);
        std::erase_if(arrivals, [&](const Arrival& arrival) {
            told_.insert(arrival.log.backend_id.value_or(""));
            result_.unfinished += arrival.is_over ? 0 : 1;
            return !arrival.is_over;
        });
        store(arrivals);
        tasks_.clear();
    }

    void store(const std::vector<Arrival>& arrivals) {
        if (arrivals.empty()) {
            return;
        }
        store_.add(arrivals, options_.clock.now);
        for (const auto& arrival : arrivals) {
            ++result_.pilots;
            for (const auto& [name, packed] : arrival.files) {
                result_.bytes += static_cast<std::int64_t>(packed.size);
            }
            if (options_.on_pilot) {
                options_.on_pilot(arrival.log);
            }
        }
    }

    pilotlog::Gathering& gathering_;
    LogStore& store_;
    const CollectOptions& options_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<Task> tasks_;
    std::set<std::string> told_;  // jobs whose files were seen
    Collected result_;
};

}  // namespace

pilotlog::Taxonomy read_taxonomy(const std::vector<std::string>& files) {
    pilotlog::Taxonomy taxonomy;
    for (const auto& file : files) {
        taxonomy.add(config::read_yaml(file));
    }
    return taxonomy;
}

Collected collect(pilotlog::Gathering& gathering, LogStore& store, const CollectOptions& options) {
    gathering.jobs().settle();
    return Collection(gathering, store, options).run();
}

Collected collect_without_files(std::vector<pilotlog::JobFacts> jobs, LogStore& store,
                                const CollectOptions& options) {
    pilotlog::Gathering gathering(options.clock);
    for (auto& job : jobs) {  // several sources may know the same
        gathering.jobs().add(std::move(job));
    }
    gathering.jobs().settle();
    return Collection(gathering, store, options).add_without_files(gathering.jobs().all());
}

}  // namespace tow::logstore
