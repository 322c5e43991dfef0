// Any bytes as a mapping; any JSON as a record, whatever becomes of it, in every form it is
// published.
#include "base/error.hpp"
#include "metrics/collector.hpp"
#include "metrics/mapping.hpp"
#include "metrics/text.hpp"
#include "publish/collector_ads.hpp"
#include "publish/documents.hpp"
#include "publish/graphite.hpp"
#include "publish/remote_write.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

namespace metrics = tow::metrics;
namespace publish = tow::publish;

// A series is one line, whatever it is called.
void check_lines(const metrics::Registry& registry) {
    std::ptrdiff_t samples = 0;
    metrics::each_sample(registry, [&](const metrics::Sample&) { ++samples; });
    publish::Collisions collisions;
    std::ptrdiff_t lines = 0;
    for (const auto& part : publish::influx_lines(registry, 1)) {
        lines += std::ranges::count(part.body, '\n');
    }
    std::ptrdiff_t paths = 0;
    for (const auto& part : publish::graphite_lines(registry, "p", 1, collisions)) {
        paths += std::ranges::count(part.body, '\n');
    }
    std::ptrdiff_t text = 0;
    metrics::write_prometheus(
        registry, [&](std::string_view piece) { text += std::ranges::count(piece, '\n'); });
    const auto families = std::ranges::count_if(
        registry.families(), [](const metrics::Family& family) { return family.size() > 0; });
    if (lines != samples || paths + std::ssize(collisions) != samples || text < samples ||
        text > samples + 2 * families) {
        std::abort();
    }
    for (const auto& part : publish::json_points(registry, "h", 1)) {
        tow::record::parse_json(part.body);
    }
    publish::opensearch_bulk(registry, "i", "h", 1);
    publish::graphite_pickle(registry, "p", 1, collisions);
    publish::collector_ads(registry, "h", 1, collisions);
    publish::apfmon_labels(registry, "f", "1");
    const auto live = publish::remote_write(registry, "h", 1, {}).live;
    if (publish::decode_live(publish::encode_live(live)) != live) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const auto builtin = metrics::Mapping::read({});
    try {
        metrics::Mapping::parse(text, "fuzz");
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    try {
        const tow::record::Document document(text);
        const auto type =
            document.root().is_object() ? document.root().find("type").string() : std::nullopt;
        if (type) {
            metrics::Registry registry;
            metrics::Collector collector(builtin, registry);
            collector.take(*type, document.root());
            check_lines(registry);
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
