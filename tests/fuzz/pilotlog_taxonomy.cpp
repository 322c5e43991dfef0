// Any bytes as causes of an operator: rules that classify lines, or an Error.
#include "base/error.hpp"
#include "config/yaml.hpp"
#include "pilotlog/taxonomy.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    try {
        tow::pilotlog::Taxonomy taxonomy;
        taxonomy.add(tow::config::parse_yaml({reinterpret_cast<const char*>(data), size}, "fuzz"));
        taxonomy.classify(tow::pilotlog::Place::Err,
                          "No space left on device aaaaaaaaaaaaaaaaaaaaaaaa");
    } catch (const tow::base::Error&) {
        return 0;  // a refusal is fine
    }
    return 0;
}
