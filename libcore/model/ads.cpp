#include "model/ads.hpp"

#include "base/error.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"

#include <cstdint>
#include <limits>

#include <fmt/core.h>

namespace tow::model {

namespace {

using classad::ExprPtr;

// Of texts; their trees take some twenty times as much.
constexpr std::size_t kKnownBytes = std::size_t{4} << 20U;

ExprPtr to_expr(const record::Value& value) {
    using classad::Value;
    if (const auto* text = value.string()) {
        return classad::make_literal(Value::string(*text));
    }
    if (const auto truth = value.boolean()) {
        return classad::make_literal(Value::boolean(*truth));
    }
    if (value.is_real() || value.large_integer()) {
        return classad::make_literal(Value::real(*value.number()));
    }
    if (const auto integer = value.integer()) {
        return classad::make_literal(Value::integer(*integer));
    }
    if (const auto* array = value.array()) {
        std::vector<ExprPtr> elements;
        for (const auto& element : *array) {
            elements.push_back(to_expr(element));
        }
        return classad::make_list(std::move(elements));
    }
    if (const auto* object = value.object()) {
        classad::Ad ad;
        for (const auto& [name, field] : *object) {
            ad.insert(name, to_expr(field));
        }
        return classad::make_ad(std::move(ad));
    }
    return classad::make_literal(Value::undefined());
}

void add_literals(classad::Ad& ad, const record::Object& literals, Expressions& expressions) {
    for (const auto& [name, value] : literals) {
        const auto* text = value.string();
        ad.insert(name, text == nullptr ? to_expr(value) : expressions.string(name, *text));
    }
}

void add_expression(classad::Ad& ad, const std::string& name, const std::string& text,
                    Expressions& expressions, std::vector<std::string>& problems) {
    try {
        ad.insert(name, expressions.parse(name, text));
    } catch (const base::Error& error) {
        ad.insert(name, classad::make_literal(classad::Value::error()));
        problems.push_back(fmt::format("{}: {}", name, error.what()));
    }
}

void add_expressions(classad::Ad& ad, const record::Object& definitions, Expressions& expressions,
                     std::vector<std::string>& problems) {
    for (const auto& [name, value] : definitions) {
        if (const auto* text = value.string()) {
            add_expression(ad, name, *text, expressions, problems);
        } else {
            ad.insert(name, to_expr(value));
        }
    }
}

void add_shape(classad::Ad& ad, const Resources& node) {
    constexpr std::int64_t kMebi = 1048576;
    constexpr std::int64_t kKibi = 1024;
    const auto add = [&ad](std::string_view name, std::int64_t value) {
        if (ad.find(name) == nullptr) {
            ad.insert_int(name, value);
        }
    };
    add("Cpus", node.cpus);
    add("TotalCpus", node.cpus);
    add("Memory", node.memory_bytes / kMebi);
    add("TotalMemory", node.memory_bytes / kMebi);
    // Unknown disk is taken to be enough (model::Resources), so the ad must say so.
    add("Disk",
        node.disk_bytes ? *node.disk_bytes / kKibi : std::numeric_limits<std::int64_t>::max());
    add("GPUs", node.gpus.value_or(0));
    add("TotalGPUs", node.gpus.value_or(0));
}

}  // namespace

const ExprPtr& Expressions::known(char kind, const std::string& name, const std::string& text,
                                  Make make) {
    key_.assign(1, kind).append(name).append(1, '\n').append(text);
    if (const auto known = known_.find(key_); known != known_.end()) {
        return known->second;
    }
    auto expr = make(text);
    bytes_ += key_.size();
    if (bytes_ > kKnownBytes) {
        known_.clear();
        bytes_ = key_.size();
    }
    return known_.emplace(key_, std::move(expr)).first->second;
}

ExprPtr Expressions::parse(const std::string& name, const std::string& text) {
    return known('e', name, text, [](const std::string& e) { return classad::parse_expr(e); });
}

ExprPtr Expressions::string(const std::string& name, const std::string& text) {
    return known('s', name, text, [](const std::string& s) {
        return classad::make_literal(classad::Value::string(s));
    });
}

classad::Ad job_ad(const JobGroup& group, Expressions& expressions,
                   std::vector<std::string>& problems) {
    classad::Ad ad;
    ad.reserve(group.ad.size() + group.ad_exprs.size() + 1);
    add_literals(ad, group.ad, expressions);
    add_expressions(ad, group.ad_exprs, expressions, problems);
    add_expression(ad, "Requirements", group.requirements, expressions, problems);
    return ad;
}

classad::Ad job_ad(const JobGroup& group, std::vector<std::string>& problems) {
    Expressions expressions;
    return job_ad(group, expressions, problems);
}

classad::Ad entry_ad(const Entry& entry, std::vector<std::string>& problems) {
    Expressions expressions;
    classad::Ad ad;
    add_literals(ad, entry.ad, expressions);
    add_expressions(ad, entry.ad_exprs, expressions, problems);
    add_shape(ad, entry.pilot);
    add_expression(ad, "Requirements", entry.start.empty() ? "true" : entry.start, expressions,
                   problems);
    return ad;
}

}  // namespace tow::model
