#include "publish/publish.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "http/loopback.hpp"
#include "publish/collector_ads.hpp"
#include "publish/documents.hpp"
#include "publish/graphite.hpp"
#include "publish/remote_write.hpp"
#include "record/json.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>

#include <catch2/catch.hpp>
#include <snappy-c.h>

namespace tow::publish {

namespace {

using namespace std::chrono_literals;
using metrics::Kind;
using metrics::Registry;
using test::Loopback;
using test::Peer;

constexpr std::int64_t kNow = 1'700'000'000'000;

void fill(Registry& registry, double value = 5) {
    auto* pilots = registry.family("tow_pilots", Kind::Gauge, "h");
    registry.put(*pilots, {{"entry", "A.1"}, {"state", "running"}}, value);
    auto* cost = registry.family("tow_cost_total", Kind::Counter, "h");
    registry.put(*cost, {}, 0.5);
}

// What protobuf says, without a schema: each field with its number.
struct Field {
    std::uint64_t number = 0;
    std::string bytes;         // of type 2 and 1
    std::uint64_t varint = 0;  // of type 0
};

std::uint64_t take_varint(std::string_view& rest) {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        REQUIRE_FALSE(rest.empty());
        const auto byte = static_cast<unsigned char>(rest[0]);
        rest.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return number;
        }
    }
}

std::vector<Field> fields_of(std::string_view rest) {
    std::vector<Field> fields;
    while (!rest.empty()) {
        const auto tag = take_varint(rest);
        Field field;
        field.number = tag >> 3;
        if ((tag & 7) == 0) {
            field.varint = take_varint(rest);
        } else {
            const auto length = (tag & 7) == 1 ? 8 : take_varint(rest);
            REQUIRE(length <= rest.size());
            field.bytes = rest.substr(0, length);
            rest.remove_prefix(length);
        }
        fields.push_back(field);
    }
    return fields;
}

// The value by its labels, as a receiver of remote write sees it.
std::map<std::string, double> received(const Batch& batch) {
    std::map<std::string, double> result;
    for (const auto& part : batch) {
        std::size_t size = 0;
        REQUIRE(::snappy_uncompressed_length(part.body.data(), part.body.size(), &size) ==
                SNAPPY_OK);
        std::string request(size, '\0');
        REQUIRE(::snappy_uncompress(part.body.data(), part.body.size(), request.data(), &size) ==
                SNAPPY_OK);
        for (const auto& series : fields_of(request)) {
            std::string labels;
            for (const auto& field : fields_of(series.bytes)) {
                const auto parts = fields_of(field.bytes);
                if (field.number == 1) {
                    labels += parts.at(0).bytes + "=" + parts.at(1).bytes + ";";
                } else {
                    double value = 0;
                    std::memcpy(&value, parts.at(0).bytes.data(), sizeof(value));
                    CHECK(parts.at(1).varint == static_cast<std::uint64_t>(kNow));
                    result[labels] = value;
                }
            }
        }
    }
    return result;
}

Target target_to(const std::string& text) {
    auto target = parse_target(text);
    target.deadline = 2s;
    return target;
}

Outcome publish_once(const Target& target, const std::string& directory, double value = 5) {
    Registry registry;
    fill(registry, value);
    return publish({target}, registry, {directory, "host", kNow, {}}).at(0);
}

std::string body_of(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    return end == std::string::npos ? "" : request.substr(end + 4);
}

// A server that remembers what it was told, and answers as it is told.
class Monitor {
  public:
    explicit Monitor(std::string status, std::string answer = "{}")
        : status_(std::move(status)),
          answer_(std::move(answer)),
          server_([this](const std::string& request, Peer& peer) {
              const std::lock_guard guard(mutex_);
              requests_.push_back(request);
              peer.answer(status_, answer_);
              return true;
          }) {}

