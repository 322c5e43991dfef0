#include "http/client.hpp"

#include "http/loopback.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::http {

namespace {

using namespace std::chrono_literals;
using Catch::Contains;
using test::Loopback;
using test::Peer;

Response ask(Request request) {
    request.proxy = "";
    return Client().fetch(std::move(request));
}

Response get(const std::string& url) {
    return ask(Request{.url = url});
}

// Nothing listens here: the port was free a moment ago.
std::string dead_url() {
    return Loopback([](const std::string&, Peer&) { return false; }).url();
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an answer comes with status, headers, body and times") {
    const Loopback server([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "hello", "ETag: \"7\"\r\nX-Twice: 1\r\nx-twice: 2\r\n");
        return true;
    });
    const auto response = get(server.url("/a"));
    REQUIRE(response.ok());
    CHECK(response.status == 200);
    CHECK(response.body == "hello");
    CHECK(response.body_bytes == 5);
    CHECK(*response.header("X-TWICE") == "2");
    CHECK(response.header("absent") == nullptr);
    CHECK(response.validators().etag == "\"7\"");
    CHECK(response.tries == 1);
    CHECK(response.address == "127.0.0.1");
    CHECK(response.timings.total >= response.timings.connect);
    CHECK_NOTHROW(response.require_ok());
}

TEST_CASE("statuses are answers; who needs a good one gets the class of the failure") {
    const Loopback server([](const std::string& request, Peer& peer) {
        peer.answer(has(request, "/404")   ? "404 Not Found"
                    : has(request, "/403") ? "403 Forbidden"
                                           : "500 Oops",
                    "<html>");
        return true;
    });
    const auto kind = [&](const std::string& path) {
        const auto response = get(server.url(path));
        CHECK_FALSE(response.error);
        CHECK_FALSE(response.ok());
        try {
            response.require_ok();
        } catch (const base::Error& error) {
            return error.kind();
        }
        return base::Kind::Internal;
    };
    CHECK(kind("/404") == base::Kind::NotFound);
    CHECK(kind("/403") == base::Kind::Permission);
    CHECK(kind("/500") == base::Kind::Unavailable);
}

TEST_CASE("only http and https are asked, also by way of a redirect") {
    for (const auto* url : {"file:///etc/passwd", "ftp://host/x", "gopher://host/", "host/path", "",
                            "http://", "http://ho st/", "http://host/\r\nX: y"}) {
        INFO(url);
        const auto response = get(url);
        REQUIRE(response.error);
        CHECK(response.error->kind() == base::Kind::Usage);
        CHECK(response.tries == 0);
    }
    const Loopback server([](const std::string&, Peer& peer) {
        peer.answer("302 Found", "", "Location: file:///etc/hostname\r\n");
        return true;
    });
    const auto response = ask({.url = server.url(), .redirects = 5});
    REQUIRE(response.error);
    CHECK(response.error->kind() == base::Kind::Data);
    CHECK(response.body.empty());
}

TEST_CASE("redirects are followed only as often as is said, and counted") {
    const Loopback server([](const std::string& request, Peer& peer) {
        if (has(request, "/end")) {
            peer.answer("200 OK", "there");
        } else {
            peer.answer("302 Found", "elsewhere",
                        has(request, "/loop") ? "Location: /loop\r\n" : "Location: /end\r\n");
        }
        return true;
    });
    CHECK(get(server.url("/start")).status == 302);
    const auto followed = ask({.url = server.url("/start"), .redirects = 1});
    CHECK(followed.body == "there");
    CHECK(followed.redirects == 1);
    CHECK(followed.url == server.url("/end"));
    const auto lost = ask({.url = server.url("/loop"), .redirects = 3});
    REQUIRE(lost.error);
    CHECK(lost.error->kind() == base::Kind::Data);
}

