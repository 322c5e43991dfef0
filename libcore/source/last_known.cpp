#include "source/last_known.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"
#include "record/reader.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace tow::source {

namespace {

constexpr std::string_view kHeader = "last_known";

// Questions change with options; answers to old ones are of no use after a while.
constexpr std::chrono::hours kForgetAfter{24 * 30};

void forget_old_answers(const std::string& directory) {
    namespace fs = std::filesystem;
    std::error_code none;
    const auto oldest = fs::file_time_type::clock::now() - kForgetAfter;
    for (const auto& file : fs::directory_iterator(directory, none)) {
        std::error_code ignored;
        if (file.path().extension() == ".jsonl" && file.last_write_time(ignored) < oldest &&
            !ignored) {
            fs::remove(file.path(), ignored);
        }
    }
}

std::string made(const std::string& directory) {
    base::make_directories(directory);
    return directory;
}

}  // namespace

LastKnown::LastKnown(const std::string& directory, std::string_view question)
    : directory_(directory + "/sources"),
      path_(fmt::format("{}/{}.jsonl", directory_, base::hash_hex(question))) {}

LastKnown::Writer::Writer(const LastKnown& place, base::Time observed_at)
    : directory_(made(place.directory_)), file_(place.path_) {
    auto header = record::new_record(kHeader);
    header.set("observed_at", base::format_time(observed_at));
    record::write_json(header, buffer_);
    buffer_ += '\n';
}

void LastKnown::Writer::add(std::string_view line) {
    constexpr std::size_t kBlock = 65536;
    buffer_.append(line) += '\n';
    if (buffer_.size() > kBlock) {
        flush();
    }
}

void LastKnown::Writer::flush() {
    static_cast<void>(base::write_all(file_.fd(), buffer_));  // a file: no reader can go away
    buffer_.clear();
}

void LastKnown::Writer::commit() {
    flush();
    file_.commit();
    forget_old_answers(directory_);
}

std::optional<base::Time> LastKnown::replay(base::Time now, std::chrono::seconds max_age,
                                            const VisitRecord& visit) const {
    base::UniqueFd file;
    try {
        file = base::open_for_reading(path_);
    } catch (const base::Error& error) {
        if (error.kind() == base::Kind::NotFound) {
            return std::nullopt;
        }
        throw;
    }
    record::RecordReader reader(file.get(), path_);
    if (!reader.next() || reader.type() != kHeader) {
        return std::nullopt;
    }
    const auto observed_at = reader.as(
        [](record::View header) { return model::Fields(header).known_time("observed_at"); });
    if (!observed_at || now - *observed_at > max_age) {
        return std::nullopt;
    }
    std::string line;
    while (reader.next()) {
        auto record = reader.record();
        record.set("stale", true);
        line.clear();
        record::write_json(record, line);
        visit(reader.type(), line);
    }
    return observed_at;
}

}  // namespace tow::source
