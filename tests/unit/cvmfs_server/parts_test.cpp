#include "base/error.hpp"
#include "cvmfs_server/catalog.hpp"
#include "cvmfs_server/manifest.hpp"
#include "cvmfs_server/object.hpp"
#include "cvmfs_server/pac.hpp"
#include "cvmfs_server/signature.hpp"
#include "cvmfs_server/sources.hpp"
#include "cvmfs_server/sqlite_file.hpp"
#include "cvmfs_server/status.hpp"
#include "cvmfs_server/web_root.hpp"
#include "cvmfs_server/whitelist.hpp"
#include "scratch.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <sqlite3.h>
#include <zlib.h>

namespace tow::cvmfs_server {

namespace {

using Catch::Contains;

constexpr const char* kRepository = "/cvmfs/test.example.org/";

std::string good(const std::string& path) {
    return test::content_of(std::string(TOW_TEST_DATA "/cvmfs/good") + kRepository + path);
}

std::string deflated(const std::string& text) {
    std::string out(::compressBound(text.size()), '\0');
    auto size = static_cast<uLongf>(out.size());
    ::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(text.data()), text.size(), 9);
    out.resize(size);
    return out;
}

void make_database(const std::string& path, const std::string& sql) {
    sqlite3* database = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    char* error = nullptr;
    ::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &error);
    INFO((error == nullptr ? "" : error));
    CHECK(error == nullptr);
    ::sqlite3_close(database);
}

}  // namespace

