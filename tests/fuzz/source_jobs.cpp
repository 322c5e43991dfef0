// Any bytes as the output of HTCondor's tools: groups or an Error. The first byte chooses the
// format.
#include "base/error.hpp"
#include "base/file.hpp"
#include "classad/parse.hpp"
#include "record/json.hpp"
#include "source/job_grouper.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    using tow::source::AdFormat;
    if (size == 0) {
        return 0;
    }
    constexpr std::optional<AdFormat> kFormats[]{{}, AdFormat::Json, AdFormat::Long, AdFormat::Xml};
    const tow::base::UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (!tow::base::write_all(fd.get(), bytes)) {
        return 0;
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    tow::source::AttributeTable attributes;
    tow::source::GroupOptions options;
    options.attributes = tow::source::usual_attributes();
    options.walltime = tow::classad::parse_expr(tow::source::usual_walltime());
    tow::source::JobGrouper grouper(attributes, options);
    tow::source::AdStream stream(fd.get(), "fuzz", kFormats[data[0] % 4], attributes);
    std::int64_t ads = 0;
    try {
        while (stream.next()) {
            grouper.add(stream);
            ++ads;
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    std::int64_t counted = 0;
    grouper.for_each_group("fuzz", [&](const tow::model::JobGroup& group) {
        counted += group.idle_jobs + group.running_jobs + group.held_jobs;
        std::string text;
        write_json(group, text);
        tow::record::parse_json(text);
    });
    if (counted > ads) {
        std::abort();
    }
    return 0;
}
