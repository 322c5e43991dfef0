#include "foreign/reports.hpp"

#include "foreign/entry_document.hpp"
#include "foreign/fetch.hpp"
#include "foreign/lint.hpp"
#include "foreign/update.hpp"
#include "source/entry_yaml.hpp"

#include <algorithm>

namespace tow::foreign {

namespace {

Import read_import(const std::string& format, const std::vector<std::string>& files) {
    const auto& known = format_named(format);  // before anything is fetched
    return import_entries(known, read_texts(files));
}

Report talk_of(const Import& import) {
    Report report;
    report.remarks = summary(import);
    std::ranges::transform(import.notes(), std::back_inserter(report.details), line_of);
    return report;
}

template <class Items>
void add_records(const Items& items, Report& report) {
    for (const auto& item : items) {
        report.records.push_back(to_record(item));
    }
}

}  // namespace

Report import_files(const std::string& format, const std::vector<std::string>& files,
                    std::optional<base::Time> records_at) {
    const auto import = read_import(format, files);
    auto report = talk_of(import);
    report.yaml = file_yaml(import.entries(), "Imported by tow-entries(1), format " + format + ".");
    if (records_at) {
        add_records(source::parse_entries(report.yaml, "import", *records_at), report);
    }
    return report;
}

Report update_from(const std::string& format, const std::vector<std::string>& files,
                   const std::string& path, bool write) {
    const auto import = read_import(format, files);
    auto report = talk_of(import);
    add_records(update_on_disk(path, import, write), report);
    return report;
}

Report check_files(const std::string& format, const std::vector<std::string>& files) {
    const auto import = read_import(format, files);
    auto report = talk_of(import);
    add_records(findings_of(import), report);
    return report;
}

Report check_entries(const std::vector<source::WrittenEntry>& entries, base::Time now) {
    Report report;
    add_records(findings_of(entries, now), report);
    return report;
}

}  // namespace tow::foreign
