// tow-cvmfs-node: what "tow-cvmfs node" does, in one small static file that a pilot takes along to
// any Linux. No cli module and no table: records or one line come out, defaults are the only
// thresholds.
#include "base/clock.hpp"
#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/units.hpp"
#include "cvmfs/node.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <unistd.h>

#include <getopt.h>

namespace {

namespace base = tow::base;
namespace cvmfs = tow::cvmfs;

constexpr std::string_view kUsage =
    "usage: tow-cvmfs-node [--cvmfs-base DIR] [--read PATH] [--deadline DURATION] [--all] "
    "[--nagios] [REPOSITORY...]\n"
    "See tow-cvmfs(1).\n";

struct Options {
    cvmfs::NodeOptions node;
    bool all = false;
    bool nagios = false;
    bool help = false;
};

// Given, as tow-cvmfs takes it.
Options read_options(int argc, char** argv) {
    Options options;
    options.node.base = base::environment("CVMFS_MOUNT_DIR").value_or("/cvmfs");
    options.node.limit = std::chrono::milliseconds(1500);
    constexpr std::array kKnown{
        option{"cvmfs-base", required_argument, nullptr, 'b'},
        option{"read", required_argument, nullptr, 'r'},
        option{"deadline", required_argument, nullptr, 'd'},
        option{"all", no_argument, nullptr, 'a'},
        option{"nagios", no_argument, nullptr, 'n'},
        option{"help", no_argument, nullptr, 'h'},
        option{nullptr, 0, nullptr, 0},
    };
    ::opterr = 0;
    while (true) {
        const int which =
            // NOLINTNEXTLINE(concurrency-mt-unsafe) there is one thread
            ::getopt_long(argc, argv, "ah", kKnown.data(), nullptr);
        switch (which) {
            case -1:
                options.node.repositories.assign(argv + ::optind, argv + argc);
                return options;
            case 'b':
                options.node.base = ::optarg;
                break;
            case 'r':
                options.node.files.emplace_back(::optarg);
                break;
            case 'd':
                options.node.limit = base::parse_duration(::optarg);
                break;
            case 'a':
                options.all = true;
                break;
            case 'n':
                options.nagios = true;
                break;
            case 'h':
                options.help = true;
                break;
            default:
                base::fail(base::Kind::Usage, "unknown option, or one without its value: {}",
                           argv[::optind - 1]);
        }
    }
}

void print(std::string_view text) {
    if (!base::write_all(STDOUT_FILENO, text)) {
        base::fail(base::Kind::Io, "standard output was closed");
    }
}

int look(const Options& options) {
    const cvmfs::Thresholds thresholds;
    const auto looks = cvmfs::look_at_node(options.node, thresholds, base::wall_clock());
    const auto findings = cvmfs::findings_of(looks);
    if (options.nagios) {
        print(cvmfs::nagios_line(findings));
        return cvmfs::nagios_code(worst(findings));
    }
    std::string text;
    for (const auto& check : told(findings, options.all)) {
        tow::record::write_json(to_record(check), text);
        text += '\n';
    }
    print(text);
    return worst(findings) == tow::model::CheckState::Ok ? base::exit_code::kOk
                                                         : base::exit_code::kPartial;
}

int fail(bool is_nagios, std::string_view message, int code) {
    if (is_nagios) {
        print(fmt::format("UNKNOWN - {}\n", message));
        return cvmfs::nagios_code(tow::model::CheckState::Unknown);
    }
    // Nothing is left to do if not even this can be written.
    (void)base::write_all(STDERR_FILENO, fmt::format("tow-cvmfs-node: {}\n", message));
    return code;
}

int run(int argc, char** argv) {
    Options options;
    try {
        options = read_options(argc, argv);
        if (options.help) {
            print(kUsage);
            return base::exit_code::kOk;
        }
        return look(options);
    } catch (const base::Error& error) {
        return fail(options.nagios, error.what(), base::exit_code_of(error.kind()));
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        (void)!::write(STDERR_FILENO, error.what(), std::string_view(error.what()).size());
        return base::exit_code::kInternal;
    }
}
