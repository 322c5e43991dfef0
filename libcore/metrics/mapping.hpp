// What becomes a metric: rules that say which field of which record is which metric with which
// labels. They are data, in YAML; tow-metrics(5) describes them.
#pragma once

#include "metrics/registry.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::config {
class Node;
}

namespace tow::metrics {

// Keys that lead to a value. "because.-1.step": -1 is the last element of a list. A leading dot
// means the element of the list that the rule goes through.
struct Path {
    std::vector<std::string> keys;
    bool in_element = false;
};

struct Condition {
    Path path;
    std::vector<std::string> values;  // one of them; none: an empty list
};

struct LabelRule {
    std::string name;
    std::string constant;  // if path is empty
    Path path;
};

// A value, and the value of the label that it is split by.
struct Part {
    std::string word;
    Path path;
};

struct Rule {
    std::string record;  // "any": of all types
    std::optional<Path> each;
    std::vector<LabelRule> labels;
    std::vector<Condition> where;   // all of them
    std::vector<Condition> unless;  // none of them
    std::vector<Path> require;      // must be there
    std::vector<Path> forbid;       // must not be there
    std::string by;                 // label that tells the parts apart
    std::vector<Part> parts;        // one without a word if there is no by
    bool counts = false;            // the value is 1
    std::vector<std::string> states;
    std::vector<std::pair<std::string, double>> words;  // numbers of words
    std::optional<double> absent;                       // the value where the field is absent
    std::optional<Path> times;
    std::optional<Path> minus;
    Add add = Add::Sum;
    std::vector<Path> once;  // what tells one event from another
};

struct Metric {
    std::string name;
    Kind kind = Kind::Gauge;
    std::string help;
    std::vector<double> buckets;
    std::vector<Rule> rules;
};

// The text of the mapping that tow-metrics has built in.
std::string_view builtin_mapping() noexcept;

class Mapping {
  public:
    // Error{Config} with file, line and key.
    static Mapping parse(std::string_view yaml, const std::string& name);

    // What is built in, and these files.
    static Mapping read(const std::vector<std::string>& files);

    // Metrics of the other one are added, or replace those of the same name.
    void merge(Mapping other);

    const std::vector<Metric>& metrics() const noexcept { return metrics_; }
    // Whether metric records of this name are of our own making.
    bool makes(std::string_view sample_name) const noexcept;

  private:
    std::vector<Metric> metrics_;
};

}  // namespace tow::metrics
