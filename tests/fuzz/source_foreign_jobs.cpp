// Any bytes as jobs of other systems: groups or an Error. The first byte chooses the format.
#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"
#include "source/job_files.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view kFormats[]{"auto", "slurm-json", "slurm-text", "panda",
                                          "csv",  "pyglidein",  "jsonl"};
    if (size == 0) {
        return 0;
    }
    const tow::base::UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (!tow::base::write_all(fd.get(), bytes)) {
        return 0;
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    const auto format = tow::source::job_format(fd.get(), kFormats[data[0] % std::size(kFormats)]);
    tow::source::AttributeTable attributes;
    tow::source::GroupOptions options;
    options.attributes = tow::source::attributes_of_format(format);
    tow::source::JobGrouper grouper(attributes, options);
    try {
        tow::source::read_jobs(fd.get(), "fuzz", format, grouper, [](const std::string&) {});
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    grouper.for_each_group("fuzz", [](const tow::model::JobGroup& group) {
        std::string text;
        write_json(group, text);
        tow::record::parse_json(text);
        if (group.idle_jobs < 0 || group.running_jobs < 0 || group.held_jobs < 0) {
            std::abort();
        }
    });
    return 0;
}
