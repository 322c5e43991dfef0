#include "cvmfs_server/proxy_probe.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <chrono>

namespace tow::cvmfs_server {

namespace {

using namespace std::chrono_literals;
using State = model::CheckState;

bool says_hit(const http::Response& response) {
    const auto* cache = response.header("X-Cache");
    const auto* age = response.header("Age");
    return (cache != nullptr && base::lower(*cache).starts_with("hit")) ||
           (age != nullptr && *age != "0");
}

// Whether anything between here and the server has put its name into the answer.
bool shows_itself(const http::Response& response) {
    return response.header("Via") != nullptr || response.header("X-Cache") != nullptr;
}

// Why the proxy gave no good answer, although the server gave one to us.
Fault fault_of_proxy(const http::Response& response, const std::string& proxy) {
    const auto shown = http::shown_url(proxy);
    if (response.error) {
        return {response.status == 0 ? "proxy_unreachable" : "proxy_cut_off",
                response.error->what()};
    }
    if (response.status == 403 || response.status == 407) {
        return {"proxy_refuses",
                fmt::format("{} refuses us or the server ({})", shown, response.status)};
    }
    return {"proxy_error", fmt::format("{} answers with HTTP status {} where the server does not",
                                       shown, response.status)};
}

}  // namespace

ProxyProbe::ProxyProbe(http::Client& client, const Replica& replica, std::string proxy)
    : client_(client), replica_(replica), proxy_(std::move(proxy)) {}

http::Request ProxyProbe::request(const std::string& path) const {
    http::Request request;
    request.url = replica_.url + "/" + path;
    request.proxy = proxy_;
    request.timeout = 8s;
    request.connect_timeout = 3s;
    request.body_limit = kManifestLimit;
    return request;
}

void ProxyProbe::begin() {
    client_.start(request(".cvmfspublished"), [this](http::Response response) {
        manifest_ = std::move(response);
        if (!manifest_.ok() || !replica_.manifest->certificate) {
            return;
        }
        const auto object =
            request(replica_.manifest->path_of(*replica_.manifest->certificate, "X"));
        client_.start(object, [this, object](http::Response first) {
            first_ = std::move(first);
            client_.start(object, [this](http::Response second) { second_ = std::move(second); });
        });
    });
}

void ProxyProbe::judge(cvmfs::Report& report) const {
    auto subject = replica_.subject;
    subject.proxy = http::shown_url(proxy_);
    if (!manifest_.ok()) {
        const auto fault = fault_of_proxy(manifest_, proxy_);
        report.bad(subject, "proxy", State::Critical, fault.reason, fault.message);
        return;
    }
    judge_manifest(report, subject);
    judge_caching(report, subject);
}

void ProxyProbe::judge_manifest(cvmfs::Report& report, const cvmfs::Subject& subject) const {
    const auto reading = read_manifest(manifest_.body, subject.repository);
    if (!reading.manifest || reading.fault) {
        report.bad(subject, "proxy", State::Critical, "proxy_alters",
                   "through the proxy comes what is no manifest of this repository");
        return;
    }
    const auto& direct = *replica_.manifest;
    if (reading.manifest->revision >= direct.revision) {
        auto& check = report.ok(subject, "proxy", "serves what the server does");
        check.evidence.set("total_seconds",
                           static_cast<double>(manifest_.timings.total.count()) / 1000);
        return;
    }
    const auto since = direct.published.value_or(report.now());
    auto& check =
        report.measure(subject, "proxy", "proxy_behind",
                       static_cast<double>((report.now() - since).count()), "proxy_stale");
    check.message =
        fmt::format("the proxy serves revision {}, the server {} for {}",
                    reading.manifest->revision, direct.revision, cvmfs::age_text(*check.value));
    check.since = since;
}

void ProxyProbe::judge_caching(cvmfs::Report& report, const cvmfs::Subject& subject) const {
    if (!first_.ok() || !second_.ok()) {
        if (replica_.certificate && (first_.status != 0 || first_.error)) {
            const auto fault = fault_of_proxy(first_.ok() ? second_ : first_, proxy_);
            report.bad(subject, "proxy_cache", State::Critical, fault.reason, fault.message);
        }
        return;
    }
    if (says_hit(second_)) {
        report.ok(subject, "proxy_cache", "keeps what it has fetched");
    } else if (shows_itself(second_)) {
        report.bad(subject, "proxy_cache", State::Warning, "proxy_does_not_cache",
                   "fetches the same object again each time");
    } else {
        report.bad(subject, "proxy_cache", State::Unknown, "proxy_cache_unknown",
                   "does not say whether it keeps what it has fetched");
    }
}

}  // namespace tow::cvmfs_server
