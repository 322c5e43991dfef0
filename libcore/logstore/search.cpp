#include "logstore/search.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "pilotlog/output_reader.hpp"
#include "pilotlog/pattern.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

namespace tow::logstore {

namespace {

constexpr std::size_t kBatch = 256;  // pilots
constexpr std::size_t kShown = 300;  // columns of a line
constexpr std::size_t kPiece = std::size_t{4} << 20;
constexpr std::string_view kBlockSign = "begin-base64";
constexpr std::string_view kPartSign = "\"type\":\"pilot_file\"";

// Text that comes in pieces, searched in stretches of whole lines.
class LineSearch {
  public:
    LineSearch(const pilotlog::Pattern& pattern, std::int64_t most, std::vector<Match>& matches)
        : pattern_(pattern), most_(most), matches_(matches) {}

    void begin(std::string file) {
        file_ = std::move(file);
        text_.clear();
        line_ = 1;
        found_ = 0;
    }

    void add(std::string_view piece) {
        bytes_ += static_cast<std::int64_t>(piece.size());
        text_ += piece;
        if (text_.size() >= kPiece) {
            const auto end = text_.rfind('\n');
            const auto whole = end == std::string::npos ? text_.size() : end + 1;
            look(std::string_view(text_).substr(0, whole));
            text_.erase(0, whole);
        }
    }

    void finish() {
        look(text_);
        text_.clear();
    }

    std::int64_t bytes() const noexcept { return bytes_; }

  private:
    void look(std::string_view text) {
        std::size_t counted = 0;
        std::size_t from = 0;
        while (from <= text.size() && found_ < most_) {
            const auto match = pattern_.find(text, from);
            if (!match) {
                break;
            }
            const auto begin = text.rfind('\n', match->first == 0 ? 0 : match->first - 1);
            const auto line = begin == std::string_view::npos || match->first == 0 ? 0 : begin + 1;
            const auto end =
                std::min(text.find('\n', std::max(match->second, match->first)), text.size());
            line_ += static_cast<std::int64_t>(
                base::count_newlines(text.substr(counted, line - counted)));
            counted = line;
            auto& found = matches_.emplace_back();
            found.file = file_;
            found.line = line_;
            found.text = base::cut_to_width(
                base::printable(base::trim(text.substr(line, std::min(end - line, 4 * kShown)))),
                kShown);
            ++found_;
            from = end + 1;
        }
        line_ += static_cast<std::int64_t>(base::count_newlines(text.substr(counted)));
    }

    const pilotlog::Pattern& pattern_;
    std::int64_t most_;
    std::vector<Match>& matches_;
    std::string file_;
    std::string text_;
    std::int64_t line_ = 1;
    std::int64_t found_ = 0;
    std::int64_t bytes_ = 0;
};

// Hands the logs that are packed into an output to whoever wants them.
class Blocks : public pilotlog::OutputVisitor {
  public:
    Blocks(std::function<void(std::string_view)> begin, std::function<void(std::string_view)> add,
           std::function<void()> end)
        : begin_(std::move(begin)), add_(std::move(add)), end_(std::move(end)) {}

    void line(std::string_view /*text*/) override {}
    void block_begins(std::string_view name) override { begin_(name); }
    void block_text(std::string_view piece) override { add_(piece); }
    void block_ends(pilotlog::BlockEnd /*end*/) override { end_(); }

  private:
    std::function<void(std::string_view)> begin_;
    std::function<void(std::string_view)> add_;
    std::function<void()> end_;
};

struct Content {
    std::string file;
    LogStore::PackedContent packed;
};

struct Candidate {
    StoredPilot pilot;
    std::vector<Content> contents;
    std::vector<Match> matches;
    std::int64_t bytes = 0;
    std::int64_t damaged = 0;
};

class Worker {
  public:
    explicit Worker(const SearchOptions& options)
        : pattern_(options.pattern), most_(options.most_per_file) {}

    void search(Candidate& candidate) const {
        LineSearch lines(pattern_, most_, candidate.matches);
        LineSearch packed_lines(pattern_, most_, candidate.matches);
        for (const auto& content : candidate.contents) {
            try {
                search(content, lines, packed_lines);
            } catch (const base::Error&) {
                ++candidate.damaged;
            }
        }
        candidate.bytes = lines.bytes() + packed_lines.bytes();
    }

  private:
    static void search(const Content& content, LineSearch& lines, LineSearch& packed_lines) {
        lines.begin(content.file);
        bool has_logs = false;
        std::string seam;  // the end of the last piece: a sign may be cut in two
        unpack(content.packed.data, content.packed.size, [&](std::string_view piece) {
            lines.add(piece);
            seam += piece.substr(0, kPartSign.size());
            has_logs = has_logs || has_sign(piece) || has_sign(seam);
            seam = piece.substr(piece.size() - std::min(piece.size(), kPartSign.size()));
            return true;
        });
        lines.finish();
        if (has_logs) {
            search_logs(content, packed_lines);
        }
    }

