#include "source/job_files.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "source/ad_stream.hpp"
#include "source/job_counts.hpp"
#include "source/plain_jobs.hpp"
#include "source/slurm_jobs.hpp"

#include <algorithm>
#include <optional>

namespace tow::source {

namespace {

// Nothing: HTCondor's formats are told apart by their first bytes.
std::optional<AdFormat> ad_format_of(std::string_view format) {
    return format == "condor"        ? std::nullopt
           : format == "condor-long" ? std::optional(AdFormat::Long)
           : format == "condor-xml"  ? std::optional(AdFormat::Xml)
                                     : std::optional(AdFormat::Json);
}

// Slurm's by the first key that squeue --json writes, or the header of its table; else HTCondor's.
std::string_view sniffed(std::string_view text) {
    text = base::trim_left(text);
    if (text.starts_with('{')) {
        const auto key = base::trim_left(text.substr(1));
        const bool is_slurm = key.starts_with("\"meta\"") || key.starts_with("\"jobs\"");
        return is_slurm ? "slurm-json" : "condor";
    }
    const auto header = text.substr(0, text.find('\n'));
    return header.starts_with("JOBID") || header.find("|JOBID") != std::string_view::npos
               ? "slurm-text"
               : "condor";
}

}  // namespace

const std::vector<std::string>& job_formats() {
    static const std::vector<std::string> formats{
        "auto",       "condor-json", "condor-jsonl", "condor-long", "condor-xml", "slurm-json",
        "slurm-text", "panda",       "pyglidein",    "csv",         "jsonl"};
    return formats;
}

bool is_job_format(std::string_view word) {
    return std::ranges::find(job_formats(), word) != job_formats().end();
}

std::string job_format(int fd, std::string_view word) {
    constexpr std::size_t kEnoughToTell = 1024;
    return std::string(word == "auto" ? sniffed(base::peek(fd, kEnoughToTell)) : word);
}

const std::vector<std::string>& attributes_of_format(std::string_view format) {
    static const std::vector<std::string> none;
    return format.starts_with("slurm")                  ? slurm::job_attributes()
           : format == "panda" || format == "pyglidein" ? counted_job_attributes()
                                                        : none;
}

void read_jobs(int fd, const std::string& name, std::string_view format, JobGrouper& grouper,
               const std::function<void(const std::string&)>& warn) {
    if (format == "slurm-json") {
        slurm::read_json_jobs(fd, name, grouper, warn);
    } else if (format == "slurm-text") {
        slurm::read_table_jobs(fd, name, grouper, warn);
    } else if (format == "panda") {
        read_panda_statistics(fd, name, grouper);
    } else if (format == "pyglidein") {
        read_pyglidein_state(fd, name, grouper);
    } else if (format == "csv") {
        read_csv_jobs(fd, name, grouper);
    } else if (format == "jsonl") {
        read_json_lines_jobs(fd, name, grouper);
    } else {
        AdStream stream(fd, name, ad_format_of(format), grouper.attributes());
        while (stream.next()) {
            grouper.add(stream);
        }
    }
}

}  // namespace tow::source
