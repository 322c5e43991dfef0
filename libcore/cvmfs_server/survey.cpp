#include "cvmfs_server/survey.hpp"

#include "base/error.hpp"
#include "cvmfs_server/compare.hpp"
#include "cvmfs_server/inspection.hpp"
#include "cvmfs_server/proxy_probe.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>

namespace tow::cvmfs_server {

namespace {

using namespace std::chrono_literals;
using State = model::CheckState;

constexpr std::size_t kInfoLimit = std::size_t{8} << 20;

// One server as it was named, and what it lists.
struct Server {
    std::string url;
    std::string name;       // for people
    std::size_t place = 0;  // in the order they were named
    http::Response response;
    std::optional<ServerInfo> info;
};

class Surveyor {
  public:
    explicit Surveyor(const Options& options) : options_(options), client_(options.client) {}

    cvmfs::Findings run();

  private:
    struct Visit {
        const Server* server;
        std::unique_ptr<Inspection> inspection;
        std::vector<std::unique_ptr<ProxyProbe>> probes;
        cvmfs::Report report;
    };

    void ask(Server& server);
    void visit_all(const Server& server);
    void visit(const Server& server, const std::string& repository);
    void probe_proxies(Visit& visit);
    void judge_server(const Server& server, cvmfs::Findings& findings) const;
    void judge_repositories(cvmfs::Findings& findings);
    void judge_proxies(cvmfs::Findings& findings) const;
    cvmfs::Report new_report() const { return {options_.thresholds, options_.now}; }