TEST_CASE("hashes name their algorithm, and nothing else is one") {
    const std::string forty(40, 'a');
    CHECK(parse_hash(std::string(32, '0'))->algorithm == Algorithm::Md5);
    CHECK(parse_hash(forty)->algorithm == Algorithm::Sha1);
    CHECK(parse_hash(forty + "-rmd160")->algorithm == Algorithm::Rmd160);
    CHECK(parse_hash(forty + "-shake128")->algorithm == Algorithm::Shake128);
    CHECK(parse_hash(forty + "-shake128")->object_path("C") ==
          "data/aa/" + std::string(38, 'a') + "-shake128C");
    for (const auto& wrong :
         {std::string(), forty + "-sha256", forty + "-", forty + "a", std::string(40, 'A'),
          std::string(32, '0') + "-rmd160", std::string(39, 'a') + "g", forty + "\n"}) {
        INFO(wrong);
        CHECK_FALSE(parse_hash(wrong));
    }
    CHECK(digest_of(Algorithm::Md5, "").text() == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(digest_of(Algorithm::Sha1, "abc").text() == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(digest_of(Algorithm::Rmd160, "abc").text() ==
          "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc-rmd160");
    CHECK(digest_of(Algorithm::Shake128, "abc").text() ==
          "5881092dd818bf5cf8a3ddb793fbcba74097d5c5-shake128");
}

TEST_CASE("a manifest is read as clients read it") {
    const auto reading = read_manifest(good(".cvmfspublished"), "test.example.org");
    REQUIRE(reading.manifest);
    CHECK_FALSE(reading.fault);
    CHECK(reading.manifest->revision == 4);
    CHECK(reading.manifest->root_catalog_bytes == 57344);
    CHECK(reading.manifest->letter.signature.size() == 256);
    CHECK(reading.manifest->collects_garbage);
    CHECK(reading.manifest->path_of(*reading.manifest->history, "H") ==
          "data/42/7c4efe833af97f772534d9f0677bc6b2536b85H");
    CHECK(read_manifest(good(".cvmfspublished"), "other.example.org").fault->reason ==
          "manifest_name");
}

TEST_CASE("manifests that are none, or are not whole, are told apart") {
    const auto reason = [](const std::string& text) {
        return read_manifest(text, "r").fault->reason;
    };
    const std::string root = "C" + std::string(40, 'a') + "\n";
    const std::string end = "--\n" + std::string(40, 'b') + "\nsignature";
    CHECK(reason("") == "manifest_empty");
    CHECK(reason("<html>") == "manifest_not_a_manifest");
    CHECK(reason("<html>\n" + end) == "manifest_not_a_manifest");
    CHECK(reason(root + "S4\n") == "manifest_truncated");
    CHECK(reason(root + "--\nabc") == "manifest_truncated");
    CHECK(reason(root + end) == "manifest_malformed");
    CHECK(reason(root + "R1\nD240\nS99999999999999999999999\n" + end) == "manifest_malformed");
    CHECK(reason(root + "R1\nD240\nS-1\n" + end) == "manifest_malformed");
    CHECK(reason(root + "R1\nD240\nS18446744073709551615\n" + end) == "manifest_hash");
}

TEST_CASE("unknown lines, repeated ones and alternative paths are taken as they come") {
    std::string body = "C" + std::string(40, 'a') +
                       "\nRd41d8cd98f00b204e9800998ecf8427e\nD240\nS7\n"
                       "Ayes\nZ1\nZ2\n?unknown\nT99999999999999\nNr\n";
    body += "--\n" + digest_of(Algorithm::Shake128, body).text() +
            std::string("\n\0sig\n--\nnature", 15);
    const auto reading = read_manifest(body, "r");
    CHECK_FALSE(reading.fault);
    REQUIRE(reading.manifest);
    CHECK_FALSE(reading.manifest->published);  // no such year
    CHECK(reading.manifest->path_of(reading.manifest->root_catalog, "C") ==
          ".cvmfsalt-" + std::string(40, 'a') + "C");
}

TEST_CASE("fingerprints are read with their comments") {
    CHECK(parse_fingerprint("B5:25:69:38:49:B9:25:23:52:D1:78:FE:47:21:ED:59:88:C2:06:53 # old")
              ->digits == "b525693849b9252352d178fe4721ed5988c20653");
    CHECK(parse_fingerprint(std::string(40, 'A') + "-SHAKE128")->algorithm == Algorithm::Shake128);
    CHECK_FALSE(parse_fingerprint("# a comment"));
    CHECK_FALSE(parse_fingerprint(""));
}

TEST_CASE("whitelists of longer names, without letters or with PKCS#7 are not taken for ours") {
    const std::string head = "20260101000000\nE20270101235959\n";
    const auto fault = [](const std::string& text) {
        return read_whitelist(text, "test.example.org").fault->reason;
    };
    CHECK(fault("") == "whitelist_empty");
    CHECK(fault("<html>\n") == "whitelist_malformed");
    CHECK(fault(head) == "whitelist_malformed");
    CHECK(fault(head + "Ntest.example.org.evil\n") == "whitelist_name");
    CHECK(fault(head + "Ntest.example.org\n") == "whitelist_truncated");
    CHECK(fault("20260101000000\nE20261301000000\nNtest.example.org\n") == "whitelist_malformed");
    CHECK(fault("2026010100000\r\nE20270101000000\r\nNtest.example.org\r\n") ==
          "whitelist_malformed");
    const auto pkcs7 = read_whitelist(head + "Ntest.example.org\nVpkcs7\n--\n", "test.example.org");
    REQUIRE(pkcs7.whitelist);
    CHECK(pkcs7.whitelist->is_pkcs7);
    CHECK(base::format_time(pkcs7.whitelist->expires) == "2027-01-01T23:00:00Z");
}

TEST_CASE("a signature holds to the byte, for its text, with its key") {
    const auto reading = read_manifest(good(".cvmfspublished"), "test.example.org");
    const auto& letter = reading.manifest->letter;
    const auto pem = inflated(good("data/10/3002fee5598dce40b57e71e34b5e2b54cf51ebX"), 65536);
    const auto certificate = Certificate::parse(pem);
    REQUIRE(certificate);
    const auto& key = certificate->key();
    CHECK(key.bits() == 2048);
    CHECK(key.verifies_sha1(letter.hash_line, letter.signature));
    CHECK_FALSE(key.verifies_sha1(letter.hash_line + "\n", letter.signature));
    CHECK_FALSE(key.verifies_sha1(letter.hash_line, letter.signature + "\n"));
    CHECK_FALSE(key.verifies_sha1(letter.hash_line, letter.signature.substr(1)));
    CHECK_FALSE(key.verifies_sha1(letter.hash_line, ""));
    CHECK_FALSE(key.verifies_raw(letter.hash_line, letter.signature));

    const auto whitelist = read_whitelist(good(".cvmfswhitelist"), "test.example.org").whitelist;
    const auto master = PublicKey::parse(
        test::content_of(TOW_TEST_DATA "/cvmfs/keys/test.example.org.pub"), "master");
    CHECK(master.verifies_raw(whitelist->letter->hash_line, whitelist->letter->signature));
    CHECK_FALSE(key.verifies_raw(whitelist->letter->hash_line, whitelist->letter->signature));
    CHECK_FALSE(Certificate::parse("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
    CHECK_THROWS_WITH(PublicKey::parse(pem, "a certificate"), Contains("not a public RSA key"));
}

TEST_CASE("what inflates without end stops at the limit, in constant memory") {
    const auto small = deflated(std::string(10'000, 'x'));
    CHECK(inflated(small, 10'000).size() == 10'000);
    CHECK_THROWS_WITH(inflated(small, 9'999), Contains("more than 9999"));
    CHECK_THROWS_WITH(inflated(small.substr(0, small.size() - 5), 10'000), Contains("breaks off"));
    CHECK_THROWS_WITH(inflated(small + "x", 10'000), Contains("behind the end"));
    CHECK_THROWS_WITH(inflated("no zlib at all", 10'000), Contains("not zlib"));
    CHECK_THROWS_AS(inflated("", 10'000), base::Error);

    // Ten gigabytes of zeros come to ten megabytes: the bomb is refused as soon as it goes off.
    std::uint64_t seen = 0;
    Inflater inflater(std::uint64_t{64} << 20,
                      [&](std::string_view piece) { seen += piece.size(); });
    const auto bomb = deflated(std::string(std::size_t{128} << 20, '\0'));
    CHECK_THROWS_AS(inflater.add(bomb), base::Error);
    CHECK(seen <= std::uint64_t{64} << 20);
}

TEST_CASE("catalogs are read and counted") {
    const test::Scratch folder;
    const auto path = folder / "catalog";
    const auto data = inflated(good("data/72/aa67385a1ce97ae54f440a0dd6892b24480cacC"), 1 << 20);
    std::ofstream(path, std::ios::binary) << data;
    std::vector<DataObject> objects;
    const auto catalog =
        read_catalog(path, Algorithm::Sha1, [&](const DataObject& one) { objects.push_back(one); });
    CHECK(catalog.revision == 4);
    CHECK(catalog.entries == 9);
    CHECK(catalog.nested.size() == 3);
    CHECK(objects.size() == 2);
    CHECK_FALSE(catalog.wrong_count());
    auto wrong = catalog;
    wrong.statistics["self_regular"] = 3;
    CHECK(wrong.wrong_count() == "self_regular is 3, but there are 2");
}

TEST_CASE("files that only look like catalogs are refused") {
    const test::Scratch folder;
    const auto refused = [&](const std::string& name, const std::string& sql) {
        INFO(name);
        make_database(folder / name, sql);
        CHECK_THROWS_AS(read_catalog(folder / name, Algorithm::Sha1, {}), base::Error);
    };
    const std::string rest =
        "CREATE TABLE properties(key, value); CREATE TABLE nested_catalogs(path, sha1, size);";
    refused("empty", "CREATE TABLE x(y);");
    refused("view", rest + "CREATE VIEW catalog AS SELECT 1 AS flags, 2 AS hash;");
    refused("virtual", rest + "CREATE VIRTUAL TABLE catalog USING fts5(flags, hash);");
    refused("columns", rest + "CREATE TABLE catalog(flags);");
    refused("generated", rest +
                             "CREATE TABLE catalog(flags, hash AS (zeroblob(1000000000)));"
                             "INSERT INTO catalog(flags) VALUES (4);");
    refused("hash", rest +
                        "CREATE TABLE catalog(flags, hash);"
                        "INSERT INTO nested_catalogs VALUES ('/a', '../../etc/passwd', 1);");
    std::ofstream(folder / "text") << "this is no database";
    CHECK_THROWS_AS(read_catalog(folder / "text", Algorithm::Sha1, {}), base::Error);
    make_database(folder / "damaged", rest + "CREATE TABLE catalog(flags, hash);");
    std::string bytes = test::content_of(folder / "damaged");
    std::fill(bytes.begin() + 4096, bytes.end(), '\x5a');
    std::ofstream(folder / "damaged", std::ios::binary) << bytes;
    CHECK_THROWS_AS(read_catalog(folder / "damaged", Algorithm::Sha1, {}), base::Error);
}

TEST_CASE("status files are read as far as they can be") {
    const auto status = parse_status(R"({"last_snapshot": "Sat Nov 21 18:20:00 UTC 2026",)"
                                     R"("last_gc": "yesterday", "check_status": "failed"})");
    REQUIRE(status);
    CHECK(base::format_time(*status->last_snapshot) == "2026-11-21T18:20:00Z");
    CHECK(status->unreadable == std::vector<std::string>{"last_gc"});
    CHECK(status->check_succeeded == false);
    CHECK_FALSE(parse_status("{\"last_snapshot\": \"Sat"));
    CHECK_FALSE(parse_status(""));
    CHECK_FALSE(parse_status("[1]"));
    CHECK(parse_status(R"({"last_snapshot": 7, "check_status": null})"));
    const auto info = parse_server_info(
        R"({"replicas": [{"name": "a", "url": "/cvmfs/a", "pass-through": true}, {}, 3]})");
    REQUIRE(info);
    REQUIRE(info->repositories.size() == 1);
    CHECK(info->repositories[0].is_pass_through);
}

TEST_CASE("a PAC file is run, and what is wrong with it stays in it") {
    using namespace std::chrono_literals;
    const std::string program =
        "function FindProxyForURL(url, host) {\n"
        "  var port = 3000 + 128;\n"
        "  if (shExpMatch(host, '*.example.org') && url.indexOf('http://s1') == 0)\n"
        "    return 'PROXY squid1:' + port + '; DIRECT';\n"
        "  return 'PROXY far:' + port;\n}\n";
    CHECK(pac_answer(program, "http://s1.example.org:8000/cvmfs/x", 5s) ==
          "PROXY squid1:3128; DIRECT");
    CHECK(pac_answer(program, "http://elsewhere/", 5s) == "PROXY far:3128");
    const auto kind = [](const std::string& body) {
        const auto text = "function FindProxyForURL(url, host) {" + body + "}";
        try {
            pac_answer(text, "http://s1.example.org", 500ms);
        } catch (const base::Error& error) {
            return error.kind();
        }
        return base::Kind::Internal;
    };
    CHECK(kind("while (true) {}") == base::Kind::Timeout);
    CHECK(kind("return undefinedThing.x;") == base::Kind::Data);
    CHECK(kind("return (") == base::Kind::Data);
    CHECK(kind("}{{{") == base::Kind::Data);
    CHECK(kind("var a = []; while (true) a.push(new Array(1000).join(a)); ") !=
          base::Kind::Internal);
    CHECK(kind(std::string("return 'DIRECT';\0", 17)) == base::Kind::Data);
}

TEST_CASE("the first PAC file that works says which proxies there are") {
    const test::Loopback server([](const std::string& request, test::Peer& peer) {
        const bool is_good = request.starts_with("GET /good");
        peer.answer("200 OK", is_good ? "function FindProxyForURL(u, h)"
                                        " { return 'PROXY ' + h + ':3128; DIRECT'; }"
                                      : "<html>");
        return true;
    });
    Options options;
    options.servers = {"http://a.example.org", "http://b.example.org"};
    add_proxies(options, {"auto;http://own:1"},
                {server.url("/bad") + ";" + server.url("/good") + ";" + server.url("/other")});
    CHECK(options.proxies == std::vector<std::string>{"http://own:1", "http://a.example.org:3128",
                                                      "http://b.example.org:3128"});
    CHECK(options.may_go_direct);
    CHECK_THROWS_AS(add_proxies(options, {}, {server.url("/bad")}), base::Error);
    CHECK_THROWS_AS(add_proxies(options, {}, {""}), base::Error);
}

}  // namespace tow::cvmfs_server
