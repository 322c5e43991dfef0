// GlideinWMS's entries as its daemons advertise them to a collector: the ads "glidefactory" of
// factories, and "glideresource" of frontends, which repeat them with what the frontend asks for.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "model/entry.hpp"
#include "source/query.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tow::source {

// Nothing for an ad of another kind. Error{Data} for one without a name.
std::optional<model::Entry> gwms_entry(const classad::Ad& ad, base::Time now);

std::unique_ptr<Query> make_gwms_query(const std::optional<std::string>& pool, base::Time now);

}  // namespace tow::source