    std::string url() { return server_.url("/path"); }
    void answer(std::string status) {
        const std::lock_guard guard(mutex_);
        status_ = std::move(status);
    }
    std::vector<std::string> requests() {
        const std::lock_guard guard(mutex_);
        return requests_;
    }

  private:
    std::mutex mutex_;
    std::string status_;
    std::string answer_;
    std::vector<std::string> requests_;
    Loopback server_;
};

}  // namespace

TEST_CASE("remote write tells values, and the end of series that are no more") {
    Registry registry;
    fill(registry);
    const auto first = remote_write(registry, "host", kNow, {});
    const std::string common = "instance=host;job=aerotow;";
    const auto pilots = "__name__=tow_pilots;entry=A.1;" + common + "state=running;";
    CHECK(received(first.batch) ==
          std::map<std::string, double>{{pilots, 5}, {"__name__=tow_cost_total;" + common, 0.5}});
    CHECK(decode_live(encode_live(first.live)) == first.live);

    Registry empty;
    const auto second = remote_write(empty, "host", kNow, first.live);
    const auto ends = received(second.batch);
    CHECK(ends.size() == 2);
    CHECK(std::isnan(ends.at(pilots)));
    CHECK(second.live.empty());
    CHECK(remote_write(empty, "host", kNow, {}).batch.empty());
}

