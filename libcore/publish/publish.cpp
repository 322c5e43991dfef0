#include "publish/publish.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "metrics/text.hpp"
#include "publish/collector_ads.hpp"
#include "publish/documents.hpp"
#include "publish/graphite.hpp"
#include "publish/remote_write.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <poll.h>
#include <thread>

namespace tow::publish {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kTries = 3;
constexpr milliseconds kFirstDelay{250};
constexpr std::string_view kLiveFile = "/live";  // series that remote write told of last

std::string spool_of(const Target& target, const std::string& directory) {
    return directory + "/spool/" + target.name;
}

void write_textfile(const Target& target, const metrics::Registry& registry) {
    base::AtomicFile file(target.address);
    metrics::write_prometheus(registry, [&](std::string_view piece) {
        if (!base::write_all(file.fd(), piece)) {
            base::fail(base::Kind::Io, "{}: nobody reads it", target.address);
        }
    });
    file.commit();
}

LiveSeries live_before(const std::string& file) {
    try {
        constexpr std::size_t kMost = std::size_t{1} << 30;
        return decode_live(base::read_file(file, kMost));
    } catch (const base::Error&) {  // none yet; or a damaged one: then some series end late
        return {};
    }
}

Batch pushgateway_text(const metrics::Registry& registry) {
    Batch batch(1);
    metrics::write_prometheus(registry, [&](std::string_view piece) { batch[0].body += piece; });
    return batch;
}

class Encoder {
  public:
    Encoder(const Target& target, const metrics::Registry& registry,
            const Surroundings& surroundings, Outcome& outcome)
        : target_(target), registry_(registry), surroundings_(surroundings), outcome_(outcome) {}

    Batch encode() {
        Collisions collisions;
        auto batch = encode(collisions);
        outcome_.collisions = collisions.size();
        outcome_.collision = collisions.empty() ? "" : collisions.front();
        return batch;
    }

    // What the next batch has to know of this one, once it is safe.
    void settle() const {
        if (target_.protocol == Protocol::RemoteWrite) {
            base::write_file_atomically(live_file(), encode_live(live_));
        }
    }

  private:
    std::string live_file() const {
        return spool_of(target_, surroundings_.directory) + std::string(kLiveFile);
    }

    Batch encode(Collisions& collisions) {
        const auto now = surroundings_.now_ms;
        switch (target_.protocol) {
            case Protocol::Graphite:
                return graphite_lines(registry_, target_.prefix, now, collisions);
            case Protocol::GraphitePickle:
                return graphite_pickle(registry_, target_.prefix, now, collisions);
            case Protocol::Statsd:
                return statsd(registry_, target_.prefix, collisions);
            case Protocol::Influx:
                return influx_lines(registry_, now);
            case Protocol::OpenSearch:
                return opensearch_bulk(registry_, target_.prefix, surroundings_.host, now);
            case Protocol::Json:
                return json_points(registry_, surroundings_.host, now);
            case Protocol::Collector:
                return collector_ads(registry_, surroundings_.host, now, collisions);
            case Protocol::ApfMon:
                return apfmon_labels(registry_, target_.prefix, "aerotow");
            case Protocol::RemoteWrite: {
                auto result =
                    remote_write(registry_, surroundings_.host, now, live_before(live_file()));
                live_ = std::move(result.live);
                return std::move(result.batch);
            }
            case Protocol::Pushgateway:
            case Protocol::Textfile:
                break;
        }
        return pushgateway_text(registry_);
    }

