#include "source/condor_schedds.hpp"

#include "base/error.hpp"
#include "source/ad_file.hpp"
#include "source/ad_values.hpp"
#include "source/condor_command.hpp"

#include <utility>

namespace tow::source {

namespace {

// GlideinWMS stops counting on a schedd within 5 % of its limits: jobs would only queue there.
bool is_near(std::optional<double> value, std::optional<double> limit) {
    constexpr double kNear = 0.95;
    return value && limit && *limit > 0 && *value >= kNear * *limit;
}

std::optional<std::string> reason(const AdValues& schedd) {
    if (schedd.boolean("CurbMatchmaking").value_or(false)) {
        return "curbed";
    }
    if (is_near(schedd.number("TotalRunningJobs"), schedd.number("MaxJobsRunning"))) {
        return "running_limit";
    }
    if (is_near(schedd.number("TransferQueueNumUploading"),
                schedd.number("TransferQueueMaxUploading"))) {
        return "transfer_limit";
    }
    return std::nullopt;
}

class ScheddsQuery : public Query {
  public:
    ScheddsQuery(std::optional<std::string> pool, base::Time now,
                 std::shared_ptr<ScheddStates> states)
        : pool_(std::move(pool)), now_(now), states_(std::move(states)) {}

    std::string name() const override { return pool_ ? "condor:" + *pool_ : "condor"; }

    std::string identity() const override { return {}; }

    std::optional<Question> next() override {
        if (std::exchange(is_asked_, true)) {
            return std::nullopt;
        }
        auto argv = condor_status(pool_);
        argv.insert(argv.end(), {"-schedd", "-json", "-attributes",
                                 "Name,CurbMatchmaking,RecentDaemonCoreDutyCycle,TotalRunningJobs,"
                                 "MaxJobsRunning,TransferQueueNumUploading,"
                                 "TransferQueueMaxUploading,TransferQueueNumWaitingToUpload"});
        return Question{argv};
    }

    void take(Answer answer) override {
        check_condor("condor_status", answer);
        AdFile file(answer.output.get(), "condor_status", classad::Format::Json);
        file.read(
            [this](const FileAd& found) {
                const AdValues schedd(found.ad, now_);
                if (const auto name = schedd.text("Name")) {
                    states_->add(*name, reason(schedd));
                }
            },
            [](const base::Error& error) { throw base::Error(error); });
        if (states_->names().empty()) {
            base::fail(base::Kind::NotFound, "{}: the collector knows no schedd", name());
        }
    }

    void each_record(const VisitRecord& /*visit*/) override {}

  private:
    std::optional<std::string> pool_;
    base::Time now_;
    std::shared_ptr<ScheddStates> states_;
    bool is_asked_ = false;
};

}  // namespace

std::optional<std::string> ScheddStates::why_busy(const std::string& schedd) const {
    const auto found = schedds_.find(schedd);
    return found == schedds_.end() ? std::nullopt : found->second;
}

std::vector<std::string> ScheddStates::names() const {
    std::vector<std::string> result;
    for (const auto& [name, busy] : schedds_) {
        result.push_back(name);
    }
    return result;
}

void ScheddStates::add(const std::string& schedd, std::optional<std::string> why_busy) {
    schedds_[schedd] = std::move(why_busy);
}

std::unique_ptr<Query> make_schedds_query(const std::optional<std::string>& pool, base::Time now,
                                          std::shared_ptr<ScheddStates> states) {
    return std::make_unique<ScheddsQuery>(pool, now, std::move(states));
}

}  // namespace tow::source
