// The attributes of a job ad that tell of a pilot, and what they tell.
#pragma once

#include "pilotlog/job.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tow::pilotlog {

class JobAd {
  public:
    // What is not wanted is forgotten at once. literal is ClassAd text: "a \"b\"", 7, true.
    void set(std::string_view name, std::string_view literal);
    void set_text(std::string_view name, std::string_view text);
    void remove(std::string_view name);

    // What this one does not say, others do: of its cluster.
    void inherit(const JobAd& cluster);

    // Nothing if it is no ad of a job.
    std::optional<JobFacts> facts() const;

    bool empty() const noexcept { return values_ == Values{}; }

  private:
    static constexpr std::size_t kCount = 34;
    using Values = std::array<std::string, kCount>;

    static const std::array<std::string_view, kCount>& names() noexcept;
    static std::size_t index_of(std::string_view name) noexcept;

    const std::string& text(std::string_view name) const;
    std::optional<std::int64_t> integer(std::string_view name) const;
    std::optional<base::Time> time(std::string_view name) const;
    void read_end(JobFacts& job) const;
    void read_hold(JobFacts& job) const;

    Values values_;
};

}  // namespace tow::pilotlog