TEST_CASE("a body past its limit is cut and is an error, announced or not") {
    const Loopback server([](const std::string& request, Peer& peer) {
        if (has(request, "/announced")) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4294967296\r\n\r\nx");
            peer.hang();
        } else if (has(request, "/headers")) {
            peer.send("HTTP/1.1 200 OK\r\n");
            while (peer.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
            }
        } else {
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            while (peer.send(std::string(10'000, 'x'))) {
            }
        }
        return false;
    });
    for (const auto* path : {"/endless", "/announced", "/headers"}) {
        INFO(path);
        const auto response = ask({.url = server.url(path), .body_limit = 100'000});
        REQUIRE(response.error);
        CHECK(response.error->kind() == base::Kind::Data);
        CHECK_THAT(response.error->what(), Contains("more than"));
        CHECK(response.body.size() <= 100'000);
    }
}

TEST_CASE("garbage, silence and a body that breaks off are told apart") {
    const Loopback server([](const std::string& request, Peer& peer) {
        if (has(request, "/garbage")) {
            peer.send(std::string("\0\xff\x1b[31m no", 9) + "HTTP\n\n");
        } else if (has(request, "/cut")) {
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
        } else if (has(request, "/hang")) {
            peer.hang();
        }
        return false;
    });
    const auto kind = [&](const std::string& path) {
        const auto response = ask({.url = server.url(path), .timeout = 300ms});
        REQUIRE(response.error);
        return response.error->kind();
    };
    CHECK(kind("/garbage") == base::Kind::Data);
    CHECK(kind("/cut") == base::Kind::Unavailable);
    CHECK(kind("/closed") == base::Kind::Unavailable);
    CHECK(kind("/hang") == base::Kind::Timeout);
    CHECK(get(dead_url()).error->kind() == base::Kind::Unavailable);
}

TEST_CASE("one deadline ends everything, and what had answered keeps its answer") {
    const Loopback good([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "good");
        return true;
    });
    const Loopback bad([](const std::string&, Peer& peer) {
        peer.hang();
        return false;
    });
    std::vector<Request> requests;
    for (int i = 0; i < 5; ++i) {
        requests.push_back({.url = good.url(), .proxy = ""});
        requests.push_back({.url = bad.url(), .proxy = ""});
    }
    const auto start = std::chrono::steady_clock::now();
    const auto responses = fetch_all(requests, {.deadline = 400ms, .per_host = 1});
    CHECK(std::chrono::steady_clock::now() - start < 2s);
    for (std::size_t i = 0; i < responses.size(); ++i) {
        INFO(i);
        if (i % 2 == 0) {
            CHECK(responses[i].body == "good");
        } else {
            REQUIRE(responses[i].error);
            CHECK(responses[i].error->kind() == base::Kind::Timeout);
        }
    }
}

TEST_CASE("a host that never answers is given up, others are not") {
    const Loopback good([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "good");
        return true;
    });
    const auto dead = dead_url();
    std::vector<Request> requests;
    for (int i = 0; i < 10; ++i) {
        requests.push_back({.url = dead, .proxy = ""});
        requests.push_back({.url = good.url(), .proxy = ""});
    }
    const auto responses = fetch_all(requests, {.per_host = 1, .give_up_after = 2});
    CHECK(responses[0].tries == 1);
    CHECK(responses[2].tries == 1);
    CHECK(responses[4].tries == 0);
    CHECK_THAT(responses[4].error->what(), Contains("not asked again after 2 failures"));
    CHECK(responses[19].body == "good");
}

TEST_CASE("one connection to a host carries all requests to it") {
    const Loopback server([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "x");
        return true;
    });
    const std::vector<Request> requests(20, Request{.url = server.url(), .proxy = ""});
    const auto responses = fetch_all(requests, {.per_host = 1});
    CHECK(server.connections() == 1);
    CHECK(server.requests().size() == 20);
    CHECK(responses.back().new_connections == 0);
}

TEST_CASE("what answers may start further requests") {
    const Loopback server([](const std::string& request, Peer& peer) {
        peer.answer("200 OK", request.substr(4, request.find(' ', 4) - 4));
        return true;
    });
    Client client({.per_host = 1});
    std::string last;
    client.start({.url = server.url("/1"), .proxy = ""}, [&](const Response& first) {
        client.start({.url = server.url(first.body + "/2"), .proxy = ""},
                     [&](const Response& second) { last = second.body; });
        client.start({.url = "file:///", .proxy = ""}, [&](const Response& third) {
            CHECK(third.error);
            client.start({.url = server.url("/4"), .proxy = ""}, [](const Response&) {});
        });
    });
    const auto start = std::chrono::steady_clock::now();
    client.run();
    CHECK(last == "/1/2");
    CHECK(server.requests().size() == 3);
    CHECK(std::chrono::steady_clock::now() - start < 500ms);
}

TEST_CASE("GET is tried again after a failure that may pass, POST never") {
    std::atomic<int> asked{0};
    const Loopback server([&](const std::string& request, Peer& peer) {
        if (has(request, "/gone")) {
            peer.answer("404 Not Found", "");
        } else if (++asked < 3) {
            peer.answer("503 Busy", "later");
        } else {
            peer.answer("200 OK", "now");
        }
        return true;
    });
    const auto response = ask({.url = server.url(), .retries = 3, .retry_delay = 10ms});
    CHECK(response.body == "now");
    CHECK(response.body_bytes == 3);
    CHECK(response.tries == 3);
    CHECK(ask({.url = server.url("/gone"), .retries = 3, .retry_delay = 10ms}).tries == 1);
    asked = 0;
    const auto post = ask(
        {.url = server.url(), .method = "POST", .body = "1", .retries = 3, .retry_delay = 10ms});
    CHECK(post.status == 503);
    CHECK(post.tries == 1);
    const auto hopeless = ask({.url = dead_url(), .retries = 2, .retry_delay = 10ms});
    CHECK(hopeless.tries == 3);
    asked = -1000;
    const auto late =
        ask({.url = server.url(), .timeout = 200ms, .retries = 9, .retry_delay = 90ms});
    CHECK(late.tries == 2);  // the third would come after its time
}

TEST_CASE("a version that is known is not sent again") {
    const Loopback server([](const std::string& request, Peer& peer) {
        if (has(request, "If-None-Match: \"v1\"") && has(request, "If-Modified-Since: Sat")) {
            peer.send("HTTP/1.1 304 Not Modified\r\n\r\n");
        } else {
            peer.answer("200 OK", "new", "ETag: \"v1\"\r\nLast-Modified: Sat, 01 Jan 2000\r\n");
        }
        return true;
    });
    const auto first = get(server.url());
    const auto second = ask({.url = server.url(), .known = first.validators()});
    CHECK(second.status == 304);
    CHECK_FALSE(second.ok());
    CHECK_FALSE(second.error);
    CHECK_NOTHROW(second.require_ok());
}

TEST_CASE("bodies and headers are sent, and no header is smuggled in") {
    const Loopback server([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "");
        return true;
    });
    const std::string body("a\0b", 3);
    ask({.url = server.url("/put"), .method = "PUT", .headers = {{"X-Key", "v"}}, .body = body});
    ask({.url = server.url("/post"), .method = "POST", .body = ""});
    ask({.url = server.url("/head"), .method = "HEAD"});
    const auto requests = server.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[0].starts_with("PUT /put HTTP/1.1"));
    CHECK(requests[0].ends_with("\r\n\r\n" + body));
    CHECK(has(requests[0], "X-Key: v\r\n"));
    CHECK(has(requests[0], "User-Agent: aerotow\r\n"));
    CHECK(requests[1].starts_with("POST /post"));
    CHECK(requests[2].starts_with("HEAD /head"));
    const auto refused = ask({.url = server.url(), .headers = {{"X", "1\r\nY: 2"}}});
    CHECK(refused.error->kind() == base::Kind::Usage);
}

