// From which value on something is worth a warning, and from which on it is critical: defaults that
// proved themselves in operation, and what a site says instead, for all repositories or for some.
#pragma once

#include "config/node.hpp"
#include "model/check.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs {

enum class Unit { Seconds, Bytes, Ratio, Count };

std::string_view unit_name(Unit unit) noexcept;

struct Limits {
    std::optional<double> warning;
    std::optional<double> critical;
};

// Something that is measured.
struct Figure {
    std::string_view name;
    Unit unit;
    bool is_least;  // what is less is bad; else what is more
    Limits usual;
    std::string_view help;
};

std::span<const Figure> all_figures() noexcept;
const Figure& figure(std::string_view name);  // Error{Internal} if there is none

class Thresholds {
  public:
    Thresholds() = default;

    // "snapshot_age: {warning: 8h, critical: 1d}", and below "repositories" the same for names with
    // * and ?, of which the last that fits counts. Error{Config}.
    explicit Thresholds(const config::Node& root);

    Limits of(const Figure& figure, std::string_view repository) const;
    model::CheckState judge(const Figure& figure, std::string_view repository, double value) const;

  private:
    struct Rule {
        std::string repositories;  // a pattern
        std::string_view figure;
        Limits limits;
    };

    void read_figures(const config::Node& map, const std::string& repositories);

    std::vector<Rule> rules_;
};

// What is in force for a repository: one "threshold" record for each figure.
std::vector<record::Object> to_records(const Thresholds& thresholds, std::string_view repository);

}  // namespace tow::cvmfs
