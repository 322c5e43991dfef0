#include "logstore/log_store.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "logstore/pack_file.hpp"
#include "logstore/query_sql.hpp"
#include "record/json.hpp"

#include <array>
#include <filesystem>
#include <unistd.h>
#include <unordered_map>

namespace tow::logstore {

namespace {

namespace fs = std::filesystem;

// Steps are only ever added, never changed. Times are seconds since 1970; at is the end of a pilot,
// or its last sign of life.
constexpr std::array<std::string_view, 2> kSchema{R"sql(
CREATE TABLE pack (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL UNIQUE,
    size   INTEGER NOT NULL
) STRICT;
CREATE TABLE content (
    number   INTEGER PRIMARY KEY,
    hash     TEXT NOT NULL UNIQUE,
    pack     INTEGER NOT NULL,
    begin    INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    raw_size INTEGER NOT NULL
) STRICT;
CREATE INDEX content_pack ON content (pack);
CREATE TABLE pilot (
    number      INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    pilot       TEXT,
    backend_id  TEXT,
    entry       TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    cause       TEXT NOT NULL,
    node        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    cores       INTEGER,
    wall        INTEGER,
    wasted      INTEGER,
    jobs        INTEGER,
    reason      TEXT,
    record      TEXT NOT NULL
) STRICT;
CREATE INDEX pilot_at ON pilot (at);
CREATE INDEX pilot_entry ON pilot (entry, at);
CREATE INDEX pilot_outcome ON pilot (outcome, at);
CREATE INDEX pilot_cause ON pilot (cause, at);
CREATE INDEX pilot_node ON pilot (node, at);
CREATE INDEX pilot_pilot ON pilot (pilot);
CREATE INDEX pilot_backend ON pilot (backend_id);
CREATE TABLE file (
    pilot   INTEGER NOT NULL,
    name    TEXT NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (pilot, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_content ON file (content);
CREATE TABLE origin (
    path       TEXT PRIMARY KEY,
    size       INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    pilot      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX origin_pilot ON origin (pilot);
)sql",
                                                  R"sql(
DROP INDEX pilot_at;  -- sums need not look at the pilots themselves, which are large
CREATE INDEX pilot_sums ON pilot (at, entry, outcome, cause, node, cores, wall, wasted, jobs);
CREATE TABLE event_log (
    log    TEXT PRIMARY KEY,
    before TEXT NOT NULL,
    offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql"};

constexpr std::chrono::hours kStray{24};

store::Database open(const std::string& folder, store::Access access) {
    const auto path = folder + "/index.sqlite";
    if (access == store::Access::ReadWrite) {
        base::make_directories(folder + "/packs");
    } else if (::access(path.c_str(), F_OK) != 0) {
        base::fail(base::Kind::NotFound, "{}: nothing has been collected", path);
    }
    store::Database database(path, access);
    database.migrate(kSchema);
    return database;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

std::int64_t seconds(base::Time time) noexcept {
    return time.time_since_epoch().count();
}

base::Time moment_of(const model::PilotLog& log, base::Time now) {
    return log.ended_at       ? *log.ended_at
           : log.started_at   ? *log.started_at
           : log.submitted_at ? *log.submitted_at
                              : now;
}

// Statements of one addition, made once.
class Inserts {
  public:
    explicit Inserts(const store::Database& database)
        : pilot_(database.prepare(
              "INSERT INTO pilot (key, pilot, backend_id, entry, outcome, cause, node, at, cores, "
              "wall, wasted, jobs, reason, record) VALUES "
              "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
              "ON CONFLICT (key) DO UPDATE SET pilot = ?2, backend_id = ?3, entry = ?4, "
              "outcome = ?5, cause = ?6, node = ?7, at = ?8, cores = ?9, wall = ?10, "
              "wasted = ?11, jobs = ?12, reason = ?13, record = ?14 RETURNING number")),
          forget_files_(database.prepare("DELETE FROM file WHERE pilot = ?1")),
          file_(database.prepare("INSERT OR REPLACE INTO file (pilot, name, content) "
                                 "SELECT ?1, ?2, number FROM content WHERE hash = ?3")),
          origin_(database.prepare("INSERT OR REPLACE INTO origin (path, size, changed_ns, pilot) "
                                   "VALUES (?1, ?2, ?3, ?4)")) {}

    void add(const Arrival& arrival, base::Time now) {
        const auto number = add_pilot(arrival, now);
        forget_files_.reset();
        forget_files_.bind(number).run();
        for (const auto& [name, packed] : arrival.files) {
            file_.reset();
            file_.bind(number).bind(name).bind(hex(packed.hash)).run();
        }
        for (const auto& origin : arrival.origins) {
            origin_.reset();
            origin_.bind(origin.path).bind(origin.size).bind(origin.changed_ns).bind(number).run();
        }
    }

  private:
    std::int64_t add_pilot(const Arrival& arrival, base::Time now) {
        const auto& log = arrival.log;
        pilot_.reset();
        pilot_.bind(arrival.key)
            .bind(log.pilot)
            .bind(log.backend_id)
            .bind(log.entry.value_or(""))
            .bind(model::outcome_name(log.outcome))
            .bind(log.cause.value_or(""))
            .bind(log.node.value_or(""))
            .bind(seconds(moment_of(log, now)))
            .bind(log.cores)
            .bind(log.wall_seconds)
            .bind(log.wasted_core_seconds)
            .bind(log.jobs_run)
            .bind(log.reason)
            .bind(record::to_json(to_record(log)));
        pilot_.step();
        const auto number = pilot_.integer(0);
        pilot_.run();
        return number;
    }

    store::Statement pilot_;
    store::Statement forget_files_;
    store::Statement file_;
    store::Statement origin_;
};

struct Place {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::uint64_t raw_size = 0;
};

using Places = std::unordered_map<std::string, Place>;  // by hash

void insert_pack(const store::Database& database, const PackWriter& pack, const Places& places) {
    database.prepare("INSERT INTO pack (name, size) VALUES (?1, ?2)")
        .bind(pack.name())
        .bind(static_cast<std::int64_t>(pack.size()))
        .run();
    auto content = database.prepare(
        "INSERT OR IGNORE INTO content (hash, pack, begin, size, raw_size) "
        "SELECT ?1, number, ?2, ?3, ?4 FROM pack WHERE name = ?5");
    for (const auto& [hash, place] : places) {
        content.reset();
        content.bind(hash)
            .bind(static_cast<std::int64_t>(place.begin))
            .bind(static_cast<std::int64_t>(place.size))
            .bind(static_cast<std::int64_t>(place.raw_size))
            .bind(pack.name())
            .run();
    }
}

}  // namespace

LogStore::LogStore(std::string folder, store::Access access)
    : folder_(std::move(folder)), database_(open(folder_, access)) {}

bool LogStore::has(const Origin& origin) const {
    return database_
        .prepare("SELECT 1 FROM origin WHERE path = ?1 AND size = ?2 AND changed_ns = ?3")
        .bind(origin.path)
        .bind(origin.size)
        .bind(origin.changed_ns)
        .step();
}

bool LogStore::has_pilot(const std::string& key) const {
    return database_.prepare("SELECT 1 FROM pilot WHERE key = ?1").bind(key).step();
}

// The pack is on the disk before anything points to it. Contents that another run has stored in the
// meantime are in both packs; the index points to one.
void LogStore::add(const std::vector<Arrival>& arrivals, base::Time now) {
    Places places;
    PackWriter pack(pack_folder());
    auto known = database_.prepare("SELECT 1 FROM content WHERE hash = ?1");
    for (const auto& arrival : arrivals) {
        for (const auto& [name, packed] : arrival.files) {
            const auto hash = hex(packed.hash);
            known.reset();
            if (!places.contains(hash) && !known.bind(hash).step()) {
                places[hash] = {pack.add(packed.data), packed.data.size(), packed.size};
            }
        }
    }
    known.reset();
    if (!places.empty()) {
        pack.keep();
    }
    store::Transaction transaction(database_);
    if (!places.empty()) {
        insert_pack(database_, pack, places);
    }
    Inserts inserts(database_);
    for (const auto& arrival : arrivals) {
        inserts.add(arrival, now);
    }
    transaction.commit();
}

std::optional<pilotlog::LogMark> LogStore::mark_of(const std::string& log) const {
    auto statement = database_.prepare("SELECT before, offset FROM event_log WHERE log = ?1");
    if (!statement.bind(log).step()) {
        return std::nullopt;
    }
    return pilotlog::LogMark{log, statement.text(0),
                             static_cast<std::uint64_t>(statement.integer(1))};
}

void LogStore::set_marks(const std::vector<pilotlog::LogMark>& marks) const {
    store::Transaction transaction(database_);
    for (const auto& mark : marks) {
        database_
            .prepare("INSERT OR REPLACE INTO event_log (log, before, offset) VALUES (?1, ?2, ?3)")
            .bind(mark.log)
            .bind(mark.before)
            .bind(static_cast<std::int64_t>(mark.offset))
            .run();
    }
    transaction.commit();
}

void LogStore::find(const Query& query,
                    const std::function<bool(const StoredPilot&)>& visit) const {
    const QuerySql sql(query);
    auto statement = database_.prepare("SELECT number, key, record FROM pilot" + sql.where() +
                                       " ORDER BY at DESC" + sql.limit());
    sql.bind(statement);
    while (statement.step()) {
        if (!visit({statement.integer(0), statement.text(1), statement.text(2)})) {
            return;
        }
    }
}

std::vector<LogStore::Sum> LogStore::sums(const Query& query, const std::string& by) const {
    const QuerySql sql(query);
    auto statement = database_.prepare(
        "SELECT " + group_sql(by) +
        ", count(*), sum(outcome IN ('ok', 'no_work')), sum(wall), sum(wall * cores), "
        "sum(wasted), sum(CASE WHEN wasted IS NOT NULL THEN wall * cores END), sum(jobs), max(at) "
        "FROM pilot" +
        sql.where() + " GROUP BY 1 ORDER BY 1");
    sql.bind(statement);
    std::vector<Sum> sums;
    while (statement.step()) {
        sums.push_back({statement.text(0), statement.integer(1), statement.integer(2),
                        statement.integer(3), statement.integer(4), statement.integer(5),
                        statement.integer(6), statement.integer(7),
                        base::Time{std::chrono::seconds{statement.integer(8)}}});
    }
    return sums;
}

std::vector<LogStore::Cause> LogStore::causes(const Query& query, const std::string& by) const {
    const QuerySql sql(query);
    auto statement = database_.prepare(
        "SELECT name, cause, count, (SELECT reason FROM pilot WHERE number = last) FROM (SELECT " +
        group_sql(by) + " AS name, cause, count(*) AS count, max(number) AS last FROM pilot" +
        sql.where_and("cause <> ''") + " GROUP BY 1, 2) ORDER BY 1, 3 DESC, 2");
    sql.bind(statement);
    std::vector<Cause> causes;
    while (statement.step()) {
        causes.push_back(
            {statement.text(0), statement.text(1), statement.integer(2), statement.text(3)});
    }
    return causes;
}

std::vector<LogStore::Outcomes> LogStore::outcomes(const Query& query) const {
    const QuerySql sql(query);
    auto statement = database_.prepare("SELECT +entry, outcome, count(*) FROM pilot" + sql.where() +
                                       " GROUP BY 1, 2 ORDER BY 1, 2");
    sql.bind(statement);
    std::vector<Outcomes> rows;
    while (statement.step()) {
        rows.push_back({statement.text(0), statement.text(1), statement.integer(2)});
    }
    return rows;
}

std::vector<StoredFile> LogStore::files(std::int64_t pilot) const {
    auto statement = database_.prepare(
        "SELECT file.name, content.hash, content.raw_size FROM file JOIN content "
        "ON content.number = file.content WHERE file.pilot = ?1 ORDER BY file.name DESC");
    statement.bind(pilot);
    std::vector<StoredFile> files;
    while (statement.step()) {
        files.push_back({statement.text(0), statement.text(1),
                         static_cast<std::uint64_t>(statement.integer(2))});
    }
    return files;
}

LogStore::PackedContent LogStore::packed(const std::string& hash) const {
    auto statement = database_.prepare(
        "SELECT pack.name, content.begin, content.size, content.raw_size FROM content "
        "JOIN pack ON pack.number = content.pack WHERE content.hash = ?1");
    if (!statement.bind(hash).step()) {
        base::fail(base::Kind::NotFound, "no such content: {}", hash);
    }
    return {read_from_pack(pack_folder() + "/" + statement.text(0),
                           static_cast<std::uint64_t>(statement.integer(1)),
                           static_cast<std::uint64_t>(statement.integer(2))),
            static_cast<std::uint64_t>(statement.integer(3))};
}

void LogStore::read(const std::string& hash,
                    const std::function<bool(std::string_view)>& take) const {
    const auto content = packed(hash);
    unpack(content.data, content.size, take);
}

Sizes LogStore::sizes() const {
    auto statement = database_.prepare(
        "SELECT (SELECT count(*) FROM pilot), (SELECT coalesce(sum(size), 0) FROM pack), "
        "(SELECT coalesce(sum(raw_size), 0) FROM content)");
    statement.step();
    return {statement.integer(0), statement.integer(1), statement.integer(2)};
}

void LogStore::forget_unused_contents() const {
    database_.run("DELETE FROM file WHERE pilot NOT IN (SELECT number FROM pilot)");
    database_.run("DELETE FROM content WHERE number NOT IN (SELECT content FROM file)");
}

// Files go once the index that does not know them any more is on the disk.
std::int64_t LogStore::drop_empty_packs() const {
    std::vector<std::string> names;
    std::int64_t bytes = 0;
    {
        store::Transaction transaction(database_);
        auto empty = database_.prepare(
            "SELECT name, size FROM pack WHERE number NOT IN (SELECT pack FROM content)");
        while (empty.step()) {
            names.push_back(empty.text(0));
            bytes += empty.integer(1);
        }
        database_.run("DELETE FROM pack WHERE number NOT IN (SELECT pack FROM content)");
        transaction.commit();
    }
    for (const auto& name : names) {
        ::unlink((pack_folder() + "/" + name).c_str());
    }
    return bytes;
}

void LogStore::rewrite_sparse_packs() const {
    auto sparse = database_.prepare(
        "SELECT pack.number, pack.name FROM pack JOIN content ON content.pack = pack.number "
        "GROUP BY pack.number HAVING sum(content.size) * 2 < pack.size");
    std::vector<std::pair<std::int64_t, std::string>> packs;
    while (sparse.step()) {
        packs.emplace_back(sparse.integer(0), sparse.text(1));
    }
    for (const auto& [number, name] : packs) {
        PackWriter pack(pack_folder());
        Places places;
        auto contents =
            database_.prepare("SELECT hash, begin, size, raw_size FROM content WHERE pack = ?1");
        contents.bind(number);
        while (contents.step()) {
            const auto size = static_cast<std::uint64_t>(contents.integer(2));
            const auto begin = static_cast<std::uint64_t>(contents.integer(1));
            places[contents.text(0)] = {
                pack.add(read_from_pack(pack_folder() + "/" + name, begin, size)), size,
                static_cast<std::uint64_t>(contents.integer(3))};
        }
        pack.keep();
        store::Transaction transaction(database_);
        insert_pack(database_, pack, {});
        auto move = database_.prepare(
            "UPDATE content SET begin = ?1, pack = (SELECT number FROM pack WHERE name = ?2) "
            "WHERE hash = ?3");
        for (const auto& [hash, place] : places) {
            move.reset();
            move.bind(static_cast<std::int64_t>(place.begin)).bind(pack.name()).bind(hash).run();
        }
        transaction.commit();
    }
}

std::int64_t LogStore::forget_oldest() const {
    constexpr std::string_view kSome =
        "DELETE FROM pilot WHERE number IN (SELECT number FROM pilot ORDER BY at LIMIT 1000)";
    store::Transaction transaction(database_);
    database_.run(kSome);
    const auto count = database_.changes();
    forget_unused_contents();
    transaction.commit();
    return count;
}

Pruned LogStore::prune(std::optional<base::Time> before, std::optional<std::int64_t> most_bytes) {
    Pruned pruned;
    if (before) {
        store::Transaction transaction(database_);
        database_.prepare("DELETE FROM pilot WHERE at < ?1").bind(seconds(*before)).run();
        pruned.pilots = database_.changes();
        if (pruned.pilots > 0) {
            forget_unused_contents();
        }
        transaction.commit();
    }
    const auto bytes = sizes().bytes;
    drop_empty_packs();
    rewrite_sparse_packs();
    drop_empty_packs();
    while (most_bytes && sizes().bytes > *most_bytes) {
        const auto count = forget_oldest();
        if (count == 0) {
            break;
        }
        pruned.pilots += count;
        drop_empty_packs();
        rewrite_sparse_packs();
        drop_empty_packs();
    }
    pruned.bytes = bytes - sizes().bytes;
    return pruned;
}

void LogStore::remove_strays(base::Time now) const {
    std::error_code error;
    for (const auto& file : fs::directory_iterator(pack_folder(), error)) {
        const auto path = file.path().string();
        auto known = database_.prepare("SELECT 1 FROM pack WHERE name = ?1");
        if (known.bind(file.path().filename().string()).step()) {
            continue;
        }
        const auto changed = base::modification_time(base::open_for_reading(path).get());
        if (changed && now - *changed > kStray) {
            ::unlink(path.c_str());
        }
    }
}

}  // namespace tow::logstore
