// Metrics in memory: families of series with their values. A million series take about 100 bytes
// each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::metrics {

enum class Kind { Gauge, Counter, Histogram };

std::string_view kind_name(Kind kind) noexcept;
std::optional<Kind> kind_named(std::string_view name) noexcept;

struct Label {
    std::string_view name;
    std::string_view value;

    friend bool operator==(const Label&, const Label&) = default;
};

using Labels = std::vector<Label>;  // without those that are empty: Prometheus knows no difference

// How a further value for the same series is taken.
enum class Add { Sum, Max, Min, Last };

constexpr std::size_t kMaxLabelValue = 256;  // bytes; what is longer is text, not a label
constexpr std::size_t kMaxLabelNames = 32;   // of one family

struct Limits {
    std::size_t series = 20'000;  // of one family
};

// All series of one name. A histogram has a value for each bucket (cumulative), one for +Inf, which
// is the count, and the sum; all others have one.
class Family {
  public:
    Family(std::string name, Kind kind, std::string help, std::vector<double> buckets = {});

    const std::string& name() const noexcept { return name_; }
    Kind kind() const noexcept { return kind_; }
    const std::string& help() const noexcept { return help_; }
    const std::vector<double>& buckets() const noexcept { return buckets_; }
    std::size_t width() const noexcept { return width_; }
    std::size_t size() const noexcept { return places_.size(); }

    // The series with these labels, in any order, which is added if it is new. Nothing past the
    // limit: the family is refused from then on.
    std::optional<std::size_t> series(const Labels& labels, const Limits& limits);

    std::optional<std::size_t> find(const Labels& labels);  // without adding it

    bool is_set(std::size_t series) const { return is_set_[series]; }
    bool is_refused() const noexcept { return refused_; }
    // Whether a sink gets it: not refused, and one of those that it wants.
    bool is_published() const noexcept { return shown_ && !refused_; }
    void show(bool shown) noexcept { shown_ = shown; }
    // The label with most values, for the message that says why it is refused.
    std::string widest_label() const;

    void put(std::size_t series, double value, Add add);
    void increase(std::size_t series, std::size_t part, double amount);
    double value(std::size_t series, std::size_t part = 0) const;

    Labels labels(std::size_t series) const;  // sorted as their names were first seen

  private:
    // A part of the hash spares most looks at keys, which are elsewhere in memory.
    struct Slot {
        std::uint32_t series = 0;  // + 1; 0 is free
        std::uint32_t hash = 0;
    };

    std::uint8_t name_index(std::string_view label);
    void encode(const Labels& labels);
    std::string_view key(std::size_t series) const noexcept;
    // Where what encode() made is in the table, or where it would be.
    std::size_t slot_of_wanted(std::uint32_t hash) const;
    void grow();

    std::string name_;
    Kind kind_;
    std::string help_;
    std::vector<double> buckets_;
    std::size_t width_;
    std::deque<std::string> label_names_;  // stay where they are: Labels look at them
    std::string keys_;                     // [index of name][length][value] of each label
    std::vector<std::uint32_t> places_;    // where the key of a series begins
    std::vector<Slot> table_;              // open addressing
    std::vector<double> values_;
    std::vector<bool> is_set_;
    std::vector<std::pair<std::uint8_t, std::string_view>> sorted_;  // reused by encode()
    std::string wanted_;
    bool refused_ = false;
    bool shown_ = true;
};

class Registry {
  public:
    explicit Registry(Limits limits = {}) : limits_(limits) {}

    // The family of this name, added if it is new. nullptr if there is one of another kind.
    Family* family(std::string_view name, Kind kind, std::string_view help,
                   const std::vector<double>& buckets = {});
    const Family* find(std::string_view name) const noexcept;

    // Sets a series, unless its family is or becomes refused or a label is too long.
    void put(Family& family, const Labels& labels, double value, Add add = Add::Last);
    std::optional<std::size_t> series(Family& family, const Labels& labels);

    // From now on only families whose names match one of these patterns are published; none: all.
    void show_only(const std::vector<std::string>& patterns);

    const std::deque<Family>& families() const noexcept { return families_; }
    std::deque<Family>& families() noexcept { return families_; }
    std::size_t too_long() const noexcept { return too_long_; }  // series that were left out

  private:
    Limits limits_;
    std::deque<Family> families_;
    std::size_t too_long_ = 0;
};

// One number with its name and labels, as every sink wants it. A histogram is several.
struct Sample {
    const Family* family;
    std::string_view suffix;  // "_bucket", "_sum", "_count" or none
    Labels labels;            // with le
    double value;
};

// Every sample that is known, family by family, those of one series together.
template <class Visit>
void each_sample(const Registry& registry, Visit visit);

// What is not published because there is too much of it, in words.
std::vector<std::string> refusals(const Registry& registry);

// Shortest text that reads back the same; whole numbers without exponent.
void append_number(double value, std::string& out);

}  // namespace tow::metrics

#include "metrics/samples.hpp"  // IWYU pragma: export
