// Any bytes as a stream of records: the reader ends or throws Error, and what the writer prints of
// a record reads back as the same record.
#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"
#include "record/reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const tow::base::UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (!tow::base::write_all(fd.get(), bytes)) {
        return 0;
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    tow::record::RecordReader reader(fd.get(), "fuzz");
    try {
        while (reader.next()) {
            const auto record = reader.record();
            std::string text;
            tow::record::write_json(record, text);
            const auto again = tow::record::parse_json(text);
            const bool same = again == tow::record::Value(record);
            const bool same_line = tow::record::parse_json(reader.line()) == again;
            if (!same || !same_line) {
                std::abort();
            }
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
