#include "publish/remote_write.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

#include <snappy-c.h>

namespace tow::publish {

namespace {

constexpr std::size_t kSeriesOfRequest = 5'000;
constexpr std::uint64_t kStaleMarker = 0x7ff0000000000002;  // a NaN that means "no more"

// Fields of type 2 (length-delimited), of the messages at hand: all have numbers below 16.
constexpr char kTimeSeries = 0x0a;  // WriteRequest.timeseries = 1
constexpr char kLabels = 0x0a;      // TimeSeries.labels = 1
constexpr char kSamples = 0x12;     // TimeSeries.samples = 2
constexpr char kName = 0x0a;        // Label.name = 1
constexpr char kText = 0x12;        // Label.value = 2
constexpr char kValue = 0x09;       // Sample.value = 1, 64 bits
constexpr char kTime = 0x10;        // Sample.timestamp = 2, varint

void append_varint(std::uint64_t number, std::string& out) {
    for (; number >= 0x80; number >>= 7) {
        out += static_cast<char>((number & 0x7f) | 0x80);
    }
    out += static_cast<char>(number);
}

void append_field(char tag, std::string_view content, std::string& out) {
    out += tag;
    append_varint(content.size(), out);
    out += content;
}

std::string labels_of(const metrics::Sample& sample, std::string_view instance) {
    const auto name = sample.family->name() + std::string(sample.suffix);
    auto labels = sample.labels;
    labels.push_back({"__name__", name});
    labels.push_back({"job", "aerotow"});
    labels.push_back({"instance", instance});
    std::ranges::sort(labels, {}, &metrics::Label::name);
    std::string out;
    std::string label;
    for (const auto& [key, value] : labels) {
        label.clear();
        append_field(kName, key, label);
        append_field(kText, value, label);
        append_field(kLabels, label, out);
    }
    return out;
}

// One request after the other, each full of series.
class Requests {
  public:
    explicit Requests(std::int64_t now_ms) : now_ms_(now_ms) {}

    void add(std::string_view labels, std::uint64_t bits) {
        sample_.clear();
        sample_ += kValue;
        for (std::size_t i = 0; i < sizeof(bits); ++i) {
            sample_ += static_cast<char>((bits >> (8 * i)) & 0xff);
        }
        sample_ += kTime;
        append_varint(static_cast<std::uint64_t>(now_ms_), sample_);
        series_.assign(labels);
        append_field(kSamples, sample_, series_);
        append_field(kTimeSeries, series_, request_);
        if (++count_ == kSeriesOfRequest) {
            end();
        }
    }

    Batch take() {
        end();
        return std::move(batch_);
    }

  private:
    void end() {
        if (count_ == 0) {
            return;
        }
        Part part;
        auto size = ::snappy_max_compressed_length(request_.size());
        part.body.resize(size);
        if (::snappy_compress(request_.data(), request_.size(), part.body.data(), &size) !=
            SNAPPY_OK) {
            base::fail(base::Kind::Internal, "snappy cannot compress {} bytes", request_.size());
        }
        part.body.resize(size);
        batch_.push_back(std::move(part));
        request_.clear();
        count_ = 0;
    }

    std::int64_t now_ms_;
    std::string sample_;
    std::string series_;
    std::string request_;
    std::size_t count_ = 0;
    Batch batch_;
};

}  // namespace

RemoteWrite remote_write(const metrics::Registry& registry, std::string_view instance,
                         std::int64_t now_ms, const LiveSeries& before) {
    RemoteWrite result;
    Requests requests(now_ms);
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        auto labels = labels_of(sample, instance);
        requests.add(labels, std::bit_cast<std::uint64_t>(sample.value));
        result.live.push_back(std::move(labels));
    });
    std::ranges::sort(result.live);
    LiveSeries gone;
    std::ranges::set_difference(before, result.live, std::back_inserter(gone));
    for (const auto& labels : gone) {
        requests.add(labels, kStaleMarker);
    }
    result.batch = requests.take();
    return result;
}

std::string encode_live(const LiveSeries& live) {
    std::string text;
    for (const auto& labels : live) {
        append_field(kTimeSeries, labels, text);
    }
    return text;
}

LiveSeries decode_live(std::string_view text) {
    LiveSeries live;
    while (!text.empty()) {
        std::uint64_t length = 0;
        std::size_t used = 1;
        for (unsigned shift = 0; used < text.size() && shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(text[used++]);
            length |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        if (text[0] != kTimeSeries || used == 1 || length > text.size() - used) {
            base::fail(base::Kind::Data, "not a list of series");
        }
        live.emplace_back(text.substr(used, length));
        text.remove_prefix(used + length);
    }
    std::ranges::sort(live);
    return live;
}

}  // namespace tow::publish