TEST_CASE("a damaged list of series is refused") {
    CHECK_THROWS_AS(decode_live("\x0a\x7f"), base::Error);
    CHECK_THROWS_AS(decode_live("\x12"), base::Error);
    CHECK_THROWS_AS(decode_live("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), base::Error);
}

TEST_CASE("a pickle is what Python's protocol 2 says") {
    Registry registry;
    registry.put(*registry.family("x", Kind::Gauge, "h"), {}, 1);
    Collisions collisions;
    const auto batch = graphite_pickle(registry, "p", kNow, collisions);
    REQUIRE(batch.size() == 1);
    const std::string wanted(
        "\0\0\0\x23\x80\x02](X\3\0\0\0p.x\x8a\x8\0\xf1\x53\x65\0\0\0\0G\x3f\xf0\0\0\0\0\0\0\x86\x86"
        "e.",
        39);
    CHECK(batch[0].body == wanted);
}

TEST_CASE("Graphite's paths: what two series would share only the first one gets") {
    Registry registry;
    auto* family = registry.family("x", Kind::Gauge, "h");
    registry.put(*family, {{"entry", "A.1"}, {"state", "r s"}}, 1);
    registry.put(*family, {{"entry", "A_1"}, {"state", "r_s"}}, 2);
    Collisions collisions;
    const auto batch = graphite_lines(registry, "p", kNow, collisions);
    REQUIRE(batch.size() == 1);
    CHECK(batch[0].body == "p.A_1.x.r_s 1 1700000000\n");
    CHECK(collisions == Collisions{"p.A_1.x.r_s"});
}

TEST_CASE("StatsD's gauges are set, not changed, below zero as well") {
    Registry registry;
    registry.put(*registry.family("x", Kind::Gauge, "h"), {}, -2);
    Collisions collisions;
    CHECK(statsd(registry, "p", collisions).at(0).body == "p.x:0|g\np.x:-2|g\n");
}

TEST_CASE("no label ends a line, a value or a field of InfluxDB") {
    Registry registry;
    registry.put(*registry.family("x", Kind::Gauge, "h"), {{"n", "a,b c=d\ne\\"}}, 1);
    CHECK(influx_lines(registry, kNow).at(0).body ==
          "x,n=a\\,b\\ c\\=d_e_ value=1 1700000000000\n");
}

TEST_CASE("ads: attributes know no case, texts are quoted") {
    Registry registry;
    auto* family = registry.family("tow_x", Kind::Gauge, "h");
    registry.put(*family, {{"entry", "a\"\n\\"}, {"s", "run"}}, 1);
    registry.put(*family, {{"entry", "a\"\n\\"}, {"s", "RUN"}}, 2);
    Collisions collisions;
    const auto text = collector_ads(registry, "h", kNow, collisions).at(0).body;
    CHECK(text.find("AerotowEntry = \"a\\\"_\\\\\"\n") != std::string::npos);
    CHECK(text.find("TowX_run = 1\n") != std::string::npos);
    CHECK(collisions.size() == 1);
}

TEST_CASE("a document has the same id when it is sent again, and another one at another time") {
    Registry registry;
    fill(registry);
    const auto first = opensearch_bulk(registry, "i", "h", kNow).at(0).body;
    CHECK(opensearch_bulk(registry, "i", "h", kNow).at(0).body == first);
    CHECK(first.substr(0, first.find('\n')) !=
          opensearch_bulk(registry, "i", "h", kNow + 1).at(0).body.substr(0, first.find('\n')));
    CHECK(std::ranges::count(first, '\n') == 4);
}

TEST_CASE("what _bulk says of single documents") {
    CHECK_FALSE(bulk_refusal(R"({"errors":false,"items":[{"index":{"status":201}}]})"));
    CHECK(bulk_refusal(R"({"items":[{"index":{"status":400,"error":"bad"}}]})") == "\"bad\"");
    CHECK_THROWS_AS(bulk_refusal(R"({"items":[{"index":{"status":429,"error":"later"}}]})"),
                    base::Error);
    CHECK_THROWS_AS(bulk_refusal("[]"), base::Error);
    CHECK_THROWS_AS(bulk_refusal("<html>"), base::Error);
}

TEST_CASE("APFmon: a label for each entry, whose name stays one part of the path") {
    Registry registry;
    registry.put(*registry.family("tow_pilots", Kind::Gauge, "h"),
                 {{"entry", "a/../b"}, {"state", "running"}}, 5);
    const auto batch = apfmon_labels(registry, "factory", "1");
    REQUIRE(batch.size() == 3);
    CHECK(batch[0].request == "PUT /factories/factory");
    CHECK(batch[1].request == "PUT /labels");
    CHECK(batch[2].request == "POST /labels/factory:a%2F%2E%2E%2Fb");
    CHECK(batch[2].body == R"({"status":"5 running","data":{"running":5.0}})");
}

TEST_CASE("a spool gives batches back in order, and loses the oldest if it is full") {
    const test::Scratch scratch;
    Spool spool(scratch / "spool");
    const Batch first{{"PUT /x", "1"}, {"", std::string("\0\n", 2)}};
    CHECK(spool.add(first, 1000) == 0);
    CHECK(spool.add({{"", "2"}}, 1000) == 0);
    REQUIRE(spool.names().size() == 2);
    CHECK(spool.read(spool.names()[0]) == first);
    const auto one = spool.bytes() / 2;
    CHECK(spool.add({{"", "3"}}, 2 * one) > 0);
    CHECK(spool.read(spool.names().back()) == Batch{{"", "3"}});
    CHECK(spool.add({{"", std::string(5000, 'x')}}, 1000) == 1);  // does not fit alone
    spool.clear();
    CHECK(spool.names().empty());
}

TEST_CASE("what is no batch is refused") {
    const auto text = encode_batch({{"a", "body"}});
    CHECK(decode_batch(text) == Batch{{"a", "body"}});
    for (std::size_t size = 0; size < text.size(); ++size) {
        if (size != std::string_view("aerotow spool 1\n").size()) {
            CHECK_THROWS_AS(decode_batch(text.substr(0, size)), base::Error);
        }
    }
    CHECK_THROWS_AS(decode_batch("aerotow spool 1\n\xff\xff\xff\xff\xff\xff\xff\xff"), base::Error);
}

TEST_CASE("what a monitor does not take is sent later, in order, and once") {
    const test::Scratch scratch;
    Monitor monitor("503 Busy");
    const auto target = target_to("influx:" + monitor.url());
    const auto failed = publish_once(target, scratch.path(), 1);
    CHECK_FALSE(failed.delivered);
    CHECK(failed.dropped == 0);
    CHECK(failed.waiting_bytes > 0);
    CHECK_FALSE(is_loss(failed));
    CHECK(monitor.requests().size() == 3);  // tries

    monitor.answer("204 No Content");
    CHECK(publish_once(target, scratch.path(), 2).delivered);
    const auto requests = monitor.requests();
    REQUIRE(requests.size() == 5);
    CHECK(body_of(requests[3]).find("value=1 ") != std::string::npos);
    CHECK(body_of(requests[4]).find("value=2 ") != std::string::npos);
    CHECK(requests[3].starts_with("POST /path?precision=ms "));
}

TEST_CASE("what a monitor refuses for what it is does not hold up what follows") {
    const test::Scratch scratch;
    Monitor monitor("400 Bad");
    const auto target = target_to("json:" + monitor.url());
    const auto refused = publish_once(target, scratch.path());
    CHECK(refused.dropped == 1);
    CHECK(refused.waiting_bytes == 0);
    CHECK(is_loss(refused));
    CHECK(monitor.requests().size() == 1);
}

TEST_CASE("where only the present counts, what was missed is not sent") {
    const test::Scratch scratch;
    Monitor monitor("500 Down");
    const auto target = target_to("pushgateway:" + monitor.url());
    publish_once(target, scratch.path(), 1);
    monitor.answer("200 OK");
    CHECK(publish_once(target, scratch.path(), 2).delivered);
    const auto requests = monitor.requests();
    REQUIRE(requests.size() == 4);
    CHECK(requests[3].starts_with("PUT /path/metrics/job/aerotow/instance/"));
    CHECK(body_of(requests[3]).find(" 2\n") != std::string::npos);
}

TEST_CASE("a silent monitor costs its deadline and no more, and the others nothing") {
    const test::Scratch scratch;
    Loopback silent([](const std::string&, Peer& peer) {
        peer.hang();
        return false;
    });
    Monitor good("200 OK");
    auto dead = target_to("json:" + silent.url());
    dead.deadline = 300ms;
    Registry registry;
    fill(registry);
    const auto begin = std::chrono::steady_clock::now();
    const auto outcomes = publish({dead, target_to("json:" + good.url())}, registry,
                                  {scratch.path(), "host", kNow, {}});
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    CHECK_FALSE(outcomes[0].delivered);
    CHECK(outcomes[1].delivered);
}

TEST_CASE("where nothing can be kept, what can be sent is sent") {
    Monitor monitor("200 OK");
    const auto outcome = publish_once(target_to("json:" + monitor.url()), "/proc/no/such");
    CHECK(outcome.error);
    CHECK(monitor.requests().size() == 1);
}

TEST_CASE("targets: secrets have files, and these are not for others") {
    const test::Scratch scratch;
    const auto file = scratch / "targets.yaml";
    base::write_file_atomically(
        file, "x: {to: 'json:http://h/', authorization_file: secret, deadline: 3s, spool: 1kB}\n");
    base::write_file_atomically(scratch / "secret", "Bearer abc\n");
    const auto mode = [&](auto bits) {
        std::filesystem::permissions(scratch / "secret", std::filesystem::perms(bits));
    };
    mode(0600);
    const auto targets = read_targets({}, {file});
    CHECK(targets.at(0).authorization == "Bearer abc");
    CHECK(targets.at(0).deadline == 3s);
    CHECK(targets.at(0).spool_bytes == 1000);
    mode(0644);
    CHECK_THROWS_AS(read_targets({}, {file}), base::Error);
    for (const char* text : {"", "graphite", "graphite:", "graphite::1", "graphite:-x:1",
                             "influx:file:///etc", "json:http://u:p@h/", "collector:-pool"}) {
        CHECK_THROWS_AS(parse_target(text), base::Error);
    }
}

}  // namespace tow::publish
