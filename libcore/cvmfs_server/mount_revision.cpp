#include "cvmfs_server/mount_revision.hpp"

#include "cvmfs_server/fetch.hpp"
#include "cvmfs_server/manifest.hpp"
#include "cvmfs_server/options.hpp"

namespace tow::cvmfs_server {

namespace {

using namespace std::chrono_literals;
using State = model::CheckState;

struct Question {
    cvmfs::Look* look = nullptr;
    cvmfs::Subject subject;
    http::Request request;
};

std::optional<Question> question_of(cvmfs::Look& look) {
    const auto& mount = look.facts;
    const auto host = mount.attribute("host");
    if (!host || !mount.number("revision") || !http::origin_of(*host)) {
        return std::nullopt;
    }
    Question question;
    question.look = &look;
    question.request.url = *host + "/.cvmfspublished";
    question.request.timeout = 8s;
    question.request.connect_timeout = 4s;
    question.request.body_limit = kManifestLimit;
    const auto proxy = mount.attribute("proxy").value_or("DIRECT");
    question.request.proxy = proxy == "DIRECT" ? "" : proxy;
    question.subject = {mount.repository, server_name(*host), std::nullopt};
    if (!question.request.proxy->empty()) {
        question.subject.proxy = http::shown_url(proxy);
    }
    return question;
}

void judge(cvmfs::Report& report, const Question& question, const http::Response& response) {
    if (const auto fault = fault_of(response, "manifest")) {
        report.bad(question.subject, "revision", State::Warning, fault->reason,
                   "the server in use does not answer: " + fault->message);
        return;
    }
    const auto reading = read_manifest(response.body, question.look->facts.repository);
    if (!reading.manifest || reading.fault) {
        report.bad(question.subject, "revision", State::Warning, reading.fault->reason,
                   reading.fault->message);
        return;
    }
    const auto& manifest = *reading.manifest;
    const auto mounted = static_cast<std::uint64_t>(*question.look->facts.number("revision"));
    if (mounted >= manifest.revision) {
        report.ok(question.subject, "revision", fmt::format("revision {}", mounted));
        return;
    }
    const auto since = manifest.published.value_or(report.now());
    auto& check =
        report.measure(question.subject, "revision", "mount_behind",
                       static_cast<double>((report.now() - since).count()), "mount_behind");
    check.message = fmt::format("shows revision {}, the server has {} for {}", mounted,
                                manifest.revision, cvmfs::age_text(*check.value));
    check.since = since;
}

}  // namespace

void judge_revisions(std::vector<cvmfs::Look>& looks, const http::ClientOptions& client) {
    std::vector<Question> questions;
    std::vector<http::Request> requests;
    for (auto& look : looks) {
        if (const auto question = question_of(look)) {
            questions.push_back(*question);
            requests.push_back(question->request);
        }
    }
    const auto responses = http::fetch_all(std::move(requests), client);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        judge(questions[i].look->report, questions[i], responses[i]);
    }
}

}  // namespace tow::cvmfs_server
