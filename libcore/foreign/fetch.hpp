// Foreign configurations come from files and from the web.
#pragma once

#include "foreign/imports.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

constexpr std::size_t kMostBytes = std::size_t{64} << 20U;  // of one text

bool is_url(std::string_view text) noexcept;  // of http or https

// A file, or the answer to an http or https URL. Error{NotFound, Permission, Unavailable, Timeout,
// Io}, and Error{Data} for more than 64 MiB.
Text read_text(const std::string& file_or_url);

std::vector<Text> read_texts(const std::vector<std::string>& files_and_urls);

}  // namespace tow::foreign
