#include "classad/regex.hpp"

#include <cstdint>
#include <utility>

#include <pcre2.h>

namespace tow::classad {

namespace {

constexpr std::size_t kMaxPattern = 65'535;
constexpr std::uint32_t kMaxHeapKilobytes = 20'000;

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

using Code = std::unique_ptr<pcre2_code, Deleter<pcre2_code_free>>;
using CompileContext = std::unique_ptr<pcre2_compile_context, Deleter<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Deleter<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Deleter<pcre2_match_data_free>>;

std::uint32_t flags_of(RegexOptions options) noexcept {
    return (options.caseless ? PCRE2_CASELESS : 0U) | (options.multiline ? PCRE2_MULTILINE : 0U) |
           (options.dot_all ? PCRE2_DOTALL : 0U) | (options.extended ? PCRE2_EXTENDED : 0U) |
           PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
}

constexpr std::size_t kStepCost = 4;
constexpr std::size_t kBytesPerUnit = 4;

struct Meter {
    std::size_t budget;
    std::size_t last;
};

// Called before every item of the pattern. PCRE2's own limit does not see how far a simple repeat
// runs through the subject: "a+b" would take hours for some megabytes of a.
int on_step(pcre2_callout_block* block, void* data) {
    auto& meter = *static_cast<Meter*>(data);
    const auto at = block->current_position;
    const auto way = at > meter.last ? at - meter.last : meter.last - at;
    const auto cost = kStepCost + way / kBytesPerUnit;
    meter.last = at;
    if (cost > meter.budget) {
        meter.budget = 0;
        return PCRE2_ERROR_CALLOUT;
    }
    meter.budget -= cost;
    return 0;
}

PCRE2_SPTR bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<PCRE2_SPTR>(text.data() != nullptr ? text.data() : "");
}

}  // namespace

struct Regex::Compiled {
    Code code;
    MatchContext context;
    MatchData data;
};

Regex::Regex(std::string_view pattern, RegexOptions options) {
    const CompileContext compile_context(pcre2_compile_context_create(nullptr));
    if (!compile_context) {
        return;
    }
    pcre2_set_max_pattern_length(compile_context.get(), kMaxPattern);
    int error = 0;
    PCRE2_SIZE offset = 0;
    Code code(pcre2_compile(bytes_of(pattern), pattern.size(), flags_of(options), &error, &offset,
                            compile_context.get()));
    if (!code) {
        return;
    }
    MatchContext context(pcre2_match_context_create(nullptr));
    MatchData data(pcre2_match_data_create_from_pattern(code.get(), nullptr));
    if (context && data) {
        pcre2_set_heap_limit(context.get(), kMaxHeapKilobytes);
        compiled_ = std::make_unique<const Compiled>(
            Compiled{std::move(code), std::move(context), std::move(data)});
    }
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

bool Regex::valid() const noexcept {
    return compiled_ != nullptr;
}

Regex::Outcome Regex::search(std::string_view subject, std::size_t from, std::size_t& budget,
                             std::vector<Group>& groups) const {
    Meter meter{budget, from};
    pcre2_set_callout(compiled_->context.get(), on_step, &meter);
    const int count = pcre2_match(compiled_->code.get(), bytes_of(subject), subject.size(), from, 0,
                                  compiled_->data.get(), compiled_->context.get());
    budget = meter.budget;
    if (count == PCRE2_ERROR_NOMATCH) {
        return Outcome::NoMatch;
    }
    if (count <= 0) {
        return Outcome::TooMuchWork;
    }
    const auto* bounds = pcre2_get_ovector_pointer(compiled_->data.get());
    groups.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const auto begin = bounds[2 * i];
        const auto end = bounds[2 * i + 1];
        groups.push_back({begin, end, begin != PCRE2_UNSET});
    }
    return Outcome::Match;
}

}  // namespace tow::classad
