#include "pilotlog/output_analyzer.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pilotlog/markers.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kMostEvidence = 40;
constexpr std::int64_t kEvidenceOfRule = 3;
constexpr std::size_t kEvidenceText = 200;
constexpr std::size_t kMostLogs = 200;
constexpr std::size_t kMostDamage = 50;
constexpr std::size_t kStampText = 40;

}  // namespace

// Knows in which file and which log of it a line stands.
class OutputAnalyzer::Visitor : public OutputVisitor {
  public:
    explicit Visitor(OutputAnalyzer& owner) : owner_(owner) {}

    void begin(Place place, const std::string& name) {
        place_ = place;
        file_ = name;
        log_.clear();
        line_ = 0;
    }

    void line(std::string_view text) override {
        ++line_;
        if (place_ == Place::Daemon) {
            daemon_line(text);
        } else {
            owner_.scan(place_, text);
        }
    }

    void block_begins(std::string_view name) override {
        log_ = name;
        block_line_ = 0;
        auto& logs = owner_.facts_.files.back().logs;
        if (logs.size() < kMostLogs) {
            logs.emplace_back(base::repair_utf8(name));
        }
    }

    void block_text(std::string_view piece) override {
        while (!piece.empty()) {
            const auto end = piece.find('\n');
            const auto part = piece.substr(0, end);
            if (partial_.empty() && end != std::string_view::npos) {
                block_line(part);
            } else {
                const auto room = OutputReader::kLongestLine -
                                  std::min(partial_.size(), OutputReader::kLongestLine);
                partial_ += part.substr(0, room);
                if (end != std::string_view::npos) {
                    block_line(partial_);
                    partial_.clear();
                }
            }
            piece.remove_prefix(end == std::string_view::npos ? piece.size() : end + 1);
        }
    }

    void block_ends(BlockEnd end) override {
        if (!partial_.empty()) {
            block_line(partial_);
            partial_.clear();
        }
        if (end != BlockEnd::Whole) {
            note_damage(
                fmt::format("{}: {} is {}", file_, base::printable(log_), block_end_name(end)));
        }
        log_.clear();
    }

    void note_damage(std::string text) {
        if (owner_.facts_.damage.size() < kMostDamage) {
            owner_.facts_.damage.push_back(std::move(text));
        }
    }

    const std::string& place_name() const noexcept { return log_.empty() ? file_ : log_; }
    std::int64_t line_number() const noexcept { return log_.empty() ? line_ : block_line_; }

  private:
    void block_line(std::string_view text) {
        ++block_line_;
        if (log_ == "XMLResult") {
            owner_.scan(Place::Err, text);
        } else {
            daemon_line(text);
        }
    }

    void daemon_line(std::string_view text) {
        auto stamp = text.substr(0, kStampText);
        auto& daemons = owner_.facts_.daemons;
        // The date of every line would cost more than all else.
        if (text.size() > 8 && base::is_digit(text[0]) && text.substr(0, 17) != last_stamp_) {
            last_stamp_ = text.substr(0, 17);
            if (const auto at = take_stamp(stamp, owner_.clock_)) {
                daemons.first_at = std::min(daemons.first_at.value_or(*at), *at);
                daemons.last_at = std::max(daemons.last_at.value_or(*at), *at);
            }
        }
        owner_.scan(Place::Daemon, text);
    }

    OutputAnalyzer& owner_;
    Place place_ = Place::Out;
    std::string file_;
    std::string log_;      // the packed one that is being read
    std::string partial_;  // the beginning of a line of it
    std::string last_stamp_;
    std::int64_t line_ = 0;
    std::int64_t block_line_ = 0;
};

OutputAnalyzer::OutputAnalyzer(const Taxonomy& taxonomy, const LogClock& clock)
    : taxonomy_(taxonomy), clock_(clock), visitor_(std::make_unique<Visitor>(*this)) {
    for (const auto markers : {output_markers(), daemon_markers()}) {
        for (const auto& marker : markers) {
            literals_.add(marker.word);
            targets_.push_back(targets_.size());
        }
    }
    const auto first_rule = targets_.size();
    for (std::size_t number = 0; number < taxonomy.rules().size(); ++number) {
        const auto& rule = taxonomy.rules()[number];
        for (const auto& word : rule.words) {
            literals_.add(word);
            targets_.push_back(first_rule + number);
        }
        if (rule.words.empty() && rule.pattern) {
            wordless_.push_back(number);
        }
    }
    literals_.build();
    tried_.assign(taxonomy.rules().size(), 0);
}

OutputAnalyzer::~OutputAnalyzer() = default;

void OutputAnalyzer::note_hit(const Rule& rule, std::string_view line) {
    auto hit = std::ranges::find(facts_.hits, &rule, &Hit::rule);
    if (hit == facts_.hits.end()) {
        hit = facts_.hits.insert(hit, Hit{&rule, 0});
    }
    if (++hit->count > kEvidenceOfRule || facts_.evidence.size() >= kMostEvidence) {
        return;
    }
    facts_.evidence.push_back(
        {visitor_->place_name(), visitor_->line_number(),
         base::cut_to_width(base::printable(base::trim(line.substr(0, 4 * kEvidenceText))),
                            kEvidenceText),
         rule.name});
}

void OutputAnalyzer::try_rule(std::size_t number, Place place, std::string_view line) {
    const auto& rule = taxonomy_.rules()[number];
    if (tried_[number] == line_serial_ || !rule.is_for(place)) {
        return;
    }
    tried_[number] = line_serial_;
    if (!rule.pattern || rule.pattern->find(line)) {
        note_hit(rule, line);
    }
}

void OutputAnalyzer::scan(Place place, std::string_view line) {
    ++line_serial_;
    const auto outputs = output_markers().size();
    const auto markers = outputs + daemon_markers().size();
    literals_.find(line, [&](std::size_t literal, std::size_t at) {
        const auto target = targets_[literal];
        if (target >= markers) {
            try_rule(target - markers, place, line);
            return;
        }
        const MarkedLine marked{line, line.substr(at), clock_, visitor_->place_name()};
        if (place == Place::Daemon && target >= outputs) {
            daemon_markers()[target - outputs].apply(facts_, marked);
        } else if (place != Place::Daemon && target < outputs) {
            output_markers()[target].apply(facts_, marked);
        }
    });
    for (const auto number : wordless_) {
        try_rule(number, place, line);
    }
}

void OutputAnalyzer::begin_pilot() {
    facts_ = {};
}

void OutputAnalyzer::begin_file(Place place, const std::string& name) {
    visitor_->begin(place, name);
    facts_.files.push_back({name, 0, {}});
    reader_ = std::make_unique<OutputReader>(*visitor_);
}

void OutputAnalyzer::add(std::string_view text) {
    facts_.files.back().bytes += static_cast<std::int64_t>(text.size());
    reader_->add(text);
}

void OutputAnalyzer::end_file() {
    reader_->finish();
    if (reader_->long_lines() > 0) {
        visitor_->note_damage(fmt::format("{}: of {} lines longer than {} bytes only the beginning",
                                          facts_.files.back().name, reader_->long_lines(),
                                          OutputReader::kLongestLine));
    }
    reader_.reset();
}

OutputFacts OutputAnalyzer::end_pilot() {
    return std::move(facts_);
}

}  // namespace tow::pilotlog
