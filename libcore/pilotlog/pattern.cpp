#include "pilotlog/pattern.hpp"

#include "base/error.hpp"

#include <array>
#include <cstdint>

#include <pcre2.h>

namespace tow::pilotlog {

namespace {

constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::size_t kLongestPattern = 65'535;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

PCRE2_SPTR bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<PCRE2_SPTR>(text.data() != nullptr ? text.data() : "");
}

}  // namespace

struct Pattern::Compiled {
    std::unique_ptr<pcre2_code, Deleter<pcre2_code_free>> code;
    std::unique_ptr<pcre2_match_context, Deleter<pcre2_match_context_free>> context;
    std::unique_ptr<pcre2_match_data, Deleter<pcre2_match_data_free>> data;
};

Pattern::Pattern(std::string_view text) {
    if (text.size() > kLongestPattern) {
        base::fail(base::Kind::Usage, "a regular expression of {} bytes", text.size());
    }
    int error = 0;
    PCRE2_SIZE offset = 0;
    auto compiled = std::make_unique<Compiled>();
    compiled->code.reset(pcre2_compile(bytes_of(text), text.size(),
                                       PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &error, &offset,
                                       nullptr));
    if (!compiled->code) {
        std::array<PCRE2_UCHAR, 200> message{};
        pcre2_get_error_message(error, message.data(), message.size());
        base::fail(base::Kind::Usage, "\"{}\" is no regular expression: {}", text,
                   reinterpret_cast<const char*>(message.data()));
    }
    // Where there is no compiler to machine code, it is interpreted.
    pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE);
    compiled->context.reset(pcre2_match_context_create(nullptr));
    compiled->data.reset(pcre2_match_data_create_from_pattern(compiled->code.get(), nullptr));
    if (!compiled->context || !compiled->data) {
        throw std::bad_alloc();
    }
    pcre2_set_match_limit(compiled->context.get(), kMatchLimit);
    compiled_ = std::move(compiled);
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

std::optional<std::pair<std::size_t, std::size_t>> Pattern::find(std::string_view text,
                                                                 std::size_t from) const {
    const int count = pcre2_match(compiled_->code.get(), bytes_of(text), text.size(), from, 0,
                                  compiled_->data.get(), compiled_->context.get());
    if (count < 0) {
        return std::nullopt;
    }
    const auto* bounds = pcre2_get_ovector_pointer(compiled_->data.get());
    return std::pair{bounds[0], bounds[1]};
}

}  // namespace tow::pilotlog
