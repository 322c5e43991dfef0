// How fast ClassAds are read and evaluated; run by hand, built with everything else. The ads come
// from the corpus: bench_classad CORPUS/public_extra.jsonl
#include "base/error.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <simdjson.h>

namespace {

using namespace std::chrono_literals;
using tow::classad::Ad;
using Clock = std::chrono::steady_clock;

struct Ads {
    std::vector<Ad> jobs;
    std::vector<Ad> slots;
};

// The pairs of the symmetric matches.
Ads load(const char* file) {
    std::ifstream in(file);
    if (!in) {
        tow::base::fail(tow::base::Kind::NotFound, "cannot read {}", file);
    }
    Ads ads;
    simdjson::dom::parser parser;
    for (std::string line; std::getline(in, line);) {
        simdjson::dom::element record;
        std::string_view mode;
        std::string_view my;
        std::string_view target;
        if (parser.parse(line).get(record) == simdjson::SUCCESS &&
            record["mode"].get(mode) == simdjson::SUCCESS && mode == "match" &&
            record["my"].get(my) == simdjson::SUCCESS &&
            record["target"].get(target) == simdjson::SUCCESS) {
            ads.jobs.push_back(tow::classad::parse_ad(my));
            ads.slots.push_back(tow::classad::parse_ad(target));
        }
    }
    return ads;
}

// The rate of what work() counts: the best of some short runs, because other programs disturb.
template <class Work>
double rate(Work work) {
    double best = 0;
    for (int run = 0; run < 20; ++run) {
        const auto start = Clock::now();
        double done = 0;
        std::chrono::duration<double> spent{};
        while (spent < 50ms) {
            done += static_cast<double>(work());
            spent = Clock::now() - start;
        }
        best = std::max(best, done / spent.count());
    }
    return best;
}

void bench_reading(const Ads& ads) {
    std::string as_long;
    std::string as_json;
    std::string as_new;
    for (const auto* list : {&ads.jobs, &ads.slots}) {
        for (const auto& ad : *list) {
            as_long += tow::classad::write_long(ad) + '\n';
            as_json += tow::classad::write_json(ad) + '\n';
        }
    }
    const auto read = [](const std::string& text, tow::classad::Format format) {
        return rate([&] {
            std::size_t ads_read = 0;
            tow::classad::read_ads(
                text, format, [&ads_read](std::size_t, const Ad&) { ++ads_read; },
                [](std::size_t, const tow::base::Error& error) { throw error; });
            return ads_read > 0 ? text.size() : 0;
        });
    };
    fmt::print("read -long  {:8.1f} MB/s\n", read(as_long, tow::classad::Format::Long) / 1e6);
    fmt::print("read JSON   {:8.1f} MB/s\n", read(as_json, tow::classad::Format::Json) / 1e6);
}

// Pairs per second when every job meets every slot.
template <class Meet>
double pair_rate(const Ads& ads, Meet meet) {
    return rate([&] {
        std::size_t matched = 0;
        for (const auto& job : ads.jobs) {
            for (const auto& slot : ads.slots) {
                matched += meet(job, slot) ? 1U : 0U;
            }
        }
        const auto pairs = ads.jobs.size() * ads.slots.size();
        return matched <= pairs ? pairs : 0;
    });
}

void bench_matching(const Ads& ads) {
    const auto one_way = pair_rate(ads, [](const Ad& job, const Ad& slot) {
        return tow::classad::evaluate_truth(*job.find("Requirements"), &job, &slot) ==
               tow::classad::Truth::True;
    });
    const auto symmetric = pair_rate(
        ads, [](const Ad& job, const Ad& slot) { return tow::classad::matches(job, slot); });
    fmt::print("corpus Requirements, one way  {:8.2f} M/s\n", one_way / 1e6);
    fmt::print("corpus Requirements, symmetric{:8.2f} M/s\n", symmetric / 1e6);
}

// What condor_submit makes of an ordinary job: six clauses, all of them true.
void bench_ordinary() {
    const auto job = tow::classad::parse_ad(
        R"([MyType = "Job"; RequestCpus = 4; RequestMemory = 8000; RequestDisk = 200000;
            FileSystemDomain = "submit.example.org"; Owner = "cms"; DESIRED_Sites = "T2_DE_DESY";
            Requirements = (TARGET.Arch == "X86_64") && (TARGET.OpSys == "LINUX") &&
                (TARGET.Disk >= RequestDisk) && (TARGET.Memory >= RequestMemory) &&
                (TARGET.Cpus >= RequestCpus) &&
                ((TARGET.FileSystemDomain == MY.FileSystemDomain) || (TARGET.HasFileTransfer))])");
    const auto slot = tow::classad::parse_ad(
        R"([MyType = "Machine"; Name = "slot1@wn1"; Machine = "wn1.example.org"; Arch = "X86_64";
            OpSys = "LINUX"; Disk = 20000000; Memory = 64000; Cpus = 16; State = "Unclaimed";
            Activity = "Idle"; FileSystemDomain = "wn1.example.org"; HasFileTransfer = true;
            Start = (TARGET.RequestCpus <= Cpus) && (TARGET.RequestMemory <= Memory);
            Requirements = Start])");
    const auto& requirements = *job.find("Requirements");
    const auto one_way = rate([&] {
        std::size_t matched = 0;
        for (int i = 0; i < 1000; ++i) {
            matched +=
                tow::classad::evaluate_truth(requirements, &job, &slot) == tow::classad::Truth::True
                    ? 1U
                    : 0U;
        }
        return matched;
    });
    const auto symmetric = rate([&] {
        std::size_t matched = 0;
        for (int i = 0; i < 1000; ++i) {
            matched += tow::classad::matches(job, slot) ? 1U : 0U;
        }
        return matched;
    });
    fmt::print("six clauses, one way          {:8.2f} M/s\n", one_way / 1e6);
    fmt::print("six clauses, symmetric        {:8.2f} M/s\n", symmetric / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: bench_classad CORPUS/public_extra.jsonl\n", stderr);
        return tow::base::exit_code::kUsage;
    }
    try {
        const auto ads = load(argv[1]);
        bench_reading(ads);
        bench_matching(ads);
        bench_ordinary();
    } catch (const tow::base::Error& error) {
        fmt::print(stderr, "bench_classad: {}\n", error.what());
        return tow::base::exit_code_of(error.kind());
    }
    return 0;
}
