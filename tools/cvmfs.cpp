// tow-cvmfs: is the software there, on this node and at its servers.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "config/yaml.hpp"
#include "cvmfs/node.hpp"
#include "cvmfs_server/mount_revision.hpp"
#include "cvmfs_server/sources.hpp"
#include "cvmfs_server/survey.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace config = tow::config;
namespace cvmfs = tow::cvmfs;
namespace cvmfs_server = tow::cvmfs_server;

using Texts = std::vector<std::string>;

struct Options {
    Texts operands;  // the verb first
    Texts repositories;
    Texts keys;
    Texts blacklists;
    Texts proxies;
    Texts pac_files;
    std::string depth;
    std::string objects;
    std::optional<std::string> geo;
    std::optional<std::string> kept;
    std::string base;
    std::string config;
    Texts files;
    std::optional<std::string> thresholds;
    std::optional<std::chrono::milliseconds> deadline;
    bool all = false;
    bool nagios = false;
};

void declare_server(cli::Command& command, Options& options) {
    command.option(options.repositories, "--repo", "NAME",
                   "server: a repository to look at; default: all that the servers list");
    command.option(options.keys, "--key", "FILE",
                   "server: a master key, or a folder; default: those in /etc/cvmfs/keys");
    command.option(options.blacklists, "--blacklist", "FILE",
                   "server: certificates and revisions that are refused");
    command.option(options.proxies, "--proxy", "LIST",
                   "server: look through these proxies as well: \"a|b;c\", as CVMFS_HTTP_PROXY");
    command.option(options.pac_files, "--pac", "URL;..",
                   "server: and those that the first of these PAC files that works names");
    command
        .option(options.depth, "--depth", "N",
                "server: levels of nested catalogs to read; all: to the end")
        .fallback("0");
    command
        .option(options.objects, "--objects", "N",
                "server: objects to fetch of those that the catalogs read name; or all")
        .fallback("0");
    command.option(options.geo, "--geo", "HOST", "server: ask the Geo API what is nearest to it");
    command.option(options.kept, "--kept", "DIR",
                   "server: keep manifests here; next time ask for newer ones only");
}

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query);
    command.summary("is the software there, on this node and at its servers")
        .about(
            "server looks at repositories at the servers with these URLs, over HTTP and without a "
            "client: manifest, whitelist, certificate and their signatures, catalogs, what the "
            "server says of itself; compares the servers, and looks through proxies as well. "
            "client looks at the mounts of this node: do they answer, are they what they should "
            "be, can a file be read, do they follow their server. node is the part of it that a "
            "pilot needs, in two seconds. A mount that hangs is reported, never waited for. "
            "thresholds shows from which values on things are called wrong.\n"
            "Each repository, at each server, gets one check record as its verdict; a further one "
            "for everything that is not ok.")
        .example("tow-cvmfs server http://s1.example.org --repo test.example.org",
                 "look at a repository at a server")
        .example("tow-cvmfs thresholds -o table",
                 "see what is called too old, too much, too little")
        .operands(options.operands, "VERB",
                  "server with URLs; client or node with repositories, default: those mounted")
        .verbs({"server", "client", "node", "thresholds"})
        .see_also({"tow-records(5)", "tow(7)"})
        .exit_code(1, "something is not ok, or could not be told")
        .exit_code(2, "with --nagios: critical; 0 is ok, 1 a warning")
        .exit_code(3, "with --nagios: it could not be told, or the run failed")
        .exit_code(66, "no repository is named, and none is mounted")
        .emits("check",
               {"state", "target", "server", "proxy", "reason", "since_at", "message", "advice"})
        .emits("threshold", {"figure", "unit", "bad", "warning", "critical", "help"});
    declare_server(command, options);
    command.option(options.base, "--cvmfs-base", "DIR", "client, node: where mounts are")
        .variable("CVMFS_MOUNT_DIR")
        .fallback("/cvmfs");
    command.option(options.config, "--cvmfs-config", "DIR", "client: where its configuration is")
        .fallback("/etc/cvmfs");
    command.option(options.files, "--read", "PATH",
                   "client, node: a file below the mount to read, NAME:PATH for one repository; "
                   "default: the first file in its root");
    command.option(options.thresholds, "--thresholds", "FILE", "YAML that says what is too much");
    command.option(options.deadline, "--deadline", "DURATION",
                   "server: for all servers; client, node: for looking at mounts; default: 30s, "
                   "5s, 1500ms");
    command.option(options.all, "--all", "show what is ok as well").letter('a');
    command.option(options.nagios, "--nagios", "one line with figures; ends with 0, 1, 2 or 3");
}

