#include "source/job_queries.hpp"

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "http/message.hpp"
#include "source/condor_q.hpp"
#include "source/job_files.hpp"
#include "source/slurm_command.hpp"
#include "source/slurm_jobs.hpp"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace tow::source {

namespace {

bool is_url(std::string_view text) {
    return text.find("://") != std::string_view::npos;
}

// What is common to all sources whose jobs are counted here.
class CountingQuery : public Query {
  public:
    CountingQuery(std::string name, GroupOptions options, const CountOdd& odd)
        : name_(std::move(name)), options_(std::move(options)), odd_(odd) {}

    std::string name() const override { return name_; }

    void each_record(const VisitRecord& visit) override {
        std::string line;
        grouper_->for_each_group(name_, [&](const model::JobGroup& group) {
            line.clear();
            write_json(group, line);
            visit("job_group", line);
        });
    }

  protected:
    void count(int fd, const std::string& file, std::string_view word) {
        const auto format = job_format(fd, word);
        auto options = options_;
        const auto& names = attributes_of_format(format);
        options.attributes.insert(options.attributes.end(), names.begin(), names.end());
        grouper_.emplace(attributes_, std::move(options));
        read_jobs(fd, file, format, *grouper_, [this](const std::string& what) { odd_(what, 1); });
        odd_("values that are no ClassAd expressions, taken as error", grouper_->broken_values());
        odd_("values with bytes that are not UTF-8, which were replaced",
             grouper_->repaired_values());
    }

    GroupOptions& options() { return options_; }
    const GroupOptions& options() const { return options_; }

  private:
    std::string name_;
    GroupOptions options_;
    const CountOdd& odd_;
    AttributeTable attributes_;
    std::optional<JobGrouper> grouper_;
};

class FileQuery : public CountingQuery {
  public:
    FileQuery(std::string path, std::string format, const JobSources& sources, const CountOdd& odd)
        : CountingQuery(sources.name.value_or(path == "-" ? "stdin" : path), sources.groups, odd),
          path_(std::move(path)),
          format_(std::move(format)),
          observed_at_(sources.observed_at) {}

    bool errors_have_place() const override { return true; }

    std::string identity() const override { return {}; }

    std::optional<Question> next() override { return std::nullopt; }

    void take(Answer /*answer*/) override {}

    void each_record(const VisitRecord& visit) override {
        const auto opened = path_ == "-" ? base::UniqueFd() : base::open_for_reading(path_);
        const int fd = opened ? opened.get() : STDIN_FILENO;
        // What comes through a pipe was made for us; a file is as old as its last change.
        const auto now = options().now;
        options().now =
            observed_at_.value_or(std::min(now, base::modification_time(fd).value_or(now)));
        count(fd, path_, format_);
        CountingQuery::each_record(visit);
    }

  private:
    std::string path_;
    std::string format_;
    std::optional<base::Time> observed_at_;
};

class UrlQuery : public CountingQuery {
  public:
    UrlQuery(std::string url, std::string format, const JobSources& sources, const CountOdd& odd)
        : CountingQuery(sources.name.value_or(http::shown_url(url)), sources.groups, odd),
          url_(std::move(url)),
          format_(std::move(format)) {}

    std::string identity() const override {
        return "jobs " + format_ + ' ' + url_ + ' ' + group_identity(options());
    }

    std::optional<Question> next() override {
        if (std::exchange(is_asked_, true)) {
            return std::nullopt;
        }
        const bool is_call = format_ == "pyglidein";  // its server answers to nothing else
        return Question{
            {},
            {},
            url_,
            is_call ? R"({"jsonrpc":"2.0","method":"get_state","params":{},"id":"1"})" : ""};
    }

    void take(Answer answer) override { count(answer.output.get(), name(), format_); }

  private:
    std::string url_;
    std::string format_;
    bool is_asked_ = false;
};

// squeue's JSON says more and says it exactly; where it was built without, its table.
class SlurmQuery : public CountingQuery {
  public:
    SlurmQuery(const GroupOptions& options, const CountOdd& odd)
        : CountingQuery("slurm", options, odd) {}

    std::string identity() const override {
        return "jobs slurm " + slurm::environment_identity() + ' ' + group_identity(options());
    }

    std::optional<Question> next() override {
        if (is_complete_) {
            return std::nullopt;
        }
        std::vector<std::string> argv{"squeue", "--all"};
        if (as_table_) {
            argv.insert(argv.end(),
                        {"--states=all", "--Format=" + std::string(slurm::table_format())});
        } else {
            argv.emplace_back("--json");
        }
        return Question{argv, slurm::environment()};
    }

    void take(Answer answer) override {
        if (!answer.status.ok() && !as_table_ && slurm::has_no_json(answer.complaint)) {
            as_table_ = true;
            return;
        }
        slurm::check("squeue", answer);
        count(answer.output.get(), "squeue", as_table_ ? "slurm-text" : "slurm-json");
        is_complete_ = true;
    }

  private:
    bool as_table_ = false;
    bool is_complete_ = false;
};

// What a pilot can run of a schedd's jobs: neither scheduler nor local nor grid universe.
constexpr std::string_view kPilotJobs =
    "JobUniverse =!= 7 && JobUniverse =!= 9 && JobUniverse =!= 12";

// How long to wait for the states of schedds whose names are known anyway.
constexpr std::chrono::seconds kMarkingDeadline{5};

// A pool, and what its collector is asked for.
struct Pool {
    std::optional<std::string> name;
    std::shared_ptr<ScheddStates> states = std::make_shared<ScheddStates>();
    bool all_schedds = false;
    bool is_known = true;  // its collector has answered, if it had to
};

class Builder {
  public:
    Builder(const JobSources& sources, const AskOptions& options, const AskEvents& events,
            const CountOdd& odd)
        : sources_(sources), options_(options), events_(events), odd_(odd) {}

