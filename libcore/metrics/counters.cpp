#include "metrics/counters.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unistd.h>

namespace tow::metrics {

namespace {

using namespace std::chrono_literals;

// A thing that was not told for so long is not told again: tow-pilots forgets pilots sooner.
constexpr auto kForgetSeen = 8 * 24h;
constexpr auto kForgetSeries = 400 * 24h;
constexpr auto kTouch = 24h;  // how exactly it is known when something was last told

// Steps are only ever added, never changed. A part is the upper bound of a bucket, and the sum of a
// histogram or the count of a counter at -1.
constexpr std::array<std::string_view, 1> kSchema{R"sql(
CREATE TABLE total (
    metric TEXT NOT NULL,
    labels TEXT NOT NULL,
    part   REAL NOT NULL,
    value  REAL NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (metric, labels, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen (
    identity TEXT PRIMARY KEY,
    value    REAL NOT NULL,
    at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
CREATE TABLE sink (
    name         TEXT PRIMARY KEY,
    delivered_at INTEGER,
    dropped      REAL NOT NULL
) STRICT, WITHOUT ROWID;
)sql"};

constexpr double kMainPart = -1;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::int64_t seconds(base::Time time) {
    return time.time_since_epoch().count();
}

// {"entry":"A"}: readable, and of one form for one set of labels.
std::string labels_text(Labels labels) {
    std::ranges::sort(labels, {}, &Label::name);
    record::Object object;
    for (const auto& label : labels) {
        object.append(std::string(label.name), std::string(label.value));
    }
    return record::to_json(std::move(object));
}

std::size_t part_index(const Family& family, double part) {
    const auto& buckets = family.buckets();
    if (family.kind() == Kind::Counter) {
        return 0;
    }
    if (part == kMainPart) {
        return buckets.size() + 1;
    }
    return static_cast<std::size_t>(std::ranges::find(buckets, part) - buckets.begin());
}

// Other buckets are another histogram: it begins anew.
std::string stored_name(const Family& family) {
    std::string name = family.name();
    for (const auto bound : family.buckets()) {
        name += fmt::format(" {}", bound);
    }
    return name;
}

bool is_kept(const Family& family) {
    return family.kind() != Kind::Gauge && !family.is_refused();
}

void observe(Family& family, std::size_t series, double value) {
    const auto& buckets = family.buckets();
    for (std::size_t part = 0; part < buckets.size(); ++part) {
        family.increase(series, part, value <= buckets[part] ? 1 : 0);
    }
    family.increase(series, buckets.size(), 1);
    family.increase(series, buckets.size() + 1, value);
}

// What was told before of each identity.
class Seen {
  public:
    Seen(const store::Database& database, bool may_write)
        : may_write_(may_write),
          get_(database.prepare("SELECT value, at FROM seen WHERE identity = ?1")),
          put_(database.prepare("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)")) {}

    // How much the event adds. Of a histogram: 1 if the value is new.
    double increase(const Event& event, base::Time now) {
        if (event.means == Event::Means::Each) {
            return event.value;
        }
        std::string identity;
        for (const auto byte : event.identity) {
            identity += fmt::format("{:02x}", byte);
        }
        get_.reset();
        get_.bind(identity);
        const bool is_known = get_.step();
        const auto before = is_known ? get_.real(0) : 0;
        const bool began_anew = event.means == Event::Means::Total && event.value < before;
        const auto keep = began_anew ? event.value : std::max(before, event.value);
        const bool is_old =
            is_known && seconds(now) - get_.integer(1) > std::chrono::seconds(kTouch).count();
        if (may_write_ && (!is_known || is_old || keep != before)) {
            put_.reset();
            put_.bind(identity).bind(keep).bind(seconds(now)).run();
        }
        if (event.means == Event::Means::Seen) {
            return is_known ? 0 : 1;
        }
        return began_anew ? event.value : keep - before;
    }

  private:
    bool may_write_;
    store::Statement get_;
    store::Statement put_;
};

// Writes those that have changed.
class Totals {
  public:
    Totals(const store::Database& database, base::Time now)
        : now_(now),
          get_(database.prepare(
              "SELECT value FROM total WHERE metric = ?1 AND labels = ?2 AND part = ?3")),
          put_(database.prepare("INSERT OR REPLACE INTO total VALUES (?1, ?2, ?3, ?4, ?5)")) {}

    void save(const Family& family, std::size_t series) {
        const auto name = stored_name(family);
        const auto labels = labels_text(family.labels(series));
        const auto& buckets = family.buckets();
        for (std::size_t i = 0; i < family.width(); ++i) {
            const double part = i < buckets.size()       ? buckets[i]
                                : i + 1 < family.width() ? kInfinity
                                                         : kMainPart;
            get_.reset();
            get_.bind(name).bind(labels).bind(part);
            if (const auto value = family.value(series, i); !get_.step() || get_.real(0) != value) {
                put_.reset();
                put_.bind(name).bind(labels).bind(part).bind(value).bind(seconds(now_)).run();
            }
        }
    }

  private:
    base::Time now_;
    store::Statement get_;
    store::Statement put_;
};

}  // namespace

void add_health(const std::string& sink, const SinkState& state, std::int64_t spooled_bytes,
                Registry& registry) {
    const Labels labels{{"sink", sink}};
    auto* delivered = registry.family("tow_metrics_delivered_timestamp_seconds", Kind::Gauge,
                                      "when a sink last took everything");
    auto* spooled =
        registry.family("tow_metrics_spooled_bytes", Kind::Gauge, "what waits for a sink");
    auto* dropped =
        registry.family("tow_metrics_dropped_total", Kind::Counter,
                        "batches that a sink refused or that did not fit into its spool");
    if (delivered == nullptr || spooled == nullptr || dropped == nullptr) {
        base::fail(base::Kind::Config, "a mapping uses a name of the metrics tow_metrics_*");
    }
    if (state.delivered_at) {
        registry.put(*delivered, labels, static_cast<double>(seconds(*state.delivered_at)));
    }
    registry.put(*spooled, labels, static_cast<double>(spooled_bytes));
    registry.put(*dropped, labels, state.dropped);
}

Counters::Counters(const std::string& directory, store::Access access)
    : may_write_(access == store::Access::ReadWrite) {
    const auto path = directory + "/metrics.sqlite";
    if (access == store::Access::ReadWrite) {
        base::make_directories(directory);
    } else if (::access(path.c_str(), F_OK) != 0) {
        return;
    }
    database_.emplace(path, access);
    database_->migrate(kSchema);
}

void Counters::apply(Registry& registry, const Collector& collector, base::Time now) {
    if (!database_) {
        for (const auto& event : collector.events()) {
            if (event.means == Event::Means::Seen) {
                observe(*event.family, event.series, event.value);
            } else {
                event.family->increase(event.series, 0, event.value);
            }
        }
        return;
    }
    if (!may_write_) {
        load(registry, collector);
        count(collector.events(), now);
        return;
    }
    store::Transaction transaction(*database_);
    load(registry, collector);
    count(collector.events(), now);
    save(registry, now);
    forget(now);
    transaction.commit();
}

void Counters::load(Registry& registry, const Collector& collector) {
    auto rows = database_->prepare("SELECT part, value, labels FROM total WHERE metric = ?1");
    for (auto& family : registry.families()) {
        if (!is_kept(family)) {
            continue;
        }
        rows.reset();
        rows.bind(stored_name(family));
        while (rows.step()) {
            const auto known = record::parse_json(rows.text(2));
            Labels labels;
            bool is_gone = false;
            for (const auto& field : *known.object()) {
                labels.push_back({field.key, *field.value.string()});
                is_gone =
                    is_gone || (field.key == "entry" && collector.is_gone(*field.value.string()));
            }
            // What is gone and has something to count all the same goes on from where it was.
            const auto series = is_gone ? family.find(labels) : registry.series(family, labels);
            if (series) {
                family.increase(*series, part_index(family, rows.real(0)), rows.real(1));
            }
        }
    }
}

void Counters::count(const std::vector<Event>& events, base::Time now) {
    Seen seen(*database_, may_write_);
    for (const auto& event : events) {
        if (event.family->is_refused()) {
            continue;  // not counted now, so that it can be later
        }
        const auto increase = seen.increase(event, now);
        if (event.means != Event::Means::Seen) {
            event.family->increase(event.series, 0, increase);
        } else if (increase > 0) {
            observe(*event.family, event.series, event.value);
        }
    }
}

void Counters::save(Registry& registry, base::Time now) {
    Totals totals(*database_, now);
    for (const auto& family : registry.families()) {
        for (std::size_t series = 0; is_kept(family) && series < family.size(); ++series) {
            if (family.is_set(series)) {
                totals.save(family, series);
            }
        }
    }
}

void Counters::forget(base::Time now) {
    database_->prepare("DELETE FROM seen WHERE at < ?1").bind(seconds(now - kForgetSeen)).run();
    // Whole series: a bucket that has not changed for long belongs to its histogram.
    database_
        ->prepare(
            "DELETE FROM total WHERE (SELECT max(at) FROM total AS all_parts WHERE "
            "all_parts.metric = total.metric AND all_parts.labels = total.labels) < ?1")
        .bind(seconds(now - kForgetSeries))
        .run();
}

SinkState Counters::sink(const std::string& name) {
    SinkState state;
    if (database_) {
        auto row = database_->prepare("SELECT delivered_at, dropped FROM sink WHERE name = ?1");
        row.bind(name);
        if (row.step()) {
            if (const auto at = row.known_integer(0)) {
                state.delivered_at = base::Time{std::chrono::seconds{*at}};
            }
            state.dropped = row.real(1);
        }
    }
    return state;
}

void Counters::note_sink(const std::string& name, bool delivered, std::size_t dropped,
                         base::Time now) {
    if (!database_ || !may_write_) {
        return;
    }
    const auto before = sink(name);
    const auto at = delivered             ? std::optional{seconds(now)}
                    : before.delivered_at ? std::optional{seconds(*before.delivered_at)}
                                          : std::nullopt;
    database_->prepare("INSERT OR REPLACE INTO sink VALUES (?1, ?2, ?3)")
        .bind(name)
        .bind(at)
        .bind(before.dropped + static_cast<double>(dropped))
        .run();
}

}  // namespace tow::metrics
