// each_sample() of registry.hpp, which includes this.
#pragma once

#include "metrics/registry.hpp"

namespace tow::metrics {

std::string number_text(double value);

template <class Visit>
void each_sample_of(const Family& family, Visit visit) {
    Sample sample{&family, {}, {}, 0};
    for (std::size_t series = 0; series < family.size(); ++series) {
        if (!family.is_set(series)) {
            continue;
        }
        sample.suffix = {};
        sample.labels = family.labels(series);
        if (family.kind() != Kind::Histogram) {
            sample.value = family.value(series);
            visit(sample);
            continue;
        }
        sample.suffix = "_bucket";
        sample.labels.push_back({"le", {}});
        const auto buckets = family.buckets().size();
        for (std::size_t part = 0; part <= buckets; ++part) {
            const auto bound = part < buckets ? number_text(family.buckets()[part]) : "+Inf";
            sample.labels.back().value = bound;
            sample.value = family.value(series, part);
            visit(sample);
        }
        sample.labels.pop_back();
        sample.suffix = "_sum";
        sample.value = family.value(series, buckets + 1);
        visit(sample);
        sample.suffix = "_count";
        sample.value = family.value(series, buckets);
        visit(sample);
    }
}

template <class Visit>
void each_sample(const Registry& registry, Visit visit) {
    for (const auto& family : registry.families()) {
        if (family.is_published()) {
            each_sample_of(family, visit);
        }
    }
}

}  // namespace tow::metrics
