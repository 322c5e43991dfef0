// Applies a mapping to records: gauges are set at once, what counters and histograms count is kept
// as events for Counters, which knows what was counted before.
#pragma once

#include "base/clock.hpp"
#include "metrics/mapping.hpp"
#include "metrics/registry.hpp"
#include "record/view.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tow::metrics {

using Identity = std::array<std::uint8_t, 16>;  // a hash of what was counted

// Something to be counted, or a count that only grows, of one thing that may be told many times.
struct Event {
    enum class Means {
        Each,   // counts each time that it is told
        Grows,  // a count of this identity: what it has grown since it was last told is added
        Total,  // the same, and a smaller one than before began anew from zero
        Seen,   // a value to be put into a histogram, once
    };

    Family* family;
    std::size_t series;
    Identity identity;
    double value;
    Means means;
};

class Collector {
  public:
    Collector(const Mapping& mapping, Registry& registry);

    // False for a metric record that is one of ours, to be replaced. Error{Data} for one that is
    // wrong. What the mapping expects and does not find is unknown, and left out.
    bool take(std::string_view type, record::View record);

    const std::vector<Event>& events() const noexcept { return events_; }

    // Whether the stream said which entries there are, all of them, and this one is none.
    bool is_gone(std::string_view entry) const;

  private:
    struct Bound {  // a rule with its metric
        const Metric* metric;
        const Rule* rule;
        Family* family;
    };

    void apply(const Bound& bound, record::View record, record::View element);
    void emit_states(const Bound& bound, record::View record, record::View element);
    void emit_by(std::string_view word, const Bound& bound, record::View record,
                 record::View element, double value);
    void emit(const Bound& bound, record::View record, record::View element, double value);
    void set_labels(const Rule& rule, record::View record, record::View element);
    bool take_metric(record::View record);
    void note_entries(std::string_view type, record::View record);
    std::string_view kept(std::string text);

    Registry& registry_;
    std::map<std::string, std::vector<Bound>, std::less<>> rules_;  // by type of record
    std::vector<Event> events_;
    std::set<std::string, std::less<>> entries_;
    bool entries_are_known_ = false;
    bool entries_have_a_gap_ = false;
    Labels labels_;                  // of the sample at hand
    std::deque<std::string> texts_;  // that labels_ looks at
    std::size_t texts_used_ = 0;
    const Mapping& mapping_;
};

}  // namespace tow::metrics
