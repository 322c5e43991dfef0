// Any bytes as what Slurm's commands print, or as ads of a collector: entries that can be read
// back, or an Error. The first byte chooses; the outputs of the four commands are separated by NUL.
#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"
#include "source/ad_file.hpp"
#include "source/condor_entries.hpp"
#include "source/gwms_entries.hpp"
#include "source/slurm_entries.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace {

using tow::model::Entry;
using tow::source::slurm::Partitions;

constexpr tow::base::Time kNow{std::chrono::seconds{1'795'262'400}};

tow::base::UniqueFd file_of(std::string_view bytes) {
    tow::base::UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
    static_cast<void>(tow::base::write_all(fd.get(), bytes));
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

std::vector<Entry> slurm_entries(std::string_view bytes) {
    Partitions partitions;
    for (const auto read : {&Partitions::read_partitions, &Partitions::read_nodes,
                            &Partitions::read_reservations, &Partitions::read_jobs}) {
        const auto end = std::min(bytes.find('\0'), bytes.size());
        (partitions.*read)(file_of(bytes.substr(0, end)).get());
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    return partitions.entries(kNow);
}

std::vector<Entry> condor_entries(std::string_view bytes) {
    std::vector<Entry> result;
    tow::source::PoolSlots slots(std::nullopt, kNow);
    const auto fd = file_of(bytes);
    tow::source::AdFile file(fd.get(), "fuzz", tow::classad::Format::Json);
    file.read(
        [&](const tow::source::FileAd& found) {
            slots.add(found.ad);
            if (auto entry = tow::source::gwms_entry(found.ad, kNow)) {
                result.push_back(std::move(*entry));
            }
        },
        [](const tow::base::Error& error) { throw tow::base::Error(error); });
    const auto pool = slots.entries();
    result.insert(result.end(), pool.begin(), pool.end());
    return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::vector<Entry> entries;
    try {
        entries = data[0] % 2 == 0 ? slurm_entries(bytes) : condor_entries(bytes);
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    for (const auto& entry : entries) {
        const tow::record::Document document(tow::record::to_json(to_record(entry)));
        if (tow::model::read_entry(document.root()).name != entry.name) {
            std::abort();
        }
    }
    return 0;
}
