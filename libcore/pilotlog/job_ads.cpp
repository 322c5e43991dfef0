// Ads of jobs, and the job queue log.
#include "base/error.hpp"
#include "base/text.hpp"
#include "classad/formats.hpp"
#include "pilotlog/job_ad.hpp"
#include "pilotlog/job_logs.hpp"
#include "pilotlog/lines.hpp"
#include "record/input.hpp"
#include "record/json.hpp"

#include <map>
#include <vector>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kLongestAd = std::size_t{16} << 20;

void visit_ad(const JobAd& ad, const VisitJob& visit, JobCounts& counts) {
    if (auto job = ad.facts()) {
        ++counts.jobs;
        visit(*std::move(job));
    } else if (!ad.empty()) {
        ++counts.broken;
    }
}

// "Name = value"; false if the line is none.
bool read_attribute(std::string_view line, JobAd& ad) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
        return false;
    }
    ad.set(base::trim(line.substr(0, equals)), line.substr(equals + 1));
    return true;
}

JobCounts read_long(record::InputBuffer& input, const VisitJob& visit) {
    JobCounts counts;
    JobAd ad;
    each_line(input, [&](std::string_view line) {
        line = base::trim(line);
        if (line.empty() || line.starts_with("***")) {
            visit_ad(ad, visit, counts);
            ad = {};
        } else if (!line.starts_with('#') && !read_attribute(line, ad)) {
            ++counts.broken;
        }
    });
    visit_ad(ad, visit, counts);
    return counts;
}

void visit_json_ad(std::string_view text, record::JsonParser& parser, const VisitJob& visit,
                   JobCounts& counts) {
    try {
        parser.parse_padded(text);
        const auto value = parser.value();
        JobAd ad;
        for (const auto& [name, field] : *value.object()) {
            const auto* words = field.string();
            ad.set_text(name, words != nullptr ? *words : record::to_json(field));
        }
        visit_ad(ad, visit, counts);
    } catch (const base::Error&) {
        ++counts.broken;
    }
}

JobCounts read_json(record::InputBuffer& input, const VisitJob& visit) {
    JobCounts counts;
    record::JsonParser parser;
    bool more = true;
    while (more) {
        more = input.fill();
        for (;;) {
            const auto text = input.pending();
            const auto begin = text.find('{');
            if (begin == std::string_view::npos) {
                input.consume(text.size());
                break;
            }
            const auto size = json_object_size(text.substr(begin));
            if (size > 0) {
                visit_json_ad(text.substr(begin, size), parser, visit, counts);
                input.consume(begin + size);
                continue;
            }
            if (!more || text.size() > kLongestAd) {
                ++counts.broken;
                input.consume(text.size());
            }
            break;
        }
    }
    return counts;
}

JobCounts read_xml(record::InputBuffer& input, const std::string& name, const VisitJob& visit) {
    JobCounts counts;
    std::size_t given = 0;
    bool at_end = false;
    const auto next = [&]() -> std::string_view {
        input.consume(given);
        at_end = at_end || (input.pending().empty() && !input.fill());
        given = input.pending().size();
        return input.pending();
    };
    try {
        classad::read_xml(name, next, [&](const classad::XmlAd& one) {
            JobAd ad;
            const auto text = classad::write_long(one.ad);
            each_line(text, [&](std::string_view line) { read_attribute(line, ad); });
            visit_ad(ad, visit, counts);
        });
    } catch (const base::Error&) {
        ++counts.broken;
    }
    return counts;
}

// The schedd's journal: one operation a line.
class QueueLog {
  public:
    explicit QueueLog(const VisitJob& visit) : visit_(visit) {}

    void line(std::string_view line) {
        const auto operation = take_word(line);
        if (operation == "105") {
            in_transaction_ = true;
            pending_.clear();
        } else if (operation == "106") {
            in_transaction_ = false;
            for (const auto& one : pending_) {
                apply(one);
            }
            pending_.clear();
        } else if (operation == "101" || operation == "102" || operation == "103" ||
                   operation == "104") {
            if (in_transaction_ && pending_.size() < kMostPending) {
                pending_.push_back(std::string(operation) + " " + std::string(line));
            } else {
                apply(std::string(operation) + " " + std::string(line));
            }
        } else if (operation != "107" && !operation.empty()) {
            ++counts_.broken;
        }
    }

    JobCounts finish() {
        for (auto& [key, ad] : ads_) {
            tell(key, ad);
        }
        return counts_;
    }

  private:
    static constexpr std::size_t kMostPending = 1'000'000;

    using Key = std::pair<std::int64_t, std::int64_t>;

    static std::string_view take_word(std::string_view& line) {
        line = base::trim_left(line);
        const auto word = line.substr(0, line.find(' '));
        line.remove_prefix(word.size());
        return word;
    }

    static std::optional<Key> key_of(std::string_view word) {
        const auto dot = word.find('.');
        const auto cluster = whole_number(word.substr(0, dot));
        const auto proc =
            dot == std::string_view::npos ? std::nullopt : whole_number(word.substr(dot + 1));
        return cluster && proc ? std::optional{Key{*cluster, *proc}} : std::nullopt;
    }

    void apply(std::string_view line) {
        const auto operation = take_word(line);
        const auto key = key_of(take_word(line));
        if (!key) {
            ++counts_.broken;
            return;
        }
        if (operation == "102") {
            if (const auto found = ads_.find(*key); found != ads_.end()) {
                tell(*key, found->second);
                ads_.erase(found);
            }
        } else if (operation == "103") {
            const auto name = take_word(line);
            ads_[*key].set(name, line);
        } else if (operation == "104") {
            ads_[*key].remove(take_word(line));
        }
    }

    void tell(const Key& key, JobAd ad) {
        if (key.first <= 0 || key.second < 0) {
            return;  // the header, or what is common to a cluster
        }
        if (const auto cluster = ads_.find({key.first, -1}); cluster != ads_.end()) {
            ad.inherit(cluster->second);
        }
        ad.set_text("ClusterId", std::to_string(key.first));
        ad.set_text("ProcId", std::to_string(key.second));
        visit_ad(ad, visit_, counts_);
    }

    const VisitJob& visit_;
    std::map<Key, JobAd> ads_;
    std::vector<std::string> pending_;
    bool in_transaction_ = false;
    JobCounts counts_;
};

}  // namespace

JobCounts read_job_ads(int fd, const std::string& name, const VisitJob& visit) {
    record::InputBuffer input(fd);
    auto first = std::string_view::npos;
    while (first == std::string_view::npos) {
        if (!input.fill()) {
            return {};
        }
        first = input.pending().find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) {
            input.consume(input.pending().size());
        }
    }
    const char kind = input.pending()[first];
    return kind == '[' || kind == '{' ? read_json(input, visit)
           : kind == '<'              ? read_xml(input, name, visit)
                                      : read_long(input, visit);
}

JobCounts read_job_queue_log(int fd, const VisitJob& visit) {
    record::InputBuffer input(fd);
    QueueLog log(visit);
    each_line(input, [&](std::string_view line) { log.line(line); });
    return log.finish();
}

}  // namespace tow::pilotlog
