#include "store/database.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "scratch.hpp"

#include <array>
#include <filesystem>

#include <catch2/catch.hpp>

namespace tow::store {

namespace {

constexpr std::array<std::string_view, 2> kSteps{"CREATE TABLE a (x INTEGER, t TEXT) STRICT",
                                                 "CREATE TABLE b (y INTEGER) STRICT"};

base::Kind kind_of_failure(const auto& action) {
    try {
        action();
    } catch (const base::Error& error) {
        return error.kind();
    }
    FAIL("did not fail");
    return base::Kind::Internal;
}

}  // namespace

TEST_CASE("values go in bound and come out as they were, NULL apart from empty") {
    const test::Scratch scratch;
    Database database((scratch / "db"), Access::ReadWrite);
    database.migrate(kSteps);
    database.prepare("INSERT INTO a VALUES (?, ?)")
        .bind(std::int64_t{-5})
        .bind(std::string_view("'); DROP TABLE a; --"))
        .run();
    database.prepare("INSERT INTO a VALUES (?, ?)")
        .bind(std::optional<std::int64_t>{})
        .bind(std::string_view(""))
        .run();
    auto rows = database.prepare("SELECT x, t FROM a ORDER BY rowid");
    REQUIRE(rows.step());
    CHECK(rows.integer(0) == -5);
    CHECK(rows.text(1) == "'); DROP TABLE a; --");
    REQUIRE(rows.step());
    CHECK_FALSE(rows.known_integer(0).has_value());
    CHECK(rows.known_text(1) == "");
    CHECK_FALSE(rows.step());
}

TEST_CASE("reals keep every bit, and unknown ones are told from zero") {
    const test::Scratch scratch;
    const Database database((scratch / "db"), Access::ReadWrite);
    database.run("CREATE TABLE r (x REAL) STRICT");
    database.prepare("INSERT INTO r VALUES (?), (NULL)").bind(0.1).run();
    auto rows = database.prepare("SELECT x FROM r");
    REQUIRE(rows.step());
    CHECK(rows.known_real(0) == 0.1);
    REQUIRE(rows.step());
    CHECK_FALSE(rows.known_real(0).has_value());
    CHECK(rows.real(0) == 0);
}

TEST_CASE("a transaction that is not committed never happened") {
    const test::Scratch scratch;
    Database database((scratch / "db"), Access::ReadWrite);
    database.migrate(kSteps);
    {
        const Transaction transaction(database);
        database.run("INSERT INTO b VALUES (1)");
    }
    {
        Transaction transaction(database);
        database.run("INSERT INTO b VALUES (2)");
        transaction.commit();
    }
    auto rows = database.prepare("SELECT y FROM b");
    REQUIRE(rows.step());
    CHECK(rows.integer(0) == 2);
    CHECK_FALSE(rows.step());
}

TEST_CASE("a transaction inside another is undone alone, and done only with the outer one") {
    const test::Scratch scratch;
    Database database((scratch / "db"), Access::ReadWrite);
    database.migrate(kSteps);
    const auto insert = [&](const char* sql, bool commit) {
        Transaction inner(database);
        database.run(sql);
        if (commit) {
            inner.commit();
        }
    };
    for (const bool commit : {false, true}) {
        Transaction outer(database);
        insert("INSERT INTO b VALUES (1)", false);
        insert("INSERT INTO b VALUES (2)", true);
        CHECK(database.in_transaction());
        if (commit) {
            outer.commit();
        }
    }
    CHECK_FALSE(database.in_transaction());
    auto rows = database.prepare("SELECT group_concat(y) FROM b");
    REQUIRE(rows.step());
    CHECK(rows.text(0) == "2");
}

TEST_CASE("an old file that is only read stays old, and is seen as if it were new") {
    const test::Scratch scratch;
    {
        Database database((scratch / "db"), Access::ReadWrite);
        database.migrate(std::span(kSteps).first(1));
        database.run("INSERT INTO a VALUES (7, 'x')");
    }
    const auto before = base::read_file(scratch / "db", 1U << 20U);
    {
        Database reader((scratch / "db"), Access::ReadOnly);
        reader.migrate(kSteps);
        auto rows = reader.prepare("SELECT x FROM a LEFT JOIN b ON true");
        REQUIRE(rows.step());
        CHECK(rows.integer(0) == 7);
        CHECK(kind_of_failure([&] { reader.migrate(std::span(kSteps).first(1)); }) ==
              base::Kind::Config);
    }
    CHECK(base::read_file(scratch / "db", 1U << 20U) == before);
}

TEST_CASE("a file whose writer was killed is put back to its last commit, also by who only reads") {
    const test::Scratch scratch;
    const std::string copy = scratch / "copy";
    {
        Database database((scratch / "db"), Access::ReadWrite);
        database.migrate(kSteps);
        database.run("INSERT INTO b VALUES (1)");
        database.run("PRAGMA cache_size = 1");  // so that pages are written before the commit
        const Transaction unfinished(database);
        database.run("UPDATE b SET y = 2");
        for (int i = 0; i < 200; ++i) {
            database.prepare("INSERT INTO a VALUES (1, ?)").bind(std::string(4000, 'x')).run();
        }
        for (const auto* suffix : {"", "-journal"}) {  // what a kill would leave
            std::filesystem::copy_file((scratch / "db") + suffix, copy + suffix);
        }
    }
    const Database reader(copy, Access::ReadOnly);
    auto rows = reader.prepare("SELECT y, (SELECT count(*) FROM a) FROM b");
    REQUIRE(rows.step());
    CHECK(rows.integer(0) == 1);
    CHECK(rows.integer(1) == 0);
}

TEST_CASE("migration adds the steps that are missing and refuses a newer file") {
    const test::Scratch scratch;
    {
        Database database((scratch / "db"), Access::ReadWrite);
        database.migrate(std::span(kSteps).first(1));
        database.migrate(kSteps);
        database.migrate(kSteps);
        CHECK_NOTHROW(database.run("SELECT y FROM b"));
    }
    Database database((scratch / "db"), Access::ReadWrite);
    CHECK(kind_of_failure([&] { database.migrate(std::span(kSteps).first(1)); }) ==
          base::Kind::Config);
}

TEST_CASE("failures have the class that decides the exit code") {
    const test::Scratch scratch;
    CHECK(kind_of_failure([] { Database("/proc/none/db", Access::ReadWrite); }) ==
          base::Kind::CannotCreate);
    base::write_file_atomically((scratch / "db"), std::string(4096, 'x'));
    CHECK(kind_of_failure([&] {
              Database((scratch / "db"), Access::ReadWrite).run("SELECT * FROM a");
          }) == base::Kind::Data);
    std::filesystem::remove(scratch / "db");
    Database((scratch / "db"), Access::ReadWrite).migrate(kSteps);
    const Database reader((scratch / "db"), Access::ReadOnly);
    CHECK(kind_of_failure([&] { reader.run("INSERT INTO b VALUES (1)"); }) ==
          base::Kind::CannotCreate);
}

TEST_CASE("a disk that fills up is Io, and what was there stays readable") {
    const test::Scratch scratch;
    Database database((scratch / "db"), Access::ReadWrite);
    database.migrate(kSteps);
    database.run("INSERT INTO b VALUES (7)");
    database.run("PRAGMA max_page_count = 4");  // SQLite's own way to stage SQLITE_FULL
    CHECK(
        kind_of_failure([&] {
            database.prepare("INSERT INTO a VALUES (1, ?)").bind(std::string(1U << 20U, 'x')).run();
        }) == base::Kind::Io);
    auto rows = database.prepare("SELECT y FROM b");
    REQUIRE(rows.step());
    CHECK(rows.integer(0) == 7);
}

}  // namespace tow::store
