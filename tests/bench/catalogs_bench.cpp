// How fast a tree of catalogs with a million entries is walked: inflated, hashed, read, counted.
// usage: bench_catalogs [ENTRIES [CATALOGS]]
// Makes them one after the other (not timed), takes each in as it comes from a server, and prints
// entries a second and the peak of memory.
#include "base/error.hpp"
#include "cvmfs_server/catalog.hpp"
#include "cvmfs_server/object.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <sqlite3.h>
#include <zlib.h>

namespace {

using tow::cvmfs_server::Algorithm;
using tow::cvmfs_server::DataObject;
using tow::cvmfs_server::digest_of;
using tow::cvmfs_server::InflatedObject;
using tow::cvmfs_server::read_catalog;
using tow::cvmfs_server::ScratchFile;

void run(sqlite3* database, const std::string& sql) {
    if (::sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s: %s\n", sql.c_str(), ::sqlite3_errmsg(database));
        std::exit(1);
    }
}

// A catalog with so many files, as the server tools of CVMFS lay it out; zlib.
std::string make_catalog(int number, int entries) {
    const ScratchFile file;
    sqlite3* database = nullptr;
    ::sqlite3_open(file.path().c_str(), &database);
    run(database,
        "PRAGMA journal_mode = off; PRAGMA synchronous = off;"
        "CREATE TABLE catalog (md5path_1 INTEGER, md5path_2 INTEGER, parent_1 INTEGER, parent_2 "
        "INTEGER, hardlinks INTEGER, hash BLOB, size INTEGER, mode INTEGER, mtime INTEGER, mtimens "
        "INTEGER, flags INTEGER, name TEXT, symlink TEXT, uid INTEGER, gid INTEGER, xattr BLOB, "
        "CONSTRAINT pk_catalog PRIMARY KEY (md5path_1, md5path_2));"
        "CREATE INDEX idx_catalog_parent ON catalog (parent_1, parent_2);"
        "CREATE TABLE chunks (md5path_1 INTEGER, md5path_2 INTEGER, offset INTEGER, size INTEGER, "
        "hash BLOB);"
        "CREATE TABLE nested_catalogs (path TEXT, sha1 TEXT, size INTEGER);"
        "CREATE TABLE properties (key TEXT, value TEXT);"
        "CREATE TABLE statistics (counter TEXT, value INTEGER);"
        "INSERT INTO properties VALUES ('revision', '1');");
    run(database,
        "INSERT INTO statistics VALUES ('self_regular', " + std::to_string(entries) + ")");
    run(database,
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " +
            std::to_string(entries - 1) + ") INSERT INTO catalog SELECT random(), random(), " +
            std::to_string(number) +
            ", i / 100, 1, randomblob(20), 1000 + i, 33188, 1700000000, NULL, 4, 'file_' || i || "
            "'.py', '', 0, 0, NULL FROM n");
    ::sqlite3_close(database);
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string data{std::istreambuf_iterator<char>(stream), {}};
    std::string stored(::compressBound(data.size()), '\0');
    auto size = static_cast<uLongf>(stored.size());
    ::compress2(reinterpret_cast<Bytef*>(stored.data()), &size,
                reinterpret_cast<const Bytef*>(data.data()), data.size(), 1);
    stored.resize(size);
    return stored;
}

long peak_kib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

// Of this process alone: other work on the machine does not count.
double cpu_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
    const int entries = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
    const int catalogs = argc > 2 ? std::atoi(argv[2]) : 20;
    std::int64_t seen = 0;
    std::int64_t objects = 0;
    double fetching = 0;
    double counting = 0;
    double picking = 0;
    for (int i = 0; i < catalogs; ++i) {
        const auto stored = make_catalog(i, entries / catalogs);
        const auto hash = digest_of(Algorithm::Sha1, stored);
        const auto start = cpu_seconds();
        ScratchFile file;
        InflatedObject object(hash, std::uint64_t{1} << 30);
        object.into(file);
        object.add(stored);
        if (!object.hash_fits() || object.damage()) {
            return 1;
        }
        const auto fetched = cpu_seconds();
        const auto catalog = read_catalog(file.path(), Algorithm::Sha1, {});
        const auto counted = cpu_seconds();
        read_catalog(file.path(), Algorithm::Sha1, [&](const DataObject&) { ++objects; });
        picking += cpu_seconds() - counted;
        counting += counted - fetched;
        fetching += fetched - start;
        seen += catalog.entries;
        if (catalog.wrong_count()) {
            return 1;
        }
    }
    const auto rate = [&](double seconds) { return static_cast<double>(seen) / seconds; };
    std::printf(
        "%lld entries in %d catalogs, seconds of processor time: inflate and hash %.2f, "
        "count %.2f (naming every object instead: %.2f)\n"
        "%.0f entries/s (%.0f with every object); peak of memory %ld MiB, with making them\n",
        static_cast<long long>(seen), catalogs, fetching, counting, picking,
        rate(fetching + counting), rate(fetching + picking), peak_kib() / 1024);
    return objects == seen ? 0 : 1;
}
