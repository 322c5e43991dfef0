#include "metrics/text.hpp"

#include "metrics/names.hpp"

namespace tow::metrics {

namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

void append_escaped(std::string_view text, bool escapes_quotes, std::string& out) {
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && escapes_quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

void append_sample(const Sample& sample, std::string& out) {
    out += sample.family->name();
    out += sample.suffix;
    char before = '{';
    for (const auto& label : sample.labels) {
        out += before;
        out += label.name;
        out += '=';
        append_quoted(label.value, out);
        before = ',';
    }
    out += before == '{' ? " " : "} ";
    append_number(sample.value, out);
    out += '\n';
}

void append_line(std::string_view what, std::string_view name, std::string_view text,
                 std::string& out) {
    ((((out += "# ") += what) += ' ') += name) += ' ';
    out += text;
    out += '\n';
}

bool has_samples(const Family& family) {
    for (std::size_t series = 0; series < family.size(); ++series) {
        if (family.is_set(series)) {
            return family.is_published();
        }
    }
    return false;
}

void write_families(const Registry& registry, bool is_openmetrics, const Write& write) {
    std::string out;
    for (const auto& family : registry.families()) {
        if (!has_samples(family)) {
            continue;
        }
        std::string_view name = family.name();
        if (is_openmetrics && family.kind() == Kind::Counter) {
            name.remove_suffix(std::string_view("_total").size());
        }
        std::string help;
        append_escaped(family.help(), is_openmetrics, help);
        append_line("HELP", name, help, out);
        append_line("TYPE", name, kind_name(family.kind()), out);
        if (const auto unit = unit_of(name); is_openmetrics && !unit.empty()) {
            append_line("UNIT", name, unit, out);
        }
        each_sample_of(family, [&](const Sample& sample) {
            append_sample(sample, out);
            if (out.size() >= kPiece) {
                write(out);
                out.clear();
            }
        });
    }
    write(out);
}

}  // namespace

void append_quoted(std::string_view value, std::string& out) {
    out += '"';
    append_escaped(value, true, out);
    out += '"';
}

void write_prometheus(const Registry& registry, const Write& write) {
    write_families(registry, false, write);
}

void write_openmetrics(const Registry& registry, const Write& write) {
    write_families(registry, true, write);
    write("# EOF\n");
}

void write_text(std::string_view format, const Registry& registry, const Write& write) {
    if (format == "openmetrics") {
        write_openmetrics(registry, write);
    } else {
        write_prometheus(registry, write);
    }
}

}  // namespace tow::metrics
