// Credentials that pilots carry: files that must be there and last as long as the pilot.
#pragma once

#include "base/clock.hpp"
#include "batch/transport.hpp"
#include "model/entry.hpp"
#include "model/fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tow::batch {

// target.credentials
struct Credentials {
    std::optional<std::string> proxy;     // X.509 proxy, PEM
    std::optional<std::string> scitoken;  // a JSON web token
    std::optional<std::string> idtoken;   // a JSON web token for the pilots' pool
    bool may_shorten = true;              // when_short: shorten or refuse

    bool empty() const noexcept { return !proxy && !scitoken && !idtoken; }
};

Credentials read_credentials(const model::Fields& target);

// The entry, its wall time cut to what the shortest-lived credential allows. Files are read where
// the transport leads. Error{Permission} with the file's name if one is missing, unreadable,
// malformed or expired, or is too short and the entry is not to be shortened, or would leave less
// than a quarter of an hour. Nothing of a credential's content is ever in a message.
model::Entry fit_to_credentials(const model::Entry& entry, Transport& transport, base::Time now);

// When a JSON web token (RFC 7519) expires; nothing if it says nothing. Error{Data} if it is none.
std::optional<base::Time> token_expiry(std::string_view token);

// When the first certificate of the chain in a PEM file expires. Error{Data} if there is none.
base::Time proxy_expiry(std::string_view pem);

}  // namespace tow::batch
