#include "source/condor_q.hpp"

#include "base/error.hpp"
#include "classad/unparse.hpp"
#include "source/condor_command.hpp"

#include <utility>

namespace tow::source {

namespace {

// Requirements may mention attributes whose values mention more; nobody nests deeper by design.
constexpr int kMostRounds = 4;

// The attribute in which a schedd says how many jobs an ad stands for.
constexpr std::string_view kJobCount = "JobCount";

// How condor_q answers to an option that it does not know.
bool is_too_old(const Answer& answer) {
    return !answer.status.ok() && answer.complaint.find("nrecognized") != std::string::npos;
}

class CondorQuery : public Query {
  public:
    CondorQuery(CondorQueue queue, GroupOptions options, std::shared_ptr<const ScheddStates> states)
        : queue_(std::move(queue)), options_(std::move(options)), states_(std::move(states)) {
        start_over();
    }

    std::string name() const override { return source_name(queue_); }

    std::string identity() const override {
        return fmt::format("jobs {} {} {}", condor_identity(queue_.pool),
                           base::shell_quoted(command(0)), group_identity(options_));
    }

    std::optional<Question> next() override {
        return is_complete_ ? std::nullopt : std::optional(Question{command(attributes_.size())});
    }

    void take(Answer answer) override;

    void each_record(const VisitRecord& visit) override {
        const auto busy =
            queue_.schedd && states_ ? states_->why_busy(*queue_.schedd) : std::nullopt;
        std::string line;
        grouper_->for_each_group(name(), [&](model::JobGroup group) {
            group.busy = busy;
            line.clear();
            write_json(group, line);
            visit("job_group", line);
        });
    }

  private:
    // Counts from nothing, over all attributes that are known by now.
    void start_over() {
        auto options = options_;
        options.trust_job_count = !queue_.job_by_job;
        grouper_ = std::make_unique<JobGrouper>(attributes_, std::move(options));
    }

    std::vector<std::string> command(std::size_t attributes) const;

    CondorQueue queue_;
    GroupOptions options_;
    std::shared_ptr<const ScheddStates> states_;
    AttributeTable attributes_;
    std::unique_ptr<JobGrouper> grouper_;
    int rounds_ = 0;
    bool is_complete_ = false;
};

std::vector<std::string> CondorQuery::command(std::size_t attributes) const {
    std::vector<std::string> result{"condor_q", "-allusers"};
    if (queue_.pool) {
        result.insert(result.end(), {"-pool", *queue_.pool});
    }
    if (queue_.schedd) {
        result.insert(result.end(), {"-name", *queue_.schedd});
    }
    if (queue_.constraint) {
        result.insert(result.end(), {"-constraint", *queue_.constraint});
    }
    if (!queue_.job_by_job) {
        result.emplace_back("-group-by");
    }
    std::string names;
    for (std::size_t i = 0; i < attributes; ++i) {
        const auto& name = attributes_.name(i);
        if (name.front() != ' ' && name != kJobCount) {  // those exist only here, and the answer
            names += (names.empty() ? "" : ",") + name;
        }
    }
    result.insert(result.end(), {"-json", "-attributes", names});
    return result;
}

void CondorQuery::take(Answer answer) {
    if (!queue_.job_by_job && is_too_old(answer)) {
        queue_.job_by_job = true;
        start_over();
        return;
    }
    // Only the exit status tells an empty queue from a failed query: both print nothing.
    check_condor("condor_q", answer);
    const auto asked = attributes_.size();
    AdStream stream(answer.output.get(), "condor_q", AdFormat::Json, attributes_);
    while (stream.next()) {
        grouper_->add(stream);
    }
    is_complete_ = attributes_.size() == asked;
    if (!is_complete_ && ++rounds_ == kMostRounds) {
        base::fail(base::Kind::Data, "{}: Requirements lead to ever more attributes", name());
    }
    if (!is_complete_) {
        start_over();
    }
}

}  // namespace

std::string source_name(const CondorQueue& queue) {
    return queue.schedd ? "condor:" + *queue.schedd : "condor";
}

std::unique_ptr<Query> make_condor_query(const CondorQueue& queue, const GroupOptions& options,
                                         std::shared_ptr<const ScheddStates> states) {
    return std::make_unique<CondorQuery>(queue, options, std::move(states));
}

}  // namespace tow::source
