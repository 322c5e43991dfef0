// Values as foreign configurations write them: nearly everything is text there.
#pragma once

#include "record/value.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::foreign {

constexpr std::int64_t kMiB = std::int64_t{1} << 20U;
constexpr std::int64_t kGiB = std::int64_t{1} << 30U;

// What PanDA takes a core to need where a queue says nothing.
constexpr std::int64_t kAssumedMegabytes = 2000;

// The whole text as a number, with or without blanks around it; nothing if it is anything else.
std::optional<std::int64_t> integer_of(std::string_view text) noexcept;
std::optional<double> real_of(std::string_view text) noexcept;

// A number or its text as an integer, also where it is written as a real (2500.0); nothing if it is
// less than one.
std::optional<std::int64_t> positive_of(const record::Value& value) noexcept;

// a * b, but never beyond what a size or duration can hold.
std::int64_t times(std::int64_t a, std::int64_t b) noexcept;

// "True", "yes", "1", in any case. Nothing if it is no such word.
std::optional<bool> truth_of(std::string_view text) noexcept;

// "2048", "2 GB", "2048M" as condor_submit reads request_memory and request_disk: without a unit in
// units of default_unit bytes.
std::optional<std::int64_t> condor_size(std::string_view text, std::int64_t default_unit) noexcept;

// "1440" (minutes), "48:00:00", "2-00:00:00", "02:00:00:00" as Slurm and Moab write limits.
std::optional<std::chrono::seconds> batch_duration(std::string_view text) noexcept;

// &quot; and its like in text that was meant to be pasted into XML.
std::string without_xml_entities(std::string_view text);

// A text that stands for a value of a ClassAd: what it is if it is plain, its text if it is an
// expression, nothing if it is neither.
struct AdText {
    std::optional<record::Value> plain;
    std::string expression;  // canonical, if it is not plain
};

std::optional<AdText> ad_text(std::string_view text);

// Sorts a text into one of two maps: plain values and expressions. False if it is neither.
bool set_ad_text(const std::string& name, std::string_view text, record::Object& plain,
                 record::Object& expressions);

// The text of a key; empty if there is none.
std::string text_at(const record::Object& object, std::string_view key);

// The value of a key as positive_of() reads it; nothing if there is none.
std::optional<std::int64_t> count_at(const record::Object& object, std::string_view key);

}  // namespace tow::foreign