    const Target& target_;
    const metrics::Registry& registry_;
    const Surroundings& surroundings_;
    Outcome& outcome_;
    LiveSeries live_;
};

void into_spool(const Target& target, const Surroundings& surroundings, const Batch& batch,
                Outcome& outcome) {
    Spool spool(spool_of(target, surroundings.directory));
    if (batch.empty()) {
        return;
    }
    if (target.is_state_only()) {
        spool.clear();
    }
    outcome.dropped += spool.add(batch, target.spool_bytes);
    if (outcome.dropped > 0) {
        outcome.error = base::Error(
            base::Kind::Io,
            fmt::format("its spool is full: {} of the oldest batches are lost", outcome.dropped));
    }
}

// Puts what is to be told into the spool. Returns it if that cannot be: it is sent all the same.
Batch enqueue(const Target& target, const metrics::Registry& registry,
              const Surroundings& surroundings, Outcome& outcome) {
    Encoder encoder(target, registry, surroundings, outcome);
    auto batch = encoder.encode();
    try {
        into_spool(target, surroundings, batch, outcome);
        encoder.settle();
    } catch (const base::Error& error) {
        outcome.error = error;
        return batch;
    }
    return {};
}

// One that was sent as far as it goes; throws what keeps it from arriving.
void send_batch(Sender& sender, const Batch& batch, Deadline deadline) {
    for (int tries = 1;; ++tries) {
        try {
            for (const auto& part : batch) {
                sender.send(part);
            }
            sender.finish();
            return;
        } catch (const base::Error& error) {
            const auto delay = kFirstDelay * (1 << (tries - 1));
            const bool is_final =
                error.kind() != base::Kind::Unavailable && error.kind() != base::Kind::Busy;
            if (is_final || tries == kTries || steady_clock::now() + delay >= deadline) {
                throw;
            }
            ::poll(nullptr, 0, static_cast<int>(delay.count()));
            base::check_stop();
        }
    }
}

void drain(const Target& target, const Surroundings& surroundings, Outcome& outcome) {
    const Spool spool(spool_of(target, surroundings.directory));
    const Deadline deadline = steady_clock::now() + target.deadline;
    // Who holds the lock sends what we have put there as well.
    const base::FileLock lock(spool.directory() + "/lock", milliseconds{0});
    const auto sender = make_sender(target, deadline, surroundings.log);
    for (auto names = spool.names(); !names.empty(); names = spool.names()) {
        for (const auto& name : names) {
            try {
                send_batch(*sender, spool.read(name), deadline);
            } catch (const base::Error& error) {
                if (error.kind() != base::Kind::Data) {
                    throw;
                }
                outcome.error = error;  // it would be refused for ever, and hold up all others
                ++outcome.dropped;
            }
            spool.remove(name);
        }
    }
}

// The spool cannot be written, which is said in any case; what does not arrive now is lost.
void send_unspooled(const Target& target, const Surroundings& surroundings, const Batch& batch,
                    Outcome& outcome) {
    const Deadline deadline = steady_clock::now() + target.deadline;
    try {
        send_batch(*make_sender(target, deadline, surroundings.log), batch, deadline);
    } catch (const base::Error& error) {
        outcome.error = error;
        ++outcome.dropped;
    }
}

// In a thread of its own: nothing leaves it.
void deliver(const Target& target, const Surroundings& surroundings, const Batch& unspooled,
             Outcome& outcome) noexcept {
    try {
        if (!unspooled.empty()) {
            send_unspooled(target, surroundings, unspooled, outcome);
            return;
        }
        try {
            drain(target, surroundings, outcome);
        } catch (const base::Error& error) {
            outcome.error = error;
        }
        const Spool spool(spool_of(target, surroundings.directory));
        outcome.waiting_bytes = spool.bytes();
        outcome.delivered = spool.names().empty() && outcome.dropped == 0;
    } catch (const base::Interrupted&) {  // the main thread is interrupted as well
        outcome.error = base::Error(base::Kind::Timeout, "interrupted");
    } catch (const std::exception& problem) {
        outcome.error = base::Error(base::Kind::Internal, problem.what());
    }
}

}  // namespace

bool is_loss(const Outcome& outcome) noexcept {
    return outcome.dropped > 0 || outcome.collisions > 0;
}

std::string describe(const Outcome& outcome) {
    std::vector<std::string> parts;
    if (outcome.error) {
        parts.emplace_back(outcome.error->what());
    }
    if (outcome.dropped > 0) {
        parts.push_back(fmt::format("{} batches are lost", outcome.dropped));
    }
    if (outcome.waiting_bytes > 0) {
        parts.push_back(
            fmt::format("{} wait for the next run", base::format_bytes(outcome.waiting_bytes)));
    }
    if (outcome.collisions > 0) {
        parts.push_back(fmt::format("{} series are left out, another has their name there: {}",
                                    outcome.collisions, base::printable(outcome.collision)));
    }
    return parts.empty() ? "" : outcome.target + ": " + base::join(parts, "; ");
}

std::int64_t spooled_bytes(const Target& target, const std::string& directory) {
    const auto folder = spool_of(target, directory);
    std::error_code problem;
    return std::filesystem::is_directory(folder, problem) ? Spool(folder).bytes() : 0;
}

std::vector<Outcome> publish(const std::vector<Target>& targets, metrics::Registry& registry,
                             const Surroundings& surroundings) {
    std::vector<Outcome> outcomes(targets.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto& target = targets[i];
        auto& outcome = outcomes[i];
        outcome.target = target.name;
        registry.show_only(target.only);
        try {
            if (target.protocol == Protocol::Textfile) {
                write_textfile(target, registry);
                outcome.delivered = true;
                continue;
            }
            threads.emplace_back([&target, &surroundings, &outcome,
                                  unspooled = enqueue(target, registry, surroundings, outcome)] {
                deliver(target, surroundings, unspooled, outcome);
            });
        } catch (const base::Error& error) {
            outcome.error = error;
            ++outcome.dropped;
        }
    }
    threads.clear();  // waits for all of them
    registry.show_only({});
    return outcomes;
}

}  // namespace tow::publish
