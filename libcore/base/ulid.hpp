// ULIDs: 26 characters, sortable by time (github.com/ulid/spec). Ids of plans, requests, pilots.
// All of ours are derived from what they name, so that the same decision has the same ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::base {

// The ULID of this millisecond whose other 80 bits are a hash of content.
std::string make_ulid(std::int64_t ms_since_1970, std::string_view content);

// The n-th ULID after this one. Error{Data} if it is none, or if there are not that many.
std::string ulid_after(std::string_view ulid, std::uint64_t n);

// Milliseconds since 1970; nothing if the text is not a ULID in its canonical upper-case form.
std::optional<std::int64_t> ulid_time_ms(std::string_view text) noexcept;

inline bool is_ulid(std::string_view text) noexcept {
    return ulid_time_ms(text).has_value();
}

}  // namespace tow::base
