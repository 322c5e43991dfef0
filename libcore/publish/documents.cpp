#include "publish/documents.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "record/json.hpp"
#include "record/object_writer.hpp"

#include <map>

#include <fmt/core.h>

namespace tow::publish {

namespace {

constexpr std::size_t kPartBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxDocuments = 5'000;  // of one request

std::string& room(Batch& batch, std::size_t limit = kPartBytes) {
    if (batch.empty() || batch.back().body.size() >= limit) {
        batch.emplace_back();
    }
    return batch.back().body;
}

std::string time_text(std::int64_t ms) {
    return base::format_time(base::Time{std::chrono::seconds{ms / 1000}});
}

// The line protocol has no way to write a line end, or a backslash at the end of a value.
void append_influx(std::string_view text, std::string& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (static_cast<unsigned char>(c) < ' ' || (c == '\\' && i + 1 == text.size())) {
            out += '_';
            continue;
        }
        if (c == ',' || c == ' ' || c == '=') {
            out += '\\';
        }
        out += c;
    }
}

void append_labels(const metrics::Sample& sample, record::ObjectWriter& object) {
    object.set_object("labels", [&](record::ObjectWriter& labels) {
        for (const auto& label : sample.labels) {
            labels.set(label.name, label.value);
        }
    });
}

std::string sample_name(const metrics::Sample& sample) {
    return sample.family->name() + std::string(sample.suffix);
}

// Of the parts of a histogram each is a number of its own.
std::string_view sample_kind(const metrics::Sample& sample) {
    return metrics::kind_name(sample.suffix.empty() ? sample.family->kind()
                                                    : metrics::Kind::Counter);
}

void close_with_value(double value, std::string& out) {
    out += ",\"value\":";
    metrics::append_number(value, out);
    out += '}';
}

void append_identity(const metrics::Sample& sample, std::int64_t now_ms, std::string& out) {
    std::string text = sample_name(sample);
    for (const auto& label : sample.labels) {
        text += fmt::format(" {}:{}:{}", label.name, label.value.size(), label.value);
    }
    text += fmt::format(" {}", now_ms);
    for (const auto byte : base::hash128(text)) {
        out += fmt::format("{:02x}", byte);
    }
}

// As part of a path: whatever an entry is called, it stays one part.
std::string percent_encoded(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool plain = base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
        result +=
            plain ? std::string(1, c)
                  : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return result;
}

void append_metric_record(const metrics::Sample& sample, std::string& out) {
    auto object = record::begin_record("metric", out);
    object.set("metric", sample_name(sample));
    object.set("kind", sample_kind(sample));
    append_labels(sample, object);
    close_with_value(sample.value, out);
}

}  // namespace

void each_metric_record(const metrics::Registry& registry,
                        const std::function<void(std::string_view line)>& visit) {
    std::string line;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        line.clear();
        append_metric_record(sample, line);
        visit(line);
    });
}

Batch influx_lines(const metrics::Registry& registry, std::int64_t now_ms) {
    Batch batch;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        auto& out = room(batch);
        out += sample.family->name();
        out += sample.suffix;
        for (const auto& label : sample.labels) {
            out += ',';
            out += label.name;
            out += '=';
            append_influx(label.value, out);
        }
        out += " value=";
        metrics::append_number(sample.value, out);
        out += fmt::format(" {}\n", now_ms);
    });
    return batch;
}

Batch opensearch_bulk(const metrics::Registry& registry, std::string_view index,
                      std::string_view host, std::int64_t now_ms) {
    Batch batch;
    std::size_t documents = 0;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        auto& out = room(batch, ++documents % kMaxDocuments == 0 ? 1 : kPartBytes);
        out += "{\"index\":{\"_index\":";
        record::write_string(index, out);
        out += ",\"_id\":\"";
        append_identity(sample, now_ms, out);
        out += "\"}}\n";
        record::ObjectWriter document(out);
        document.set("producer", "aerotow");
        document.set("type", "metric");
        document.set("timestamp", now_ms);
        document.set("host", host);
        document.set_object("data", [&](record::ObjectWriter& data) {
            data.set("metric", sample_name(sample));
            data.set("kind", sample_kind(sample));
            for (const auto& label : sample.labels) {
                // "value" and the others would stand twice.
                const bool is_taken =
                    label.name == "metric" || label.name == "kind" || label.name == "value";
                data.set(is_taken ? fmt::format("label_{}", label.name) : std::string(label.name),
                         label.value);
            }
            out += ",\"value\":";
            metrics::append_number(sample.value, out);
        });
        document.close();
        out += '\n';
    });
    return batch;
}

std::optional<std::string> bulk_refusal(std::string_view answer) {
    const record::Document document(answer);
    const auto root = document.root();
    if (!root.is_object() || !root.find("items").is_array()) {
        base::fail(base::Kind::Data, "not an answer to _bulk");
    }
    std::optional<std::string> refusal;
    for (const auto& item : root.find("items").elements()) {
        const auto result = item.is_object() ? item.find("index") : record::View();
        const auto status = result.is_object() ? result.find("status").integer() : std::nullopt;
        constexpr int kTooMany = 429;
        constexpr int kServerError = 500;
        if (!status || *status < 400) {
            continue;
        }
        const auto text = record::to_json(result.find("error").value());
        if (*status == kTooMany || *status >= kServerError) {
            base::fail(base::Kind::Busy, "status {} of a document: {}", *status, text);
        }
        refusal = refusal ? refusal : text;
    }
    return refusal;
}

Batch json_points(const metrics::Registry& registry, std::string_view host, std::int64_t now_ms) {
    Batch batch;
    metrics::each_sample(registry, [&](const metrics::Sample& sample) {
        const bool is_new = batch.empty() || batch.back().body.size() >= kPartBytes;
        auto& out = room(batch);
        if (is_new) {
            out = "{\"host\":";
            record::write_string(host, out);
            out += fmt::format(",\"observed_at\":\"{}\",\"metrics\":[", time_text(now_ms));
        } else {
            out += ',';
        }
        append_metric_record(sample, out);
    });
    for (auto& part : batch) {
        part.body += "]}\n";
    }
    return batch;
}

Batch apfmon_labels(const metrics::Registry& registry, std::string_view factory,
                    std::string_view version) {
    std::map<std::string, std::map<std::string, double>> pilots;  // by entry and state
    if (const auto* family = registry.find("tow_pilots"); family != nullptr) {
        metrics::each_sample_of(*family, [&](const metrics::Sample& sample) {
            std::string entry;
            std::string state;
            for (const auto& label : sample.labels) {
                entry = label.name == "entry" ? label.value : entry;
                state = label.name == "state" ? label.value : state;
            }
            pilots[entry][state] += sample.value;
        });
    }
    const auto name = std::string(factory);
    Batch batch{{"PUT /factories/" + name,
                 record::to_json(record::Object{{"version", std::string(version)}})}};
    record::Array labels;
    for (const auto& [entry, states] : pilots) {
        labels.push_back(record::Object{{"name", entry}, {"wmsqueue", entry}, {"factory", name}});
    }
    batch.push_back({"PUT /labels", record::to_json(std::move(labels))});
    for (const auto& [entry, states] : pilots) {
        std::vector<std::string> words;
        record::Object data;
        for (const auto& [state, count] : states) {
            words.push_back(fmt::format("{} {}", count, state));
            data.set(state, count);
        }
        batch.push_back({fmt::format("POST /labels/{}:{}", name, percent_encoded(entry)),
                         record::to_json(record::Object{{"status", base::join(words, ", ")},
                                                        {"data", std::move(data)}})});
    }
    return batch;
}

}  // namespace tow::publish
