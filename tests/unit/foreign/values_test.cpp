#include "foreign/values.hpp"

#include "foreign/asked.hpp"
#include "foreign/entry_document.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::foreign {

namespace {

std::int64_t seconds_of(std::string_view text) {
    const auto duration = batch_duration(text);
    return duration ? duration->count() : -1;
}

std::int64_t size_of(std::string_view text) {
    return condor_size(text, kMiB).value_or(-1);
}

model::Entry entry_with(std::string_view target) {
    model::Entry entry;
    entry.target = *record::parse_json(target).object();
    return entry;
}

}  // namespace

TEST_CASE("numbers are whole texts") {
    CHECK(integer_of(" 12 ") == 12);
    CHECK(integer_of("+12") == 12);
    CHECK(!integer_of("12x"));
    CHECK(!integer_of(""));
    CHECK(!integer_of("99999999999999999999"));
    CHECK(real_of("2.5") == 2.5);
    CHECK(!real_of("nan"));
    CHECK(!real_of("1e999"));
    CHECK(positive_of(record::Value("2500.0")) == 2500);
    CHECK(positive_of(record::Value(3)) == 3);
    CHECK(!positive_of(record::Value(0)));
    CHECK(!positive_of(record::Value("1e300")));
    CHECK(!positive_of(record::Value(nullptr)));
}

TEST_CASE("a product that does not fit is the largest number") {
    CHECK(times(3, 4) == 12);
    CHECK(times(INT64_MAX, 2) == INT64_MAX);
}

TEST_CASE("sizes are those of condor_submit") {
    CHECK(size_of("2048") == 2048 * kMiB);
    CHECK(size_of("2 GB") == 2 * kGiB);
    CHECK(size_of("512k") == kMiB / 2);
    CHECK(size_of("1.5G") == 3 * kGiB / 2);
    CHECK(size_of("2 QB") == -1);
    CHECK(size_of("GB") == -1);
    CHECK(size_of("9e30") == -1);
}

TEST_CASE("limits of batch systems are minutes, or have colons") {
    CHECK(seconds_of("1440") == 86400);
    CHECK(seconds_of("12:00:00") == 43200);
    CHECK(seconds_of("30:00") == 1800);
    CHECK(seconds_of("2-00:00:00") == 172800);
    CHECK(seconds_of("1-12") == 129600);
    CHECK(seconds_of("02:00:00:00") == 172800);
    CHECK(seconds_of("") == -1);
    CHECK(seconds_of("1::2") == -1);
    CHECK(seconds_of("1:2:3:4:5") == -1);
    CHECK(seconds_of("-5") == -1);
}

TEST_CASE("text that was meant for XML loses its entities once") {
    CHECK(without_xml_entities("&quot;a&quot; &lt; &amp;lt;") == "\"a\" < &lt;");
    CHECK(without_xml_entities("a & b") == "a & b");
}

TEST_CASE("a text of an ad is a value, an expression or neither") {
    CHECK(ad_text("\"grid\"")->plain == record::Value("grid"));
    CHECK(ad_text("12")->plain == record::Value(12));
    CHECK(ad_text("true")->plain == record::Value(true));
    CHECK(ad_text("Cpus > 4")->expression == "Cpus > 4");
    CHECK(!ad_text("a b c"));
    CHECK(!ad_text(""));
}

TEST_CASE("a scalar is quoted where YAML would read it as something else") {
    CHECK(yaml_scalar("16 GiB") == "16 GiB");
    CHECK(yaml_scalar("x86_64") == "x86_64");
    CHECK(yaml_scalar("8") == "\"8\"");
    CHECK(yaml_scalar("1e5") == "\"1e5\"");
    CHECK(yaml_scalar("No") == "\"No\"");
    CHECK(yaml_scalar("") == "\"\"");
    CHECK(yaml_scalar("a: b") == "\"a: b\"");
    CHECK(yaml_scalar("a\"b\\\n") == "\"a\\\"b\\\\\\x0a\"");
}

TEST_CASE("what is asked of ARC is per core, and its time is in the resources") {
    const auto asked = asked_of(entry_with(
        R"({"grid_resource": "arc a.example.org", "submit": {"request_cpus": "8", "request_memory": "2048",
            "arc_resources": "<x/><WallTime>3600</WallTime>"}})"));
    CHECK(asked.grid_type == "arc");
    CHECK(asked.cpus->value == 8);
    CHECK(asked.memory_bytes->value == 16 * kGiB);
    CHECK(asked.walltime->value == std::chrono::hours(1));
}

TEST_CASE("a CE of HTCondor takes minutes and its own names first") {
    const auto asked = asked_of(entry_with(
        R"({"grid_resource": "condor a a:9619", "attributes": {"MaxMemory": 4096, "maxWallTime": 60, "wantwholenode": true},
            "submit": {"request_memory": "1", "request_cpus": "4"}})"));
    CHECK(asked.memory_bytes->value == 4 * kGiB);
    CHECK(asked.memory_bytes->key == "target.attributes.maxMemory");
    CHECK(asked.cpus->value == 4);
    CHECK(asked.walltime->value == std::chrono::hours(1));
    CHECK(asked.whole_node);
}

TEST_CASE("to a batch system request_cpus does not count") {
    const auto asked = asked_of(entry_with(
        R"({"grid_resource": "batch slurm a@b", "submit": {"request_cpus": "4", "batch_runtime": "600"}})"));
    CHECK(asked.grid_type == "batch slurm");
    CHECK(!asked.cpus);
    CHECK(asked.walltime->value == std::chrono::minutes(10));
}

}  // namespace tow::foreign
