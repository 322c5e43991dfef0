#include "batch/system.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "batch/backend.hpp"
#include "batch/ssh.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

namespace tow::batch {

namespace {

// Host names, with ports, daemon names (slot1@host), lists of collectors.
bool is_name(std::string_view text) {
    constexpr std::string_view kOthers = "._@:,-";
    return !text.empty() && text.front() != '-' && std::ranges::all_of(text, [&](char c) {
        return base::is_alpha(c) || base::is_digit(c) || kOthers.find(c) != std::string_view::npos;
    });
}

void check(const System& system) {
    const auto names = backend_names();
    if (std::ranges::find(names, system.backend) == names.end()) {
        throw base::Error(base::Kind::Config,
                          fmt::format("no backend \"{}\"", base::printable(system.backend)),
                          "backends: " + base::join(names, ", "));
    }
    for (const auto* name : {&system.name, &system.pool}) {
        if (!name->empty() && !is_name(*name)) {
            base::fail(base::Kind::Data, "\"{}\" is no name of a host or daemon",
                       base::printable(*name));
        }
    }
    if (!system.via.empty()) {
        check_ssh_url(system.via);
    }
}

}  // namespace

System system_of(const model::Entry& entry) {
    const record::Document document(record::to_json(entry.target));
    const model::Fields target(document.root(), "target.");
    System system{entry.backend, {}, {}, {}};
    if (entry.backend == "condor") {
        system.name = target.known_text("schedd").value_or("");
        system.pool = target.known_text("pool").value_or("");
    } else if (entry.backend == "slurm") {
        system.name = target.known_text("cluster").value_or("");
    }
    if (entry.backend != "local") {
        system.via = target.known_text("via").value_or("");
    } else if (target.known_text("via")) {
        target.reject("via", "local pilots are processes of this machine");
    }
    check(system);
    return system;
}

std::string to_text(const System& system) {
    std::string text = system.backend;
    if (!system.name.empty()) {
        text += ":" + system.name;
    }
    char separator = '?';
    for (const auto& [key, value] :
         {std::pair{"pool", &system.pool}, std::pair{"via", &system.via}}) {
        if (!value->empty()) {
            text += fmt::format("{}{}={}", std::exchange(separator, '&'), key, *value);
        }
    }
    return text;
}

System parse_system(std::string_view text) {
    System system;
    const auto question = std::min(text.find('?'), text.size());
    const auto front = text.substr(0, question);
    const auto colon = std::min(front.find(':'), front.size());
    system.backend = front.substr(0, colon);
    system.name = front.substr(std::min(colon + 1, front.size()));
    for (const auto& part : base::split(text.substr(std::min(question + 1, text.size())), '&')) {
        if (part.starts_with("pool=")) {
            system.pool = part.substr(5);
        } else if (part.starts_with("via=")) {
            system.via = part.substr(4);
        } else if (!part.empty()) {
            base::fail(base::Kind::Data, "\"{}\" names no batch system", base::printable(text));
        }
    }
    check(system);
    return system;
}

}  // namespace tow::batch