tow::http::ClientOptions client_options(cli::Context& context, const Options& options) {
    return cvmfs_server::polite_client(
        options.deadline.value_or(std::chrono::seconds(30)),
        [&context](const std::string& line) { context.log().debug(line); });
}

cvmfs::Findings server(cli::Context& context, const Options& options,
                       const cvmfs::Thresholds& thresholds) {
    cvmfs_server::Options what;
    what.servers = {options.operands.begin() + 1, options.operands.end()};
    what.repositories = options.repositories;
    what.depth = cvmfs_server::number_or_all(options.depth, "--depth");
    what.objects = cvmfs_server::number_or_all(options.objects, "--objects");
    what.geo_name = options.geo;
    what.kept = options.kept;
    what.keys = cvmfs_server::keys_for(options.repositories, options.keys);
    what.blacklist = cvmfs_server::read_blacklists(options.blacklists);
    what.thresholds = thresholds;
    what.now = context.now();
    what.client = client_options(context, options);
    cvmfs_server::add_proxies(what, options.proxies, options.pac_files);
    return cvmfs_server::survey(what);
}

cvmfs::Findings mounts(cli::Context& context, const Options& options,
                       const cvmfs::Thresholds& thresholds) {
    const bool is_client = options.operands[0] == "client";
    cvmfs::NodeOptions what;
    what.repositories = {options.operands.begin() + 1, options.operands.end()};
    what.base = options.base;
    what.files = options.files;
    what.limit = options.deadline.value_or(std::chrono::milliseconds(is_client ? 5000 : 1500));
    if (is_client) {
        what.config = [&](const std::string& repository) {
            return cvmfs::effective_config(options.config, repository, what.limit);
        };
    }
    auto looks = cvmfs::look_at_node(what, thresholds, context.now());
    if (is_client) {
        cvmfs_server::judge_revisions(looks, client_options(context, options));
    }
    return cvmfs::findings_of(looks);
}

int nagios(cli::Context& context, const std::function<cvmfs::Findings()>& look) {
    try {
        const auto findings = look();
        context.out().write_text(nagios_line(findings));
        return cvmfs::nagios_code(worst(findings));
    } catch (const base::Error& error) {
        context.out().write_text(fmt::format("UNKNOWN - {}\n", error.what()));
        return cvmfs::nagios_code(tow::model::CheckState::Unknown);
    }
}

int run(cli::Context& context, const Options& options) {
    const auto verb = options.operands.empty() ? std::string() : options.operands[0];
    cvmfs::Thresholds thresholds;
    const auto look = [&] {
        if (options.thresholds) {
            thresholds = cvmfs::Thresholds(config::read_yaml(*options.thresholds));
        }
        return verb == "server"                     ? server(context, options, thresholds)
               : verb == "client" || verb == "node" ? mounts(context, options, thresholds)
                                                    : cvmfs::Findings();
    };
    if (verb.empty()) {
        base::fail(base::Kind::Usage, "no verb: server, client, node or thresholds");
    }
    if (options.nagios) {
        return nagios(context, look);
    }
    const auto findings = look();
    if (verb == "thresholds") {
        context.out().lead_with("threshold");
        const auto repository = options.repositories.empty() ? "" : options.repositories[0];
        for (const auto& threshold : to_records(thresholds, repository)) {
            context.out().write(threshold);
        }
        return 0;
    }
    for (const auto& check : told(findings, options.all)) {
        context.out().write(to_record(check));
    }
    return worst(findings) == tow::model::CheckState::Ok ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "cvmfs", declare, run);
}
