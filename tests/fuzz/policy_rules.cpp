// Any bytes as a policy file: rules that give the same answer twice, or an Error.
#include "base/error.hpp"
#include "config/yaml.hpp"
#include "model/ads.hpp"
#include "policy/rules.hpp"
#include "policy/standing.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

const std::vector<std::string> figure_names{"idle_jobs", "pending", "budget"};

tow::model::Entry entry() {
    tow::model::Entry result;
    result.name = "HPC_A";
    result.site = "T2_XX";
    result.tags = {"gpu"};
    result.pilot.cpus = 8;
    return result;
}

void evaluate(const tow::policy::Rules& rules) {
    tow::classad::Ad figures;
    figures.insert_int("idle_jobs", 12);
    figures.insert_real("budget", 0.5);
    const auto fired = rules.evaluate(figures, {});
    const auto again = rules.evaluate(figures, {});
    for (std::size_t i = 0; i < fired.facts.size(); ++i) {
        if (fired.facts[i].value != again.facts[i].value) {
            std::abort();
        }
    }
    if (fired.firings.size() + fired.undecided.size() != rules.rules().size()) {
        std::abort();
    }
    std::vector<std::string> problems;
    const auto ad = tow::model::entry_ad(entry(), problems);
    const auto standing = tow::policy::standing_of(fired, entry(), ad, {});
    for (const auto& reason : standing.because) {
        if (reason.text().empty()) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    try {
        const auto node =
            tow::config::parse_yaml({reinterpret_cast<const char*>(data), size}, "policy.yaml");
        const tow::config::Node none;
        const auto* facts = node.find("facts");
        const auto* rules = node.find("rules");
        evaluate(tow::policy::read_rules(facts == nullptr ? none : *facts,
                                         rules == nullptr ? none : *rules, figure_names));
    } catch (const tow::base::Error&) {
        return 0;
    }
    return 0;
}