TEST_CASE("a proxy is asked for the whole URL, each request its own") {
    const Loopback proxy([](const std::string&, Peer& peer) {
        peer.answer("200 OK", "from the proxy", "X-Cache: HIT\r\n");
        return true;
    });
    const auto dead = dead_url();
    const auto through = Client().fetch({.url = dead + "x", .proxy = proxy.url("")});
    CHECK(through.body == "from the proxy");
    CHECK(proxy.requests().at(0).starts_with("GET " + dead + "x HTTP/1.1"));
    CHECK(get(dead + "x").error->kind() == base::Kind::Unavailable);
    CHECK(Client().fetch({.url = dead, .proxy = "socks5://127.0.0.1:1"}).error->kind() ==
          base::Kind::Usage);
}

TEST_CASE("a sink takes a body of any length; what it throws arrives") {
    const Loopback server([](const std::string& request, Peer& peer) {
        peer.answer(has(request, "/404") ? "404 No" : "200 OK", std::string(1'000'000, 'x'));
        return true;
    });
    std::size_t bytes = 0;
    const auto count = [&](std::string_view piece) { bytes += piece.size(); };
    const auto response = ask({.url = server.url(), .sink = count});
    CHECK(bytes == 1'000'000);
    CHECK(response.body.empty());
    ask({.url = server.url("/404"), .sink = count});
    CHECK(bytes == 1'000'000);  // an error page is not what was asked for

    const auto refuse = [](std::string_view) { base::fail(base::Kind::Data, "no thanks"); };
    CHECK_THAT(ask({.url = server.url(), .sink = refuse}).error->what(), Contains("no thanks"));
    const auto break_down = [](std::string_view) { throw std::logic_error("a bug"); };
    CHECK_THROWS_WITH(ask({.url = server.url(), .sink = break_down}), "a bug");
}

TEST_CASE("no message shows user, password or query") {
    CHECK(shown_url("http://user:pw@host/p?token=secret#f") == "http://host/p?...");
    CHECK(shown_url("http://host/a@b") == "http://host/a@b");
    CHECK(shown_url("user:pw@host") == "host");
    CHECK(shown_url("http://user:p/w@host/") == "http://host/");
    CHECK(shown_url("http://h/\x1b[31m") == "http://h/\\x1b[31m");
    const auto dead = dead_url();
    std::vector<std::string> lines;
    const auto log = [&](const std::string& line) { lines.push_back(line); };
    const auto secret = "http://user:hunter2@" + dead.substr(7) + "?key=hunter2";
    const auto response =
        Client({.log = log}).fetch({.url = secret, .headers = {{"Authorization", "hunter2"}}});
    REQUIRE(lines.size() == 1);
    CHECK_FALSE(has(lines[0], "hunter2"));
    CHECK_FALSE(has(response.error->what(), "hunter2"));
}

TEST_CASE("hosts are told apart by scheme, name and port") {
    CHECK(origin_of("HTTP://Host/x") == "http://host:80");
    CHECK(origin_of("https://u@host:8443") == "https://host:8443");
    CHECK_FALSE(origin_of("host:80"));
    CHECK_FALSE(origin_of("file:///x"));
}

}  // namespace tow::http
