#include "cvmfs/node.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"
#include "cvmfs/mount_checks.hpp"

#include <algorithm>
#include <iterator>

namespace tow::cvmfs {

namespace {

constexpr std::size_t kMostMounts = std::size_t{16} << 20;  // bytes of /proc/self/mounts

// A name is part of paths and URLs.
void check_name(const std::string& repository) {
    const bool is_fine =
        !repository.empty() && repository[0] != '.' && std::ranges::all_of(repository, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '.' || c == '-' || c == '_';
        });
    if (!is_fine) {
        base::fail(base::Kind::Usage, "\"{}\" is no name of a repository",
                   base::printable(repository));
    }
}

std::vector<std::string> files_of(const std::string& repository,
                                  const std::vector<std::string>& files) {
    std::vector<std::string> result;
    for (const auto& file : files) {
        const auto colon = file.find(':');
        if (colon == std::string::npos) {
            result.push_back(file);
        } else if (file.substr(0, colon) == repository) {
            result.push_back(file.substr(colon + 1));
        }
    }
    return result;
}

std::optional<std::string> cache_of(const ClientConfig& config, const std::string& repository) {
    const auto value = [&](const char* name) {
        const auto found = config.find(name);
        return found == config.end() ? std::string() : found->second.value;
    };
    const auto base = value("CVMFS_CACHE_BASE");
    if (base.empty()) {
        return std::nullopt;
    }
    return base + (value("CVMFS_SHARED_CACHE") == "yes" ? "/shared" : "/" + repository);
}

}  // namespace

std::vector<Look> look_at_node(const NodeOptions& options, const Thresholds& thresholds,
                               base::Time now) {
    auto repositories = options.repositories;
    if (repositories.empty()) {
        repositories =
            mounted_repositories(base::read_file("/proc/self/mounts", kMostMounts), options.base);
    }
    if (repositories.empty()) {
        throw base::Error(base::Kind::NotFound,
                          fmt::format("no repository is mounted below {}", options.base),
                          "name those that should be");
    }
    std::vector<MountProbe> probes;
    std::vector<ClientConfig> configs;
    for (const auto& name : repositories) {
        check_name(name);
        configs.push_back(options.config ? options.config(name) : ClientConfig());
        probes.push_back({name, options.base + "/" + name, files_of(name, options.files),
                          cache_of(configs.back(), name)});
    }
    std::vector<Look> looks;
    looks.reserve(repositories.size());
    auto facts = probe_mounts(probes, options.limit);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        looks.push_back({std::move(facts[i]), Report(thresholds, now)});
        auto& look = looks.back();
        judge_mount(look.report, look.facts);
        if (options.config) {
            judge_configuration(look.report, look.facts, configs[i]);
        }
    }
    return looks;
}

Findings findings_of(const std::vector<Look>& looks) {
    Findings findings;
    for (const auto& look : looks) {
        const auto& checks = look.report.checks();
        findings.verdicts.push_back(verdict(checks, {look.facts.repository, {}, {}}, "repository",
                                            mount_summary(look.facts)));
        std::ranges::copy(checks, std::back_inserter(findings.checks));
    }
    return findings;
}

}  // namespace tow::cvmfs
