// Commands for a POSIX shell on another machine: written so that every byte arrives, and answered
// so that the command's end is told from the end of the connection.
#pragma once

#include "base/process.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

// One word for sh, byte by byte what it is.
std::string sh_quoted(std::string_view word);

// The same for each, with blanks between.
std::string sh_quoted(const std::vector<std::string>& words);

// A script for the standard input of /bin/sh. The mark stands before the command's output, for
// there may be some of the login shell before it, and with its exit code behind it.
struct ShScript {
    std::string mark;
    std::string text;
};

// Error{Data} for a NUL, which no argument can hold and no shell reads.
ShScript write_sh_script(const base::Command& command);

struct ShReply {
    bool started = false;               // the shell came to the command
    std::optional<int> exit_code = {};  // of the command, if its end was told
    std::string_view output = {};       // what it printed until then
};

ShReply read_sh_reply(std::string_view output, std::string_view mark);

}  // namespace tow::batch
