// Any target of an entry: refused, or a description in which every line is a command that we know,
// or that the target gives under "submit", and the jobs are on hold.
#include "batch/condor_description.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::array<std::string_view, 23> kCommands{"universe",
                                                     "grid_resource",
                                                     "executable",
                                                     "arguments",
                                                     "environment",
                                                     "output",
                                                     "error",
                                                     "log",
                                                     "request_cpus",
                                                     "request_memory",
                                                     "request_disk",
                                                     "request_gpus",
                                                     "batch_runtime",
                                                     "periodic_remove",
                                                     "use_x509userproxy",
                                                     "x509userproxy",
                                                     "scitokens_file",
                                                     "transfer_input_files",
                                                     "should_transfer_files",
                                                     "requirements",
                                                     "notification",
                                                     "hold",
                                                     "queue"};

bool is_expected(std::string_view line, const tow::record::Object& target) {
    const auto name = std::string(line.substr(0, line.find(' ')));
    const auto* submit = target.find("submit");
    const bool is_given =
        submit != nullptr && submit->object() != nullptr && submit->object()->find(name) != nullptr;
    const bool is_known = std::ranges::find(kCommands, name) != kCommands.end();
    return (is_known || is_given || name.starts_with("My.")) &&
           line.substr(name.size()).starts_with(" = ") && !line.ends_with('\\') &&
           line.find("$$(") == std::string_view::npos;
}

void check(std::string_view text, const tow::record::Object& target) {
    constexpr std::string_view kEnd =
        "notification = never\nhold = true\nqueue aerotow_pilot from (\nP\n)\n";
    if (!text.ends_with(kEnd)) {
        std::abort();
    }
    text.remove_suffix(kEnd.size());
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (!is_expected(line, target) || line.starts_with("hold ") || line.starts_with("queue")) {
            std::abort();
        }
        text.remove_prefix(line.size() + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const auto value = tow::record::parse_json(bytes);
        if (value.object() == nullptr) {
            return 0;
        }
        tow::model::Entry entry;
        entry.name = "E";
        entry.target = *value.object();
        entry.pilot.walltime = std::chrono::seconds{3600};
        const std::vector<std::string> pilots{"P"};
        const auto folder = tow::batch::output_folder(entry);
        check(tow::batch::condor_description(entry, pilots, "F", folder.empty() ? "/out" : folder),
              entry.target);
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
