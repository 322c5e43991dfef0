// Any JSON as any of our records: read, or refused with an Error.
#include "base/error.hpp"
#include "model/check.hpp"
#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/history.hpp"
#include "model/jobs.hpp"
#include "model/pilots.hpp"
#include "model/run.hpp"
#include "record/json.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace {

template <class Record>
void write_json(const Record& record, std::string& out) {
    tow::record::write_json(to_record(record), out);
}

template <class Read>
void try_to(Read read, tow::record::View object) {
    try {
        std::string text;
        write_json(read(object), text);
        read(tow::record::Document(text).root());  // what we write we read
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    std::optional<tow::record::Document> document;
    try {
        document.emplace(std::string_view(reinterpret_cast<const char*>(data), size));
    } catch (const tow::base::Error&) {
        return 0;
    }
    const auto object = document->root();
    try {
        tow::model::stages_array(tow::model::read_stages(object));
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    if (object.is_object()) {
        try_to(tow::model::read_job_group, object);
        try_to(tow::model::read_job_class, object);
        try_to(tow::model::read_entry, object);
        try_to(tow::model::read_pilot_count, object);
        try_to(tow::model::read_request, object);
        try_to(tow::model::read_gap, object);
        try_to(tow::model::read_demand, object);
        try_to(tow::model::read_usage, object);
        try_to(tow::model::read_override, object);
        try_to(tow::model::read_memory, object);
        try_to(tow::model::read_check, object);
    }
    return 0;
}
