// Foreign configurations come from files and from the web.
#pragma once

#include "foreign/imports.hpp"

#include <string>
#include <vector>

namespace tow::foreign {

// A file, or the answer to an http or https URL. Error{NotFound, Permission, Unavailable, Timeout,
// Io}, and Error{Data} for more than 64 MiB.
Text read_text(const std::string& file_or_url);

std::vector<Text> read_texts(const std::vector<std::string>& files_and_urls);

}  // namespace tow::foreign
