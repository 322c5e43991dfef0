// Any bytes as YAML: a tree or an Error, never a crash, a hang or a stack overflow.
#include "base/error.hpp"
#include "config/yaml.hpp"
#include "record/json.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    try {
        const auto node = tow::config::parse_yaml({reinterpret_cast<const char*>(data), size}, "f");
        const auto text = tow::record::to_json(node.value());
        tow::record::parse_json(text);
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
