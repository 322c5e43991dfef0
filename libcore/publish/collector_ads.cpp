#include "publish/collector_ads.hpp"

#include "base/text.hpp"

#include <map>
#include <string>

#include <fmt/core.h>

namespace tow::publish {

namespace {

constexpr std::size_t kPartBytes = std::size_t{1} << 20;
constexpr int kLifetime = 900;  // seconds; the collector forgets what is not told again

// "tow_pilots" with cms and running: "TowPilots_cms_running".
std::string attribute_name(const metrics::Sample& sample) {
    std::string name;
    bool begins = true;
    for (const char c : sample.family->name() + std::string(sample.suffix)) {
        if (c == '_') {
            begins = true;
            continue;
        }
        name += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        begins = false;
    }
    for (const auto& label : sample.labels) {
        if (label.name == "entry") {
            continue;
        }
        name += '_';
        for (const char c : label.value) {
            name += base::is_alpha(c) || base::is_digit(c) ? c : '_';
        }
    }
    return name;
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            result += '\\';
        }
        result += static_cast<unsigned char>(c) < ' ' ? '_' : c;
    }
    return result + '"';
}

}  // namespace

Batch collector_ads(const metrics::Registry& registry, std::string_view host, std::int64_t now_ms,
                    Collisions& collisions) {
    // Names of attributes know no case.
    struct Attributes {
        std::map<std::string, double> values;
        std::map<std::string, std::string> names;
    };

    std::map<std::string, Attributes> ads;  // by entry
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        std::string entry;
        for (const auto& label : sample.labels) {
            entry = label.name == "entry" ? label.value : entry;
        }
        auto name = attribute_name(sample);
        auto& ad = ads[entry];
        if (!ad.names.emplace(base::lower(name), name).second) {
            collisions.push_back(name);
            return;
        }
        ad.values.emplace(std::move(name), sample.value);
    });
    Batch batch;
    for (const auto& [entry, ad] : ads) {
        if (batch.empty() || batch.back().body.size() >= kPartBytes) {
            batch.emplace_back();
        }
        auto& out = batch.back().body;
        out += fmt::format(
            "MyType = \"Aerotow\"\nName = {}\nAerotowHost = {}\n",
            quoted(entry.empty() ? std::string(host) : fmt::format("{}@{}", entry, host)),
            quoted(host));
        out += entry.empty() ? "" : fmt::format("AerotowEntry = {}\n", quoted(entry));
        out +=
            fmt::format("AerotowObservedAt = {}\nClassAdLifetime = {}\n", now_ms / 1000, kLifetime);
        for (const auto& [name, value] : ad.values) {
            out += fmt::format("{} = {}\n", name, metrics::number_text(value));
        }
        out += '\n';
    }
    return batch;
}

}  // namespace tow::publish
