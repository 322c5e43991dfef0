#include "publish/target.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "config/yaml.hpp"
#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <set>
#include <sys/stat.h>

namespace tow::publish {

namespace {

constexpr std::array<std::string_view, 11> kNames{
    "textfile", "pushgateway", "remote-write", "graphite",  "graphite-pickle", "statsd",
    "influx",   "opensearch",  "json",         "collector", "apfmon"};

void check_url(const std::string& url) {
    if (!http::origin_of(url)) {
        base::fail(base::Kind::Usage, "{}: not a URL of http or https", http::shown_url(url));
    }
    const auto host = url.substr(url.find("//") + 2);
    if (host.substr(0, host.find('/')).find('@') != std::string::npos) {
        throw base::Error(base::Kind::Usage, http::shown_url(url) + ": a password in an address",
                          "everybody sees it; put it into a file and name that in "
                          "authorization_file of a file of targets");
    }
}

void check_address(const Target& target) {
    if (target.is_http()) {
        check_url(target.address);
        return;
    }
    const bool has_port = target.protocol == Protocol::Graphite ||
                          target.protocol == Protocol::GraphitePickle ||
                          target.protocol == Protocol::Statsd;
    const auto colon = target.address.rfind(':');
    const auto port = colon == std::string::npos ? "" : target.address.substr(colon + 1);
    if (target.address.empty() || target.address.starts_with('-') ||
        (has_port && (port.empty() || colon == 0 || !std::ranges::all_of(port, base::is_digit)))) {
        base::fail(base::Kind::Usage, "{}: expected {}", protocol_name(target.protocol),
                   has_port ? "HOST:PORT" : "an address");
    }
}

// A folder of the spool, and an argument of messages: short, and of its own.
std::string name_of(const Target& target) {
    std::string name = fmt::format("{}-", protocol_name(target.protocol));
    constexpr std::size_t kMost = 40;
    for (const char c : target.address.substr(0, kMost)) {
        name += base::is_alpha(c) || base::is_digit(c) ? c : '_';
    }
    return fmt::format("{}-{}", name, base::hash_hex(target.address).substr(0, 6));
}

std::string secret_in(const std::string& path) {
    constexpr std::size_t kMost = 64 << 10;
    const auto fd = base::open_for_reading(path);

    struct stat status {};

    if (::fstat(fd.get(), &status) == 0 && (status.st_mode & S_IRWXO) != 0) {
        throw base::Error(base::Kind::Permission, path + ": everybody may read this secret",
                          "chmod 600 " + path);
    }
    const auto content = base::read_all(fd.get(), path, kMost);
    const auto text = base::trim(content);
    if (text.empty() || text.find_first_of("\r\n") != std::string_view::npos) {
        base::fail(base::Kind::Config, "{}: expected one line, as behind \"Authorization:\"", path);
    }
    return std::string(text);
}

Target read_target(const config::Node::Field& field) {
    config::MapReader map(field.value);
    const auto& to = map.require("to");
    Target target;
    try {
        target = parse_target(to.string());
    } catch (const base::Error& error) {
        to.reject(error.what());
    }
    target.name = field.key;
    const bool is_name = !field.key.empty() && std::ranges::all_of(field.key, [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '_';
    });
    if (!is_name) {
        field.value.reject("the name of a target has letters, digits, - and _ only");
    }
    target.prefix = map.string("prefix").value_or(target.prefix);
    if (const auto deadline = map.duration("deadline")) {
        target.deadline = *deadline;
    }
    target.spool_bytes = map.bytes("spool").value_or(target.spool_bytes);
    if (const auto* only = map.get("only")) {
        target.only = only->strings();
    }
    if (const auto file = map.string("authorization_file")) {
        const auto* place = field.value.origin().file.get();
        const auto folder = place == nullptr ? std::filesystem::path()
                                             : std::filesystem::path(*place).parent_path();
        target.authorization = secret_in((folder / *file).string());
    }
    map.finish();
    return target;
}

}  // namespace

bool Target::is_http() const noexcept {
    using enum Protocol;
    return protocol == Pushgateway || protocol == RemoteWrite || protocol == Influx ||
           protocol == OpenSearch || protocol == Json || protocol == ApfMon;
}

bool Target::is_state_only() const noexcept {
    using enum Protocol;
    return protocol == Pushgateway || protocol == Statsd || protocol == Collector ||
           protocol == ApfMon;
}

std::string_view protocol_name(Protocol protocol) noexcept {
    return kNames[static_cast<std::size_t>(protocol)];
}

std::vector<std::string> protocol_names() {
    return {kNames.begin(), kNames.end()};
}

Target parse_target(std::string_view text) {
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    const auto* found = std::ranges::find(kNames, word);
    if (found == kNames.end() || colon == std::string_view::npos) {
        throw base::Error(base::Kind::Usage, fmt::format("{}: expected PROTOCOL:ADDRESS", word),
                          "protocols: " + base::join(protocol_names(), ", "));
    }
    Target target;
    target.protocol = static_cast<Protocol>(found - kNames.begin());
    target.address = text.substr(colon + 1);
    check_address(target);
    target.name = name_of(target);
    return target;
}

std::vector<Target> parse_targets(const config::Node& root) {
    if (!root.is_null() && root.kind() != config::Node::Kind::Map) {
        root.expected("a map of targets");
    }
    std::vector<Target> targets;
    for (const auto& field : root.fields()) {
        targets.push_back(read_target(field));
    }
    return targets;
}

std::vector<Target> read_targets(const std::vector<std::string>& texts,
                                 const std::vector<std::string>& files) {
    std::vector<Target> targets;
    std::ranges::transform(texts, std::back_inserter(targets), parse_target);
    for (const auto& file : files) {
        std::ranges::move(parse_targets(config::read_yaml(file)), std::back_inserter(targets));
    }
    std::set<std::string> names;
    for (const auto& target : targets) {
        if (!names.insert(target.name).second) {
            base::fail(base::Kind::Usage, "two targets are called {}", target.name);
        }
    }
    return targets;
}

}  // namespace tow::publish
