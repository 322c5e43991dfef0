#include "source/live_entries.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "model/entry.hpp"
#include "record/json.hpp"
#include "source/condor_entries.hpp"
#include "source/entry_yaml.hpp"
#include "source/gwms_entries.hpp"
#include "source/slurm_entries.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sys/statvfs.h>
#include <utility>

#include <sched.h>

namespace tow::source {

namespace {

constexpr std::int64_t kKibi = 1024;

// "MemAvailable:   123 kB" of /proc/meminfo.
std::optional<std::int64_t> meminfo(std::string_view text, std::string_view name) {
    const auto at = text.find(std::string(name) + ":");
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = base::trim_left(text.substr(at + name.size() + 1));
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    return error == std::errc{} && value >= 0 ? std::optional(value * kKibi) : std::nullopt;
}

// Cores that a process here may use; a batch job or container may have been given fewer than there
// are.
std::int64_t usable_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

model::Entry local_entry(base::Time now) {
    constexpr std::size_t kMostBytes = 1U << 20U;
    const auto memory = base::read_file("/proc/meminfo", kMostBytes);
    model::Entry entry;
    entry.name = "local";
    entry.backend = "local";
    entry.observed_at = now;
    entry.pilot.cpus = usable_cpus();
    entry.pilot.memory_bytes = meminfo(memory, "MemTotal").value_or(0);
    entry.live.set("total_cpus", entry.pilot.cpus);
    entry.live.set("total_memory_bytes", entry.pilot.memory_bytes);
    entry.live.set_known("free_memory_bytes", meminfo(memory, "MemAvailable"));
    std::array<double, 1> load{};
    if (::getloadavg(load.data(), 1) == 1) {
        entry.live.set("load_ratio", load[0] / static_cast<double>(entry.pilot.cpus));
    }

    struct statvfs disk {};

    if (::statvfs("/tmp", &disk) == 0) {
        entry.pilot.disk_bytes = static_cast<std::int64_t>(disk.f_blocks * disk.f_frsize);
        entry.live.set("free_disk_bytes", static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize));
    }
    entry.ad = conventional_ad(entry);
    return entry;
}

class LocalQuery : public Query {
  public:
    explicit LocalQuery(base::Time now) : now_(now) {}

    std::string name() const override { return "local"; }

    std::string identity() const override { return {}; }

    std::optional<Question> next() override { return std::nullopt; }

    void take(Answer /*answer*/) override {}

    void each_record(const VisitRecord& visit) override {
        visit("entry", record::to_json(to_record(local_entry(now_))));
    }

  private:
    base::Time now_;
};

// What stands behind "condor:" or "gwms:".
std::optional<std::string> pool_of(const std::string& word) {
    const auto colon = word.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    if (colon + 1 == word.size()) {
        base::fail(base::Kind::Usage, "\"{}\" names no pool", base::printable(word));
    }
    return word.substr(colon + 1);
}

bool is_live_source(std::string_view word) noexcept {
    return word == "condor" || word == "gwms" || word == "slurm" || word == "local" ||
           word.starts_with("condor:") || word.starts_with("gwms:");
}

std::unique_ptr<Query> query_of(const std::string& word, base::Time now) {
    if (!is_live_source(word)) {
        base::fail(base::Kind::Usage, "\"{}\" is no source of entries", base::printable(word));
    }
    if (word == "slurm") {
        return slurm::make_entries_query(now);
    }
    if (word == "local") {
        return std::make_unique<LocalQuery>(now);
    }
    return word.starts_with("condor") ? make_pool_query(pool_of(word), now)
                                      : make_gwms_query(pool_of(word), now);
}

}  // namespace

std::vector<std::string> take_live_sources(std::vector<std::string>& sources) {
    const auto files = std::stable_partition(sources.begin(), sources.end(), is_live_source);
    std::vector<std::string> live(sources.begin(), files);
    sources.erase(sources.begin(), files);
    return live;
}

std::vector<std::unique_ptr<Query>> live_entries_queries(const std::vector<std::string>& words,
                                                         base::Time now) {
    std::vector<std::unique_ptr<Query>> queries;
    queries.reserve(words.size());
    for (const auto& word : words) {
        queries.push_back(query_of(word, now));
    }
    return queries;
}

}  // namespace tow::source
