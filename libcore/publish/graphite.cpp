#include "publish/graphite.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <bit>
#include <set>

namespace tow::publish {

namespace {

constexpr std::size_t kLinesBytes = std::size_t{256} << 10;
constexpr std::size_t kPickleBytes = std::size_t{512} << 10;  // carbon takes a MiB at most
constexpr std::size_t kDatagram = 1432;                       // fits an Ethernet frame

void append_node(std::string_view name, std::string& out) {
    for (const char c : name) {
        const bool plain = base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '-';
        out += plain ? c : '_';
    }
}

// Paths that no other series has. Hashes do: no stranger gains by a collision of two.
class Paths {
  public:
    Paths(std::string_view prefix, Collisions& collisions)
        : prefix_(prefix), collisions_(collisions) {}

    // Nothing if it is taken.
    const std::string* of(const metrics::Sample& sample) {
        path_ = graphite_path(prefix_, sample);
        if (!seen_.insert(base::hash64(path_)).second) {
            collisions_.push_back(path_);
            return nullptr;
        }
        return &path_;
    }

  private:
    std::string_view prefix_;
    Collisions& collisions_;
    std::set<std::uint64_t> seen_;
    std::string path_;
};

void append_big_endian(std::uint64_t number, std::size_t bytes, std::string& out) {
    for (std::size_t i = bytes; i-- > 0;) {
        out += static_cast<char>((number >> (8 * i)) & 0xff);
    }
}

void append_little_endian(std::uint64_t number, std::size_t bytes, std::string& out) {
    for (std::size_t i = 0; i < bytes; ++i) {
        out += static_cast<char>((number >> (8 * i)) & 0xff);
    }
}

// (path, (time, value)) in pickle protocol 2: BINUNICODE, LONG1, BINFLOAT, TUPLE2.
void append_pickled(std::string_view path, std::int64_t seconds, double value, std::string& out) {
    out += 'X';
    append_little_endian(path.size(), 4, out);
    out += path;
    out += '\x8a';
    out += '\x08';
    append_little_endian(static_cast<std::uint64_t>(seconds), 8, out);
    out += 'G';
    append_big_endian(std::bit_cast<std::uint64_t>(value), 8, out);
    out += "\x86\x86";
}

Part pickle_frame(std::string_view items) {
    constexpr std::string_view kBegin = "\x80\x02](";  // protocol 2, an empty list, mark
    constexpr std::string_view kEnd = "e.";            // append all since the mark, stop
    Part part;
    append_big_endian(kBegin.size() + items.size() + kEnd.size(), 4, part.body);
    part.body += kBegin;
    part.body += items;
    part.body += kEnd;
    return part;
}

}  // namespace

std::string graphite_path(std::string_view prefix, const metrics::Sample& sample) {
    std::string path(prefix);
    for (const auto& label : sample.labels) {
        if (label.name == "entry") {
            path += '.';
            append_node(label.value, path);
        }
    }
    path += '.';
    path += sample.family->name();
    path += sample.suffix;
    for (const auto& label : sample.labels) {
        if (label.name != "entry") {
            path += '.';
            append_node(label.value, path);
        }
    }
    return path;
}

Batch graphite_lines(const metrics::Registry& registry, std::string_view prefix,
                     std::int64_t now_ms, Collisions& collisions) {
    Paths paths(prefix, collisions);
    const auto time = " " + std::to_string(now_ms / 1000) + "\n";
    Batch batch;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        if (const auto* path = paths.of(sample)) {
            if (batch.empty() || batch.back().body.size() >= kLinesBytes) {
                batch.emplace_back();
            }
            auto& body = batch.back().body;
            body += *path;
            body += ' ';
            metrics::append_number(sample.value, body);
            body += time;
        }
    });
    return batch;
}

Batch graphite_pickle(const metrics::Registry& registry, std::string_view prefix,
                      std::int64_t now_ms, Collisions& collisions) {
    Paths paths(prefix, collisions);
    Batch batch;
    std::string items;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        if (const auto* path = paths.of(sample)) {
            append_pickled(*path, now_ms / 1000, sample.value, items);
            if (items.size() >= kPickleBytes) {
                batch.push_back(pickle_frame(items));
                items.clear();
            }
        }
    });
    if (!items.empty()) {
        batch.push_back(pickle_frame(items));
    }
    return batch;
}

Batch statsd(const metrics::Registry& registry, std::string_view prefix, Collisions& collisions) {
    Paths paths(prefix, collisions);
    Batch batch;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        const auto* path = paths.of(sample);
        if (path == nullptr) {
            return;
        }
        std::string line;
        if (sample.value < 0) {  // a sign means "less by": it has to be zero first
            line = *path + ":0|g\n";
        }
        line += *path + ":";
        metrics::append_number(sample.value, line);
        line += "|g\n";
        if (batch.empty() || batch.back().body.size() + line.size() > kDatagram) {
            batch.emplace_back();
        }
        batch.back().body += line;
    });
    return batch;
}

}  // namespace tow::publish