    std::vector<std::unique_ptr<Query>> build(std::vector<std::optional<base::Kind>>& failed);

  private:
    struct Named {
        std::string format;  // of a file or URL; empty: a service
        std::string what;
    };

    Named parse(const std::string& source) const;
    Pool& pool_of(const Named& source);
    void discover(std::vector<std::optional<base::Kind>>& failed);
    void add_condor(const Pool& pool);

    const JobSources& sources_;
    const AskOptions& options_;
    const AskEvents& events_;
    const CountOdd& odd_;
    std::vector<std::pair<std::string, Pool>> pools_;  // by the source that names them
    std::vector<std::unique_ptr<Query>> queries_;
};

Builder::Named Builder::parse(const std::string& source) const {
    if (source == "condor" || source == "slurm" || source.starts_with("condor:")) {
        return {"", source};
    }
    const auto colon = source.find(':');
    const auto format = source.substr(0, colon);
    if (colon != std::string::npos && is_job_format(format)) {
        return {format, source.substr(colon + 1)};
    }
    return {sources_.from, source};
}

Pool& Builder::pool_of(const Named& source) {
    for (auto& [name, pool] : pools_) {
        if (name == source.what) {
            return pool;
        }
    }
    Pool pool;
    const bool is_named = source.what != "condor";
    pool.name = is_named ? std::optional(source.what.substr(std::string_view("condor:").size()))
                         : sources_.pool;
    if (pool.name && pool.name->empty()) {
        base::fail(base::Kind::Usage, "\"{}\" names no pool", source.what);
    }
    const bool wants_all = sources_.schedds == std::vector<std::string>{"all"};
    pool.all_schedds = wants_all || (is_named && sources_.schedds.empty());
    return pools_.emplace_back(source.what, std::move(pool)).second;
}

// Collectors are asked first, all at once, where schedds are to be found or may be busy. Only the
// former is worth a gap: without a collector, schedds that were named fail for themselves.
void Builder::discover(std::vector<std::optional<base::Kind>>& failed) {
    auto options = options_;
    options.deadline /= 2;
    auto quiet = events_;
    quiet.record = [](auto&&...) {};
    quiet.error = [this](const base::Error& error) { events_.trace(error.what()); };
    for (const bool all : {true, false}) {
        std::vector<std::unique_ptr<Query>> queries;
        std::vector<Pool*> pools;
        for (auto& [name, pool] : pools_) {
            if (pool.all_schedds == all && (all || !sources_.schedds.empty())) {
                queries.push_back(make_schedds_query(pool.name, options_.now, pool.states));
                pools.push_back(&pool);
            }
        }
        const auto outcomes = ask(queries, options, all ? events_ : quiet);
        for (std::size_t i = 0; all && i < pools.size(); ++i) {
            pools[i]->is_known = !outcomes[i].failure;
            if (outcomes[i].failure) {
                failed.push_back(outcomes[i].failure);
            }
        }
        options.deadline = std::min<std::chrono::milliseconds>(options.deadline, kMarkingDeadline);
    }
}

void Builder::add_condor(const Pool& pool) {
    CondorQueue queue{std::nullopt, pool.name,
                      sources_.constraint.value_or(std::string(kPilotJobs)), sources_.job_by_job};
    auto groups = sources_.groups;
    groups.constraint = nullptr;  // a schedd applies it itself
    const auto names = pool.all_schedds ? pool.states->names() : sources_.schedds;
    if (names.empty() && !pool.all_schedds) {
        queries_.push_back(make_condor_query(queue, groups, nullptr));
    }
    for (const auto& name : names) {
        queue.schedd = name;
        queries_.push_back(make_condor_query(queue, groups, pool.states));
        if (const auto busy = pool.states->why_busy(name)) {
            events_.warning(fmt::format("schedd {} is busy ({}): its jobs are marked",
                                        base::printable(name), *busy));
        }
    }
}

std::vector<std::unique_ptr<Query>> Builder::build(std::vector<std::optional<base::Kind>>& failed) {
    std::vector<Named> named;
    for (const auto& source : sources_.sources) {
        named.push_back(parse(source));
        if (named.back().format.empty() && named.back().what != "slurm") {
            pool_of(named.back());
        }
    }
    discover(failed);
    for (const auto& [format, what] : named) {
        if (!format.empty() && is_url(what)) {
            queries_.push_back(std::make_unique<UrlQuery>(what, format, sources_, odd_));
        } else if (!format.empty()) {
            queries_.push_back(std::make_unique<FileQuery>(what, format, sources_, odd_));
        } else if (what == "slurm") {
            queries_.push_back(std::make_unique<SlurmQuery>(sources_.groups, odd_));
        } else if (const auto& pool = pool_of({format, what}); pool.is_known) {
            add_condor(pool);
        }
    }
    return std::move(queries_);
}

}  // namespace

std::vector<std::unique_ptr<Query>> job_queries(const JobSources& sources,
                                                const AskOptions& options, const AskEvents& events,
                                                const CountOdd& odd,
                                                std::vector<std::optional<base::Kind>>& failed) {
    return Builder(sources, options, events, odd).build(failed);
}

}  // namespace tow::source