    const Options& options_;
    http::Client client_;
    std::deque<Server> servers_;
    std::deque<Visit> visits_;
};

// What the server says of a repository, by its name or by where it is asked for.
std::optional<ServedRepository> listed(const std::optional<ServerInfo>& info,
                                       const std::string& name, const std::string& url) {
    if (info) {
        for (const auto& one : info->repositories) {
            if (one.name == name || (!one.path.empty() && url.ends_with(one.path))) {
                return one;
            }
        }
    }
    return std::nullopt;
}

// The host, unless that is the one of several servers: then the whole URL.
std::string name_among(const std::vector<std::string>& urls, const std::string& url) {
    auto name = server_name(url);
    const auto same =
        std::ranges::count_if(urls, [&](const auto& one) { return server_name(one) == name; });
    return same > 1 ? http::shown_url(url) : name;
}

void Surveyor::ask(Server& server) {
    http::Request request;
    const auto origin = http::origin_of(server.url);
    if (!origin) {
        base::fail(base::Kind::Usage, "{}: not a URL of http or https",
                   http::shown_url(server.url));
    }
    request.url = *origin + "/cvmfs/info/v1/repositories.json";
    request.timeout = options_.patience;
    request.connect_timeout = std::min<std::chrono::milliseconds>(4s, options_.patience);
    request.body_limit = kInfoLimit;
    client_.start(request, [this, &server](http::Response response) {
        server.response = std::move(response);
        if (server.response.ok()) {
            server.info = parse_server_info(server.response.body);
        }
        visit_all(server);
    });
}

void Surveyor::visit_all(const Server& server) {
    if (!options_.repositories.empty()) {
        for (const auto& name : options_.repositories) {
            visit(server, name);
        }
    } else if (server.info) {
        for (const auto& one : server.info->repositories) {
            visit(server, one.name);
        }
    }
}

void Surveyor::visit(const Server& server, const std::string& repository) {
    Place place;
    place.url = repository_url(server.url, repository);
    place.subject = {repository, server.name, std::nullopt};
    place.listed = listed(server.info, repository, place.url);
    const bool names_no_path =
        server.url.find('/', server.url.find("://") + 3) == std::string::npos;
    if (place.listed && names_no_path && place.listed->path.starts_with('/')) {
        place.url = *http::origin_of(server.url) + place.listed->path;  // it may have an alias
    }
    auto& visit = visits_.emplace_back(Visit{&server, nullptr, {}, new_report()});
    visit.inspection = std::make_unique<Inspection>(client_, options_, std::move(place),
                                                    [this, &visit] { probe_proxies(visit); });
    visit.inspection->begin();
}

void Surveyor::probe_proxies(Visit& visit) {
    const auto& replica = visit.inspection->replica();
    if (!replica.manifest) {
        return;  // nothing to compare with
    }
    for (const auto& proxy : options_.proxies) {
        visit.probes.push_back(std::make_unique<ProxyProbe>(client_, replica, proxy));
        visit.probes.back()->begin();
    }
}

cvmfs::Findings Surveyor::run() {
    for (const auto& url : options_.servers) {
        ask(servers_.emplace_back(
            Server{url, name_among(options_.servers, url), servers_.size(), {}, {}}));
    }
    client_.run();
    cvmfs::Findings findings;
    for (auto& visit : visits_) {
        visit.report = visit.inspection->judge();
        for (const auto& probe : visit.probes) {
            probe->judge(visit.report);
        }
    }
    judge_repositories(findings);
    for (const auto& server : servers_) {
        judge_server(server, findings);
    }
    judge_proxies(findings);
    return findings;
}

void Surveyor::judge_repositories(cvmfs::Findings& findings) {
    std::map<std::string, std::vector<Visit*>> by_repository;
    for (auto& visit : visits_) {
        by_repository[visit.inspection->replica().subject.repository].push_back(&visit);
    }
    for (auto& [name, visits] : by_repository) {
        // As the servers were named, not as they answered.
        std::ranges::stable_sort(visits, {}, [](const Visit* one) { return one->server->place; });
        std::vector<Compared> compared;
        for (auto* visit : visits) {
            compared.push_back({&visit->inspection->replica(), &visit->report});
        }
        compare(compared);
        std::int64_t healthy = 0;
        for (auto* visit : visits) {
            const auto& checks = visit->report.checks();
            healthy += visit->report.worst() == State::Critical ? 0 : 1;
            findings.verdicts.push_back(cvmfs::verdict(checks, visit->inspection->replica().subject,
                                                       "repository", visit->inspection->summary()));
            findings.checks.insert(findings.checks.end(), checks.begin(), checks.end());
        }
        if (visits.size() > 1) {
            auto report = new_report();
            auto& check = report.measure({name, {}, {}}, "replicas", "healthy_replicas",
                                         static_cast<double>(healthy), "too_few_replicas");
            check.message =
                fmt::format("{} of {} servers have no critical check", healthy, visits.size());
            (check.state == State::Ok ? findings.checks : findings.verdicts).push_back(check);
        }
    }
}

void Surveyor::judge_server(const Server& server, cvmfs::Findings& findings) const {
    auto report = new_report();
    const cvmfs::Subject subject{server.name, server.name, std::nullopt};
    if (!server.info && options_.repositories.empty()) {
        const auto fault = fault_of(server.response, "server_info");
        report.bad(subject, "server_info", State::Critical,
                   fault ? fault->reason : "server_info_malformed",
                   fault ? fault->message : "the list of its repositories is no JSON");
    } else if (server.response.ok() && !server.info) {
        report.bad(subject, "server_info", State::Warning, "server_info_malformed",
                   "the list of its repositories is no JSON");
    }
    if (server.info && server.info->geodb_updated) {
        const auto since = *server.info->geodb_updated;
        auto& check =
            report.measure(subject, "geodb_age", "geodb_age",
                           static_cast<double>((options_.now - since).count()), "geodb_age");
        check.message = fmt::format("the database of locations was updated {} ago",
                                    cvmfs::age_text(*check.value));
        if (check.state != State::Ok) {
            check.since = since;
        }
    }
    for (const auto& check : report.checks()) {
        (check.state == State::Ok ? findings.checks : findings.verdicts).push_back(check);
    }
}

// If there are proxies, but none serves anything that the servers do.
void Surveyor::judge_proxies(cvmfs::Findings& findings) const {
    const auto serves = [](const model::Check& check) {
        return check.check == "cvmfs.proxy" && check.state != State::Critical;
    };
    const bool was_probed = std::ranges::any_of(
        findings.checks, [](const model::Check& check) { return check.check == "cvmfs.proxy"; });
    if (!was_probed || std::ranges::any_of(findings.checks, serves)) {
        return;
    }
    auto report = new_report();
    findings.verdicts.push_back(
        report.bad({"proxies", {}, {}}, "proxies", State::Critical, "proxy_direct_only",
                   fmt::format("none of {} proxies serves; clients {}", options_.proxies.size(),
                               options_.may_go_direct ? "go DIRECT" : "fetch nothing")));
}

}  // namespace

cvmfs::Findings survey(const Options& options) {
    if (options.servers.empty()) {
        base::fail(base::Kind::Usage, "server: no URL");
    }
    return Surveyor(options).run();
}

}  // namespace tow::cvmfs_server
