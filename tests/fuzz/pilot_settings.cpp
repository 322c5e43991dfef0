// Any pilot of an entry, with any policy and attributes: refused, or lines of one assignment each,
// a quoted word that ends where it shall, so that no text of an entry is ever a command.
#include "batch/pilot_settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/json.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

// Reads NAME='...' with '\'' in it, as a shell would; what is left behind the line break.
std::string_view behind_assignment(std::string_view text) {
    constexpr std::string_view kPrefix = "pilot_";
    constexpr std::string_view kQuote = "'\\''";
    if (!text.starts_with(kPrefix)) {
        std::abort();
    }
    while (!text.empty() && (tow::base::is_alpha(text.front()) ||
                             tow::base::is_digit(text.front()) || text.front() == '_')) {
        text.remove_prefix(1);
    }
    if (!text.starts_with("='")) {
        std::abort();
    }
    text.remove_prefix(2);
    for (;;) {
        const auto quote = text.find('\'');
        if (quote == std::string_view::npos) {
            std::abort();
        }
        text.remove_prefix(quote);
        if (!text.starts_with(kQuote)) {
            break;
        }
        text.remove_prefix(kQuote.size());
    }
    if (!text.starts_with("'\n")) {
        std::abort();
    }
    return text.substr(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    try {
        const tow::record::Document document(bytes);
        const auto entry = tow::model::read_entry(document.root());
        const auto* pilot = entry.target.find("pilot");
        if (pilot == nullptr || pilot->object() == nullptr) {
            return 0;
        }
        const tow::record::Document target(tow::record::to_json(entry.target));
        const auto settings =
            tow::batch::pilot_settings(entry, tow::model::Fields(target.root(), "target."));
        for (std::string_view text = settings.text; !text.empty();) {
            text = behind_assignment(text);
        }
    } catch (const tow::base::Error&) {  // NOLINT(bugprone-empty-catch) a refusal is a fine answer
    }
    return 0;
}
