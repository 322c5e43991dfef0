#include "foreign/asked.hpp"

#include "base/text.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

namespace tow::foreign {

namespace {

struct Key {
    std::string_view map;  // of the target
    std::string_view name;
};

// The first of these keys that states a figure.
template <class Read>
auto first_stated(const model::Entry& entry, std::initializer_list<Key> keys, Read read)
    -> std::optional<Stated<typename decltype(read(std::string()))::value_type>> {
    for (const auto& key : keys) {
        if (const auto text = target_text(entry, key.map, key.name)) {
            if (const auto value = read(*text)) {
                return Stated<typename decltype(read(std::string()))::value_type>{
                    *value, fmt::format("target.{}.{}", key.map, key.name)};
            }
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> count(const std::string& text) {
    return positive_of(record::Value(text));
}

std::optional<std::int64_t> mebibytes(const std::string& text) {
    return condor_size(text, kMiB);
}

std::optional<std::chrono::seconds> minutes(const std::string& text) {
    const auto number = count(text);
    return number ? std::optional{std::chrono::seconds(times(*number, 60))} : std::nullopt;
}

std::optional<std::chrono::seconds> seconds(const std::string& text) {
    const auto number = count(text);
    return number ? std::optional{std::chrono::seconds(*number)} : std::nullopt;
}

// <WallTime>216000</WallTime> in the resources of an ARC job description: seconds.
std::optional<std::chrono::seconds> arc_walltime(const std::string& text) {
    for (const std::string_view tag : {"<WallTime>", "<IndividualWallTime>", "<TotalWallTime>"}) {
        if (const auto at = text.find(tag); at != std::string::npos) {
            const auto begin = at + tag.size();
            return seconds(text.substr(begin, text.find('<', begin) - begin));
        }
    }
    return std::nullopt;
}

std::string grid_type(const model::Entry& entry) {
    const auto* resource = entry.target.find("grid_resource");
    const auto* text = resource == nullptr ? nullptr : resource->string();
    const auto words = text == nullptr ? std::vector<std::string>{} : base::split(*text, ' ');
    if (words.empty()) {
        return {};
    }
    return words[0] == "batch" && words.size() > 1 ? words[0] + " " + words[1] : words[0];
}

}  // namespace

std::optional<std::string> target_text(const model::Entry& entry, std::string_view map,
                                       std::string_view name) {
    const auto* found = entry.target.find(map);
    const auto* object = found == nullptr ? nullptr : found->object();
    if (object == nullptr) {
        return std::nullopt;
    }
    const auto field = std::ranges::find_if(
        *object, [name](const auto& item) { return base::equal_nocase(item.key, name); });
    if (field == object->end() || field->value.is_null()) {
        return std::nullopt;
    }
    const auto* text = field->value.string();
    return text == nullptr ? record::to_json(field->value) : *text;
}

Asked asked_of(const model::Entry& entry) {
    Asked asked;
    asked.grid_type = grid_type(entry);
    if (asked.grid_type == "arc" || asked.grid_type == "nordugrid") {
        asked.cpus = first_stated(entry, {{"submit", "request_cpus"}}, count);
        asked.memory_bytes = first_stated(entry, {{"submit", "request_memory"}}, mebibytes);
        if (asked.memory_bytes) {  // ARC takes it per core
            asked.memory_bytes->value =
                times(asked.memory_bytes->value, asked.cpus ? asked.cpus->value : 1);
        }
        asked.walltime = first_stated(entry, {{"submit", "arc_resources"}}, arc_walltime);
    } else if (asked.grid_type.starts_with("batch")) {
        asked.cpus = first_stated(entry, {{"attributes", "NodeNumber"}}, count);
        asked.memory_bytes = first_stated(entry, {{"submit", "request_memory"}}, mebibytes);
        asked.walltime = first_stated(entry, {{"submit", "batch_runtime"}}, seconds);
    } else if (asked.grid_type == "condor") {
        asked.cpus = first_stated(
            entry,
            {{"attributes", "xcount"}, {"attributes", "remote_xcount"}, {"submit", "request_cpus"}},
            count);
        asked.memory_bytes = first_stated(entry,
                                          {{"attributes", "maxMemory"},
                                           {"attributes", "remote_maxMemory"},
                                           {"submit", "request_memory"}},
                                          mebibytes);
        asked.walltime = first_stated(
            entry, {{"attributes", "maxWallTime"}, {"attributes", "remote_maxWallTime"}}, minutes);
    }
    const auto whole = target_text(entry, "attributes", "WantWholeNode");
    asked.whole_node = whole && truth_of(*whole) == true;
    return asked;
}

}  // namespace tow::foreign
