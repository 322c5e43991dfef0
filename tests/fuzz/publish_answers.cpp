// Any bytes as what is read back from a spool, as an answer of OpenSearch, and as a target.
#include "base/error.hpp"
#include "publish/documents.hpp"
#include "publish/remote_write.hpp"
#include "publish/spool.hpp"
#include "publish/target.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

template <class Action>
void try_to(Action action) {
    try {
        action();
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    namespace publish = tow::publish;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try_to([&] {
        if (publish::encode_batch(publish::decode_batch(text)) != text) {
            std::abort();
        }
    });
    try_to([&] { publish::decode_live(text); });
    try_to([&] { publish::bulk_refusal(text); });
    try_to([&] { publish::parse_target(text); });
    return 0;
}
