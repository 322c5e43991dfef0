// Any bytes behind a mark as what comes back over ssh: output that is part of it, with an exit code
// only if the last line tells one.
#include "batch/sh_script.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view mark = "aerotow-0";
    const auto reply = tow::batch::read_sh_reply(text, mark);
    const bool is_part = reply.output.empty() ||
                         (reply.output.data() >= text.data() &&
                          reply.output.data() + reply.output.size() <= text.data() + text.size());
    const bool may_have_ended = reply.started && text.ends_with('\n');
    if (!is_part || (reply.exit_code && !may_have_ended) ||
        (!reply.started && !reply.output.empty())) {
        std::abort();
    }
    return 0;
}
