#include "pilotlog/file_kind.hpp"

#include "base/text.hpp"

#include <array>

namespace tow::pilotlog {

namespace {

bool has(std::string_view text, std::string_view word) noexcept {
    return text.find(word) != std::string_view::npos;
}

bool is_error_name(std::string_view name) noexcept {
    return name == "err" || name == "stderr" || name.ends_with(".err") ||
           name.ends_with(".stderr") || name.ends_with(".error");
}

bool is_output_name(std::string_view name) noexcept {
    return name == "out" || name == "stdout" || name.ends_with(".out") ||
           name.ends_with(".stdout") || name.ends_with(".output");
}

bool is_pilot(std::string_view text) noexcept {
    return has(text, "Starting glidein_startup.sh at ") || has(text, "{\"type\":\"pilot_");
}

// "11/21/26 19:55:43 ..."
bool is_daemon_line(std::string_view text) noexcept {
    return text.size() > 14 && base::is_digit(text[0]) && base::is_digit(text[1]) &&
           text[2] == '/' && base::is_digit(text[3]) && base::is_digit(text[4]) &&
           (text[5] == '/' || text[5] == ' ');
}

bool is_event_line(std::string_view text) noexcept {
    return text.size() > 5 && base::is_digit(text[0]) && base::is_digit(text[1]) &&
           base::is_digit(text[2]) && text[3] == ' ' && text[4] == '(';
}

bool is_queue_line(std::string_view line) noexcept {
    return line.size() > 3 && line.starts_with("10") && line[2] >= '1' && line[2] <= '7' &&
           line[3] == ' ';
}

FileKind json_kind(std::string_view text) noexcept {
    if (has(text, "\"type\":\"pilot_")) {
        return FileKind::Output;
    }
    if (has(text, "\"EventTypeNumber\"")) {
        return FileKind::Events;
    }
    if (has(text, "\"jobs\"")) {
        return has(text, "\"job_state\"") ? FileKind::Other : FileKind::SacctJson;
    }
    return has(text, "MyType") || has(text, "ClusterId") || has(text, "\"Job") ? FileKind::JobAds
                                                                               : FileKind::Other;
}

bool is_long_ad(std::string_view text, std::string_view line) noexcept {
    return line.starts_with("*** ") || (has(line, " = ") && has(text, "ClusterId = "));
}

FileKind xml_kind(std::string_view text) noexcept {
    if (has(text, "EventTypeNumber")) {
        return FileKind::Events;
    }
    return has(text, "<classads>") || has(text, "ClusterId") ? FileKind::JobAds : FileKind::Other;
}

FileKind plain_kind(std::string_view text, std::string_view name) noexcept {
    if (is_error_name(name)) {
        return FileKind::Error;
    }
    return is_output_name(name) || is_pilot(text) ? FileKind::Output : FileKind::Text;
}

// Daemons that are on no pilot's node.
bool is_of_schedd(std::string_view name) noexcept {
    return has(name, "Gridmanager") || has(name, "Collector") || has(name, "Sched");
}

}  // namespace

FileKind kind_of(std::string_view first_bytes, std::string_view name) noexcept {
    name = last_part(name);
    const auto text = base::trim_left(first_bytes.substr(0, kKindBytes));
    const auto line = text.substr(0, text.find('\n'));
    if (is_event_line(text)) {
        return FileKind::Events;
    }
    if (is_queue_line(text)) {
        return FileKind::JobQueue;
    }
    if (is_daemon_line(text)) {
        return is_of_schedd(name) ? FileKind::Other : FileKind::Daemon;
    }
    if (has(line, "JobID") && has(line, "|")) {
        return FileKind::Sacct;
    }
    if (text.starts_with('[') || text.starts_with('{')) {
        return json_kind(text);
    }
    if (text.starts_with("<")) {
        return xml_kind(text);
    }
    return is_long_ad(text, line) ? FileKind::JobAds : plain_kind(text, name);
}

std::string_view last_part(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);
}

std::string pilot_key(std::string_view path, FileKind kind) {
    constexpr std::array<std::string_view, 8> kEndings{".out",    ".err",   ".stdout", ".stderr",
                                                       ".output", ".error", ".log",    ".txt"};
    const auto name = last_part(path);
    const auto folder = path.substr(0, path.size() - name.size());
    const bool is_of_folder = kind == FileKind::Daemon || name == "out" || name == "err" ||
                              name == "stdout" || name == "stderr";
    if (is_of_folder && folder.size() > 1) {
        return std::string(folder.substr(0, folder.size() - 1));
    }
    for (const auto ending : kEndings) {
        if (name.size() > ending.size() && name.ends_with(ending)) {
            return std::string(path.substr(0, path.size() - ending.size()));
        }
    }
    return std::string(path);
}

}  // namespace tow::pilotlog