    static bool has_sign(std::string_view text) {
        return text.find(kBlockSign) != std::string_view::npos ||
               text.find(kPartSign) != std::string_view::npos;
    }

    static void search_logs(const Content& content, LineSearch& lines) {
        Blocks blocks([&](std::string_view name) { lines.begin(base::printable(name)); },
                      [&](std::string_view text) { lines.add(text); }, [&] { lines.finish(); });
        pilotlog::OutputReader reader(blocks);
        unpack(content.packed.data, content.packed.size, [&](std::string_view piece) {
            reader.add(piece);
            return true;
        });
        reader.finish();
    }

    pilotlog::Pattern pattern_;
    std::int64_t most_;
};

void search_all(std::vector<std::unique_ptr<Worker>>& workers, std::vector<Candidate>& candidates) {
    std::atomic<std::size_t> next{0};
    std::vector<std::exception_ptr> failures(workers.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t w = 0; w < workers.size(); ++w) {
            threads.emplace_back([&, w] {
                try {
                    for (auto i = next++; i < candidates.size(); i = next++) {
                        workers[w]->search(candidates[i]);
                    }
                } catch (...) {  // of any kind: the thread that waits throws it on
                    failures[w] = std::current_exception();
                }
            });
        }
    }
    for (const auto& failure : failures) {
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
}

class Search {
  public:
    Search(const LogStore& store, const SearchOptions& options,
           const std::function<bool(const Match&)>& visit)
        : store_(store), visit_(visit) {
        const auto processors = std::max(1U, std::thread::hardware_concurrency());
        const auto count = options.threads == 0 ? std::min(processors, 8U) : options.threads;
        for (unsigned i = 0; i < count; ++i) {
            workers_.push_back(std::make_unique<Worker>(options));
        }
    }

    Searched run(const Query& query) {
        store_.find(query, [&](const StoredPilot& pilot) {
            take(pilot);
            return candidates_.size() < kBatch || flush();
        });
        flush();
        return result_;
    }

  private:
    void take(const StoredPilot& pilot) {
        auto& candidate = candidates_.emplace_back();
        candidate.pilot = pilot;
        for (const auto& file : store_.files(pilot.number)) {
            try {
                candidate.contents.push_back({file.name, store_.packed(file.hash)});
            } catch (const base::Error&) {
                ++result_.damaged;
            }
        }
    }

    bool flush() {
        base::check_stop();
        search_all(workers_, candidates_);
        bool goes_on = !is_stopped_;
        for (auto& candidate : candidates_) {
            ++result_.pilots;
            result_.bytes += candidate.bytes;
            result_.damaged += candidate.damaged;
            result_.matching += candidate.matches.empty() ? 0 : 1;
            for (auto& match : candidate.matches) {
                match.pilot = candidate.pilot;
                goes_on = goes_on && visit_(match);
            }
        }
        is_stopped_ = !goes_on;
        candidates_.clear();
        return goes_on;
    }

    const LogStore& store_;
    const std::function<bool(const Match&)>& visit_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<Candidate> candidates_;
    Searched result_;
    bool is_stopped_ = false;
};

// "startd" is StartdLog and StartLog.
bool is_called(std::string_view name, std::string_view wanted) {
    const auto has = base::lower(name);
    const auto asks = base::lower(wanted);
    return has == asks || has.starts_with(asks) ||
           (asks == "startd" && has.starts_with("startlog"));
}

}  // namespace

Searched search(const LogStore& store, const Query& query, const SearchOptions& options,
                const std::function<bool(const Match&)>& visit) {
    return Search(store, options, visit).run(query);
}

bool read_log(const LogStore& store, std::int64_t pilot, const std::string& name,
              const std::function<void(std::string_view)>& take) {
    bool found = false;
    for (const auto& file : store.files(pilot)) {
        const bool is_file = is_called(file.name, name) || file.name.ends_with("." + name);
        bool is_wanted = false;
        Blocks blocks([&](std::string_view block) { is_wanted = is_called(block, name); },
                      [&](std::string_view text) {
                          if (is_wanted) {
                              take(text);
                              found = true;
                          }
                      },
                      [&] { is_wanted = false; });
        pilotlog::OutputReader reader(blocks);
        store.read(file.hash, [&](std::string_view piece) {
            if (is_file) {
                take(piece);
            } else {
                reader.add(piece);
            }
            return true;
        });
        reader.finish();
        found = found || is_file;
    }
    return found;
}

}  // namespace tow::logstore
