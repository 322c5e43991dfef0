#include "source/condor_q.hpp"

#include "base/error.hpp"
#include "base/process.hpp"

namespace tow::source {

namespace {

// Requirements may mention attributes whose values mention more; nobody nests deeper by design.
constexpr int kMostRounds = 4;

[[noreturn]] void fail(const std::vector<std::string>& command, const base::ExitStatus& status,
                       const std::string& complaint) {
    const bool refused = complaint.find("AUTHENTICATE") != std::string::npos ||
                         complaint.find("uthorization") != std::string::npos ||
                         complaint.find("DENIED") != std::string::npos;
    base::fail(refused ? base::Kind::Permission : base::Kind::Unavailable, "{}: {}: {}",
               base::shell_quoted({command.begin(), command.begin() + 1}), status.describe(),
               complaint.empty() ? "it gave no reason" : complaint);
}

}  // namespace

std::string source_name(const CondorQueue& queue) {
    return queue.schedd ? "condor:" + *queue.schedd : "condor";
}

std::vector<std::string> condor_q_command(const CondorQueue& queue,
                                          const AttributeTable& attributes) {
    std::vector<std::string> command{"condor_q", "-allusers"};
    if (queue.pool) {
        command.insert(command.end(), {"-pool", *queue.pool});
    }
    if (queue.schedd) {
        command.insert(command.end(), {"-name", *queue.schedd});
    }
    if (queue.constraint) {
        command.insert(command.end(), {"-constraint", *queue.constraint});
    }
    std::string names;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        if (attributes.name(i).front() != ' ') {  // those exist only here
            names += (names.empty() ? "" : ",") + attributes.name(i);
        }
    }
    command.insert(command.end(), {"-json", "-attributes", names});
    return command;
}

void query_jobs(const CondorQueue& queue, const GroupOptions& options,
                const std::function<void(const std::string&)>& trace, const VisitGroup& visit) {
    AttributeTable attributes;
    for (int round = 0; round < kMostRounds; ++round) {
        JobGrouper grouper(attributes, options);
        const auto asked = attributes.size();
        const auto command = condor_q_command(queue, attributes);
        trace(base::shell_quoted(command));
        base::Child child(command);
        AdStream stream(child.output(), "condor_q", AdFormat::Json, attributes);
        while (stream.next()) {
            grouper.add(stream);
        }
        // Only the exit status tells an empty queue from a failed query: both print nothing.
        if (const auto status = child.wait(); !status.ok()) {
            fail(command, status, child.complaint());
        }
        if (attributes.size() == asked) {
            grouper.for_each_group(source_name(queue), visit);
            return;
        }
    }
    base::fail(base::Kind::Data, "{}: Requirements lead to ever more attributes",
               source_name(queue));
}

}  // namespace tow::source
