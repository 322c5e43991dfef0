// Any bytes as a configuration of another system, the first one says which: what is imported is
// written as YAML that our own reader takes, or there is an Error.
#include "base/error.hpp"
#include "foreign/entry_document.hpp"
#include "foreign/lint.hpp"
#include "foreign/update.hpp"
#include "source/entry_yaml.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    namespace foreign = tow::foreign;
    if (size == 0) {
        return 0;
    }
    const auto formats = foreign::formats();
    const auto& format = formats[data[0] % formats.size()];
    foreign::Import import;
    try {
        import = foreign::import_entries(
            format,
            {{ "f",
               std::string(reinterpret_cast<const char*>(data) + 1, size - 1) }});
    } catch (const tow::base::Error&) {
        return 0;
    }
    foreign::findings_of(import);
    foreign::summary(import);
    const auto yaml = foreign::file_yaml(import.entries(), "head");
    // No Error from here on.
    if (tow::source::parse_entries(yaml, "g", {}).size() != import.entries().size()) {
        std::abort();
    }
    // The same import again changes nothing, and the file stays as it is.
    const auto update = foreign::update_file({"g", yaml}, {"g", yaml}, import.entries());
    if (!update.changes.empty() || (update.text != yaml && !import.entries().empty())) {
        std::abort();
    }
    return 0;
}
