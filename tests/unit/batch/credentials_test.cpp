#include "batch/credentials.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "fake_transport.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

using namespace std::chrono_literals;
using test::FakeTransport;
using test::Script;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

std::string base64url(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) {
            text += kDigits[(bits >> static_cast<unsigned>(count - 6)) & 63U];
        }
    }
    if (count > 0) {
        text += kDigits[(bits << static_cast<unsigned>(6 - count)) & 63U];
    }
    return text;
}

std::string token(std::string_view claims) {
    return base64url(R"({"alg":"HS256"})") + "." + base64url(claims) + ".c2VjcmV0";
}

std::string token_until(base::Time end) {
    return token(fmt::format(R"({{"exp":{}}})", end.time_since_epoch().count()));
}

std::string chain() {
    return base::read_file(std::string(TOW_TEST_DATA) + "/credentials/chain.pem", 1 << 20);
}

model::Entry entry_with(const record::Object& credentials,
                        std::optional<std::chrono::seconds> walltime) {
    model::Entry entry;
    entry.name = "CE";
    entry.pilot.walltime = walltime;
    entry.target.set("credentials", credentials);
    return entry;
}

// The message of the refusal.
std::string refusal(const model::Entry& entry, Script& script) {
    FakeTransport transport(script);
    try {
        fit_to_credentials(entry, transport, kNow);
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Permission);
        return error.what();
    }
    return "";
}

std::optional<std::chrono::seconds> fitted(const model::Entry& entry, Script& script) {
    FakeTransport transport(script);
    return fit_to_credentials(entry, transport, kNow).pilot.walltime;
}

}  // namespace

TEST_CASE("a token says when it ends, or nothing") {
    CHECK(token_expiry(token(R"({"exp":1795262400})")) == kNow);
    CHECK(token_expiry(token(R"({"exp":1795262400.75})") + "\n") == kNow);
    CHECK_FALSE(token_expiry(token(R"({"sub":"pilot","exp":null})")).has_value());
    CHECK(token_expiry(token(R"({"exp":-5})")) == base::Time{});  // long ago, not never
    CHECK(token_expiry(token(R"({"exp":1e300})")) ==
          base::Time{std::chrono::seconds{253'402'300'799}});
}

TEST_CASE("what is no token is refused, and not quoted") {
    for (const std::string& text :
         {std::string(), std::string("secret"), std::string("a.b"), std::string("a.b.c.d"),
          std::string("a.b+/.c"), token("[1]"), token("7"), token("{\"exp\":\"tomorrow\"}"),
          token("{\"exp\":1e400}"), token("{"), token("{\"exp\":1,\"exp\":9999999999}"),
          std::string(1 << 20, '.')}) {
        CAPTURE(text.substr(0, 100));
        try {
            token_expiry(text);
            FAIL("it is none");
        } catch (const base::Error& error) {
            CHECK(error.kind() == base::Kind::Data);
            CHECK(std::string(error.what()) == "is no JSON web token");
        }
    }
}

TEST_CASE("a proxy ends with the first of its certificates to end") {
    const auto pem = chain();
    const auto second = pem.rfind("-----BEGIN");
    CHECK(proxy_expiry(pem.substr(0, second)) == proxy_expiry(pem));
    CHECK(proxy_expiry(pem.substr(second)) > proxy_expiry(pem) + 24h * 365);
    CHECK(proxy_expiry(pem.substr(second) + "other words\n" + pem.substr(0, second)) ==
          proxy_expiry(pem));
    CHECK(base::format_time(proxy_expiry(pem)) == "2026-11-26T08:12:56Z");
}

TEST_CASE("what is no proxy is refused, whatever it looks like") {
    auto broken = chain();
    broken.insert(broken.find('\n') + 10, "!!");
    auto locked = chain();
    locked.insert(locked.find('\n') + 1,
                  "Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0011223344556677\n\n");
    for (const std::string& text : {std::string(), std::string("x\0y", 3), broken, locked,
                                    std::string("-----BEGIN CERTIFICATE-----\n")}) {
        CAPTURE(text);
        CHECK_THROWS_WITH(proxy_expiry(text), "holds no certificate");
    }
}

TEST_CASE("a pilot lives no longer than its credentials, less five minutes") {
    Script script;
    script.files = {{"/long", token_until(kNow + 48h)},
                    {"/short", token_until(kNow + 2h)},
                    {"/brief", token_until(kNow + 19min)},
                    {"/for ever", token("{}")}};
    CHECK(fitted(entry_with({}, 24h), script) == 24h);
    CHECK(fitted(entry_with({{"scitoken", "/long"}}, 24h), script) == 24h);
    CHECK(fitted(entry_with({{"scitoken", "/long"}}, std::nullopt), script) == 47h + 55min);
    CHECK(fitted(entry_with({{"idtoken", "/for ever"}}, 24h), script) == 24h);
    CHECK(fitted(entry_with({{"scitoken", "/long"}, {"idtoken", "/short"}}, 24h), script) ==
          1h + 55min);
    CHECK(fitted(entry_with({{"scitoken", "/short"}}, 1h + 55min), script) == 1h + 55min);
    CHECK(fitted(entry_with({{"scitoken", "/brief"}}, 10min), script) == 10min);
    CHECK_THAT(refusal(entry_with({{"scitoken", "/brief"}}, 24h), script),
               Catch::StartsWith("credential /brief: expires at 2026-11-21T12:19:00Z"));
    CHECK_THAT(refusal(entry_with({{"scitoken", "/short"}, {"when_short", "refuse"}}, 24h), script),
               Catch::StartsWith("credential /short: expires at"));
}

TEST_CASE("a credential that cannot be used is refused by its name, and not quoted") {
    Script script;
    script.files = {{"/old", token_until(kNow)}, {"/bad", "topsecret"}};
    CHECK(refusal(entry_with({{"scitoken", "/none"}}, 1h), script) ==
          "credential /none: No such file or directory");
    CHECK(refusal(entry_with({{"scitoken", "/old"}}, 1h), script) ==
          "credential /old: expired at 2026-11-21T12:00:00Z");
    CHECK(refusal(entry_with({{"idtoken", "/bad"}}, 1h), script) ==
          "credential /bad: is no JSON web token");
    CHECK(refusal(entry_with({{"proxy", "/bad"}}, 1h), script) ==
          "credential /bad: holds no certificate");
}

TEST_CASE("credentials of an entry: absolute paths, and what to do when they are short") {
    const auto read = [](const record::Object& credentials) {
        const record::Document document(
            record::to_json(record::Object{{"credentials", credentials}}));
        return read_credentials(model::Fields(document.root(), "target."));
    };
    CHECK(read({}).empty());
    CHECK(read({{"proxy", "/p"}}).may_shorten);
    CHECK_FALSE(read({{"proxy", "/p"}, {"when_short", "refuse"}}).may_shorten);
    CHECK_THROWS_WITH(read({{"proxy", "p"}}), Catch::Contains("target.credentials.proxy"));
    CHECK_THROWS_WITH(read({{"scitoken", ""}}), Catch::Contains("absolute path"));
    CHECK_THROWS_WITH(read({{"when_short", "hope"}}), Catch::Contains("shorten or refuse"));
    CHECK_THROWS_AS(read({{"idtoken", 7}}), base::Error);
}

}  // namespace tow::batch
