#include "cvmfs_server/survey.hpp"

#include "config/yaml.hpp"
#include "cvmfs_server/sources.hpp"
#include "cvmfs_server/web_root.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <chrono>

#include <catch2/catch.hpp>

namespace tow::cvmfs_server {

namespace {

using namespace std::chrono_literals;
using model::CheckState;
using test::Loopback;
using test::Peer;
using test::ServedRoot;
using test::WebRoot;

constexpr auto kNow = "2026-11-21T19:30:00Z";
constexpr const char* kData = TOW_TEST_DATA "/cvmfs/";

Options options_for(std::vector<std::string> servers) {
    Options options;
    options.servers = std::move(servers);
    options.repositories = {"test.example.org"};
    options.keys = read_keys({std::string(kData) + "keys/test.example.org.pub"});
    options.now = *base::parse_rfc3339(kNow);
    options.client.per_host = 1;
    options.client.give_up_after = 2;
    options.client.deadline = 20s;
    return options;
}

std::vector<std::string> reasons(const cvmfs::Findings& findings) {
    std::vector<std::string> result;
    for (const auto& check : told(findings, false)) {
        if (check.state != CheckState::Ok) {
            result.push_back(check.reason.value_or("?"));
        }
    }
    return result;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

const model::Check& verdict_at(const cvmfs::Findings& findings, const std::string& url) {
    const auto found = std::ranges::find_if(findings.verdicts, [&](const model::Check& check) {
        return check.check == "cvmfs.repository" && check.server == server_name(url);
    });
    REQUIRE(found != findings.verdicts.end());
    return *found;
}

struct Expected {
    std::string name;
    std::string state;
    std::vector<std::string> reasons;
};

std::vector<Expected> expected() {
    std::vector<Expected> result;
    std::istringstream lines(test::content_of(std::string(kData) + "verdicts.tsv"));
    for (std::string line; std::getline(lines, line);) {
        const auto tab = line.find('\t');
        const auto next = line.find('\t', tab + 1);
        Expected one{line.substr(0, tab), line.substr(tab + 1, next - tab - 1), {}};
        std::istringstream words(line.substr(next + 1));
        for (std::string word; words >> word;) {
            if (word != "-") {
                one.reasons.push_back(word);
            }
        }
        result.push_back(one);
    }
    return result;
}

}  // namespace

TEST_CASE("every known defect has its verdict and its reason, and nothing else has one") {
    const auto all = expected();
    REQUIRE(all.size() >= 35);
    for (const auto& one : all) {
        INFO(one.name);
        const ServedRoot served(one.name);
        auto options = options_for({served.url()});
        options.depth = kAll;
        options.objects = one.name == "missing_chunk" ? kAll : 0;
        const auto findings = survey(options);
        const auto state = one.name == "missing_chunk" ? "critical" : one.state;
        CHECK(check_state_name(verdict_at(findings, served.url()).state) == state);
        const auto found = reasons(findings);
        for (const auto& reason : one.reasons) {
            INFO(reason);
            CHECK((reason == "revision_lag" || has(found, reason)));
        }
        CHECK((one.state != "ok" || one.name == "missing_chunk" || found.empty()));
    }
}

TEST_CASE("what is not looked at is not found") {
    for (const auto* name : {"missing_nested_catalog", "missing_chunk"}) {
        const ServedRoot served(name);
        CHECK(reasons(survey(options_for({served.url()}))).empty());
    }
}

TEST_CASE("a replica that lags is told apart, with the time since") {
    const ServedRoot good("good");
    const ServedRoot lagging("lagging_stratum1");
    const auto findings = survey(options_for({lagging.url(), good.url()}));
    CHECK(verdict_at(findings, good.url()).state == CheckState::Ok);
    CHECK(verdict_at(findings, lagging.url()).state == CheckState::Critical);
    const auto lag = std::ranges::find(findings.checks, "revision_lag", &model::Check::reason);
    REQUIRE(lag != findings.checks.end());
    CHECK(lag->state == CheckState::Critical);  // because it has stopped to follow
    CHECK(base::format_time(*lag->since) == "2026-11-21T18:00:00Z");
    CHECK(lag->value == 5400);
}

TEST_CASE("servers on one host are told apart") {
    const ServedRoot good("good");
    const auto findings = survey(options_for({good.url() + "/cvmfs", good.url() + "/elsewhere"}));
    std::vector<std::string> servers;
    for (const auto& verdict : findings.verdicts) {
        servers.push_back(verdict.server.value_or(""));
    }
    CHECK(has(servers, good.url() + "/cvmfs"));
    CHECK(has(servers, good.url() + "/elsewhere"));
}

TEST_CASE("thresholds decide, for all repositories or for one") {
    const ServedRoot served("lagging_stratum1");
    auto options = options_for({served.url()});
    options.thresholds = cvmfs::Thresholds(config::parse_yaml(
        "snapshot_age: {warning: 1h}\n"
        "repositories: {'test.*': {snapshot_age: {warning: 1d, critical: none}}}\n",
        "t.yaml"));
    const auto findings = survey(options);
    CHECK(verdict_at(findings, served.url()).state == CheckState::Warning);
}

TEST_CASE("a whitelist ends with the hour, whatever minute it names") {
    const ServedRoot served("good");
    auto options = options_for({served.url()});
    options.now = *base::parse_rfc3339("2045-12-30T12:00:00Z");
    CHECK(has(reasons(survey(options)), "whitelist_expires_soon"));
    options.now = *base::parse_rfc3339("2046-01-01T00:00:00Z");
    CHECK(has(reasons(survey(options)), "whitelist_expired"));
}

TEST_CASE("a manifest that was kept is asked for once, and a server that goes back is told") {
    const test::Scratch folder;
    const WebRoot good("good");
    const WebRoot old("lagging_stratum1");
    bool is_old = false;
    int unchanged = 0;
    const Loopback server([&](const std::string& request, Peer& peer) {
        if (request.find("/.cvmfspublished ") == std::string::npos) {
            return good.serve(request, peer);
        }
        const std::string etag = is_old ? "\"old\"" : "\"new\"";
        if (request.find("If-None-Match: " + etag) != std::string::npos) {
            ++unchanged;
            peer.answer("304 Not Modified", "");
        } else {
            const auto body = (is_old ? old : good).file("cvmfs/test.example.org/.cvmfspublished");
            peer.answer("200 OK", body.value(), "ETag: " + etag + "\r\n");
        }
        return true;
    });
    auto options = options_for({server.url("")});
    options.kept = folder / "kept";
    for (int run = 0; run < 3; ++run) {
        CHECK(verdict_at(survey(options), server.url("")).state == CheckState::Ok);
        CHECK(unchanged == run);
    }
    is_old = true;
    CHECK(has(reasons(survey(options)), "revision_rollback"));
    CHECK(has(reasons(survey(options)), "revision_rollback"));  // until it has caught up
    is_old = false;
    CHECK(verdict_at(survey(options), server.url("")).state == CheckState::Ok);
}

TEST_CASE("a reflog is looked into, and needs not be there") {
    const WebRoot good("good");
    std::optional<std::string> reflog;
    const Loopback server([&](const std::string& request, Peer& peer) {
        if (request.find("/.cvmfsreflog ") == std::string::npos) {
            return good.serve(request, peer);
        }
        peer.answer(reflog ? "200 OK" : "404 Not Found", reflog.value_or(""));
        return true;
    });
    const auto found = [&] { return reasons(survey(options_for({server.url("")}))); };
    CHECK(found().empty());
    const auto whole = good.file("cvmfs/test.example.org/.cvmfsreflog").value();
    reflog = whole;
    CHECK(found().empty());
    reflog = "";
    CHECK(has(found(), "reflog_malformed"));
    reflog = whole.substr(0, whole.size() / 2);
    CHECK(has(found(), "reflog_malformed"));
    reflog = whole;
    for (auto at = reflog->find("72aa67385a"); at != std::string::npos;
         at = reflog->find("72aa67385a")) {
        reflog->at(at) = '8';  // the root catalog
    }
    CHECK(has(found(), "reflog_incomplete"));
    reflog = whole;
    reflog->replace(reflog->find("fqrntest"), 8, "fqrnrest");
    CHECK(has(found(), "reflog_name"));
}

TEST_CASE("blacklists refuse certificates and revisions") {
    const ServedRoot served("good");
    auto options = options_for({served.url()});
    options.blacklist = read_blacklists({std::string(kData) + "keys/blacklist_cert"});
    CHECK(has(reasons(survey(options)), "certificate_blacklisted"));
    options.blacklist = read_blacklists({std::string(kData) + "keys/blacklist_revision"});
    CHECK(has(reasons(survey(options)), "revision_blacklisted"));
}

TEST_CASE("without a key, or with another one, nothing is called verified") {
    const ServedRoot served("good");
    auto options = options_for({served.url()});
    options.keys.clear();
    CHECK(verdict_at(survey(options), served.url()).state == CheckState::Unknown);
    options.keys = read_keys({std::string(kData) + "keys/other.example.org.pub"});
    CHECK(has(reasons(survey(options)), "whitelist_signature"));
}

TEST_CASE("repositories are those that a server lists, if none is named") {
    const ServedRoot served("good_stratum1");
    auto options = options_for({served.url()});
    options.repositories.clear();
    const auto findings = survey(options);
    CHECK(verdict_at(findings, served.url()).target == "test.example.org");
    const ServedRoot without("good_rmd160");
    options.servers = {without.url()};
    CHECK(has(reasons(survey(options)), "server_info_missing"));
}

TEST_CASE("a repository is asked for where the server says it is") {
    const WebRoot root("good_stratum1");
    const Loopback server([&](const std::string& request, Peer& peer) {
        auto renamed = request;
        if (const auto at = renamed.find("/cvmfs/alias/"); at != std::string::npos) {
            renamed.replace(at, 13, "/cvmfs/test.example.org/");
        } else if (renamed.find("/info/v1/") != std::string::npos) {
            peer.answer("200 OK", R"({"replicas": [{"name": "test.example.org", "alias": "alias",)"
                                  R"( "url": "/cvmfs/alias", "pass-through": true}]})");
            return true;
        } else {
            peer.answer("404 Not Found", "");
            return true;
        }
        return root.serve(renamed, peer);
    });
    const auto findings = survey(options_for({server.url("")}));
    CHECK(verdict_at(findings, server.url("")).state == CheckState::Ok);
}

TEST_CASE("30 repositories at 10 servers, three of which are sick: each has its verdict in time") {
    const WebRoot root("good_stratum1");
    // All of them serve the same one under 30 names: names do not fit, which is what comes out.
    const auto serve = [&](const std::string& request, Peer& peer) {
        auto renamed = request;
        const auto at = renamed.find("/cvmfs/repo");
        if (at != std::string::npos) {
            const auto end = renamed.find('/', at + 8);
            renamed.replace(at, end - at, "/cvmfs/test.example.org");
        }
        return root.serve(renamed, peer);
    };
    std::list<Loopback> servers;
    std::vector<std::string> urls;
    urls.reserve(10);
    for (int i = 0; i < 10; ++i) {
        urls.push_back(servers
                           .emplace_back([&serve, i](const std::string& request, Peer& peer) {
                               if (i == 2) {
                                   peer.hang();
                                   return false;
                               }
                               if (i == 5) {
                                   peer.send("\xff\xfe garbage\n\n");
                                   return false;
                               }
                               if (i == 8) {
                                   peer.send("HTTP/1.1 200 OK\r\nContent-Length: 598\r\n\r\nC72aa");
                                   return false;
                               }
                               return serve(request, peer);
                           })
                           .url(""));
    }
    auto options = options_for(urls);
    options.repositories.clear();
    for (int i = 0; i < 30; ++i) {
        options.repositories.push_back("repo" + std::to_string(i) + ".example.org");
    }
    options.patience = 500ms;
    const auto start = std::chrono::steady_clock::now();
    const auto findings = survey(options);
    CHECK(std::chrono::steady_clock::now() - start < 20s);
    int counted = 0;
    for (const auto& verdict : findings.verdicts) {
        if (verdict.check != "cvmfs.repository") {
            continue;
        }
        ++counted;
        const auto place =
            std::ranges::find_if(
                urls, [&](const auto& url) { return server_name(url) == *verdict.server; }) -
            urls.begin();
        INFO(place << ": " << verdict.message);
        CHECK(verdict.reason == (place == 2   ? "server_timeout"
                                 : place == 5 ? "server_not_http"
                                 : place == 8 ? "server_cut_off"
                                              : "manifest_name"));
    }
    CHECK(counted == 300);
    CHECK(servers.front().connections() == 1);  // polite: one connection for all of it
}

TEST_CASE("a proxy is judged by what it does: serve, cache, keep up, be there") {
    const ServedRoot origin("good_stratum1");
    const WebRoot current("good_stratum1");
    const WebRoot old("lagging_stratum1");
    const auto proxy = [&](const WebRoot& root, const std::string& headers) {
        return Loopback::Handler(
            [&root, headers, origin = origin.url()](const std::string& request, Peer& peer) {
                const auto at = request.find(origin);
                const auto path = request.substr(at + origin.size() + 1);
                const auto body = root.file(path.substr(0, path.find(' ')));
                peer.answer(body ? "200 OK" : "404 No", body.value_or(""), headers);
                return true;
            });
    };
    const Loopback good(proxy(current, "X-Cache: HIT from squid\r\nVia: 1.1 squid\r\n"));
    const Loopback forgetful(proxy(current, "X-Cache: MISS from squid\r\nVia: 1.1 squid\r\n"));
    const Loopback stale(proxy(old, "X-Cache: HIT from squid\r\nVia: 1.1 squid\r\n"));
    const Loopback refusing([](const std::string&, Peer& peer) {
        peer.answer("403 Forbidden", "", "X-Squid-Error: ERR_ACCESS_DENIED 0\r\n");
        return true;
    });
    const auto dead = Loopback([](const std::string&, Peer&) { return false; }).url("");
    auto options = options_for({origin.url()});
    options.proxies = {good.url(""), forgetful.url(""), stale.url(""), refusing.url(""), dead};
    const auto findings = survey(options);
    const auto reason = [&](const std::string& proxy_url) {
        for (const auto& check : findings.checks) {
            if (check.proxy == proxy_url && check.state != CheckState::Ok) {
                return check.reason.value_or("?");
            }
        }
        return std::string("ok");
    };
    CHECK(reason(good.url("")) == "ok");
    CHECK(reason(forgetful.url("")) == "proxy_does_not_cache");
    CHECK(reason(stale.url("")) == "proxy_stale");
    CHECK(reason(refusing.url("")) == "proxy_refuses");
    CHECK(reason(dead) == "proxy_unreachable");
    options.proxies = {dead};
    options.may_go_direct = true;
    CHECK(has(reasons(survey(options)), "proxy_direct_only"));
}

TEST_CASE("URLs are understood as people and clients write them") {
    const std::string name = "a.cern.ch";
    CHECK(repository_url("http://s", name) == "http://s/cvmfs/a.cern.ch");
    CHECK(repository_url("http://s:8000/", name) == "http://s:8000/cvmfs/a.cern.ch");
    CHECK(repository_url("http://s/cvmfs", name) == "http://s/cvmfs/a.cern.ch");
    CHECK(repository_url("http://s/cvmfs/@fqrn@", name) == "http://s/cvmfs/a.cern.ch");
    CHECK(repository_url("http://s/opt/@org@-@fqrn@", name) == "http://s/opt/a-a.cern.ch");
    CHECK(repository_url("http://s/cvmfs/a.cern.ch", name) == "http://s/cvmfs/a.cern.ch");
    CHECK_THROWS_AS(repository_url("file:///x", name), base::Error);
    CHECK(server_name("http://s:80/x") == "s");
    CHECK(server_name("https://s/x") == "s:443");
}

}  // namespace tow::cvmfs_server
