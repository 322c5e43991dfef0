// Files of ads from strangers: no reader crashes, and what was read survives being written in
// another format. The first byte chooses the format.
#include "base/error.hpp"
#include "classad/check.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using tow::classad::Ad;
using tow::classad::Format;

void require(bool condition, const char* what, const std::string& a, const std::string& b) {
    if (!condition) {
        std::fprintf(stderr, "%s\n  %s\n  %s\n", what, a.c_str(), b.c_str());
        std::abort();
    }
}

// HTCondor writes "1 .x" as 1.x, which nobody can read back.
bool reads_back(const tow::classad::Expr& expr) {
    const auto* selection = expr.as<tow::classad::Attribute>();
    const auto* base = selection != nullptr && selection->base
                           ? selection->base->as<tow::classad::Literal>()
                           : nullptr;
    bool result = base == nullptr || base->value.kind() != tow::classad::Kind::Integer;
    tow::classad::for_each_child(
        expr, [&result](const tow::classad::Expr& child) { result = result && reads_back(child); });
    return result;
}

// The text of "- 5" is that of the constant -5, and -0 is written 0: not every text is final.
std::string canonical(const Ad& ad) {
    auto text = unparse(ad);
    for (bool stable = false; !stable;) {
        auto next = unparse(tow::classad::parse_ad(text));
        stable = next == text;
        text = std::move(next);
    }
    return text;
}

bool has_plain_names(const Ad& ad) {
    return std::ranges::all_of(
        ad, [](const Ad::Entry& entry) { return tow::classad::is_plain_name(entry.name); });
}

void check_copies(const Ad& ad) {
    const auto text = canonical(ad);
    tow::classad::write_long(ad);
    const auto json = tow::classad::write_json(ad);
    const auto xml = tow::classad::write_xml(ad);
    // Only the syntax of the language can hold a relative time.
    if (text.find("relTime") == std::string::npos) {
        const auto from_json = canonical(tow::classad::read_json(json));
        require(from_json == text, "JSON", text, from_json);
    }
    // XML cannot hold any name, nor a minus zero.
    if (has_plain_names(ad) && text.find('[', 1) == std::string::npos &&
        text.find("relTime") == std::string::npos && text.find("-0.0") == std::string::npos &&
        text.find("real(") == std::string::npos) {
        tow::classad::read_xml(xml, [&text](const Ad& copy) {
            require(canonical(copy) == text, "XML", text, canonical(copy));
        });
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    const auto choice = data[0] % 5U;
    const auto format =
        choice == 4 ? tow::classad::detect_format(text) : static_cast<Format>(choice);
    std::vector<Ad> ads;
    tow::classad::read_ads(
        text, format, [&ads](std::size_t, Ad ad) { ads.push_back(std::move(ad)); },
        [](std::size_t, const tow::base::Error&) {});
    for (const auto& ad : ads) {
        tow::classad::check(ad);
        tow::classad::write_yaml(ad);
        const bool readable = std::ranges::all_of(
            ad, [](const Ad::Entry& entry) { return reads_back(*entry.value); });
        if (readable) {
            check_copies(ad);
        }
    }
    return 0;
}
