#include "publish/spool.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace tow::publish {

namespace {

constexpr std::string_view kMagic = "aerotow spool 1\n";
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
constexpr std::size_t kLengthBytes = 8;

void append_text(std::string_view text, std::string& out) {
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        out += static_cast<char>((text.size() >> (8 * i)) & 0xff);
    }
    out += text;
}

std::string take_text(std::string_view& rest) {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes && i < rest.size(); ++i) {
        length |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
    }
    if (rest.size() < kLengthBytes || length > rest.size() - kLengthBytes) {
        base::fail(base::Kind::Data, "not a batch of a spool: it ends too early");
    }
    std::string text(rest.substr(kLengthBytes, length));
    rest.remove_prefix(kLengthBytes + length);
    return text;
}

// The number in a name of ours; 0 of any other.
std::int64_t number_of(std::string_view name) {
    std::int64_t number = 0;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool is_ours = end.ec == std::errc{} && end.ptr != name.data() + name.size() &&
                         *end.ptr == '-' && name.ends_with(".batch");
    return is_ours ? number : 0;
}

}  // namespace

std::string encode_batch(const Batch& batch) {
    std::string text(kMagic);
    for (const auto& part : batch) {
        append_text(part.request, text);
        append_text(part.body, text);
    }
    return text;
}

Batch decode_batch(std::string_view text) {
    if (!text.starts_with(kMagic)) {
        base::fail(base::Kind::Data, "not a batch of a spool");
    }
    text.remove_prefix(kMagic.size());
    Batch batch;
    while (!text.empty()) {
        auto request = take_text(text);
        batch.push_back({std::move(request), take_text(text)});
    }
    return batch;
}

Spool::Spool(std::string directory) : directory_(std::move(directory)) {
    base::make_directories(directory_);
}

std::vector<std::string> Spool::names() const {
    std::vector<std::string> names;
    std::error_code problem;
    for (const auto& file : std::filesystem::directory_iterator(directory_, problem)) {
        if (auto name = file.path().filename().string(); number_of(name) > 0) {
            names.push_back(std::move(name));
        }
    }
    std::ranges::sort(names, {}, [](const std::string& name) {
        return std::pair(number_of(name), std::string_view(name));
    });
    return names;
}

std::size_t Spool::add(const Batch& batch, std::int64_t limit) {
    const auto text = encode_batch(batch);
    if (static_cast<std::int64_t>(text.size()) > limit) {
        return 1;
    }
    auto known = names();
    const auto last = known.empty() ? 0 : number_of(known.back());
    std::size_t dropped = 0;
    while (dropped < known.size() && bytes() + static_cast<std::int64_t>(text.size()) > limit) {
        remove(known[dropped]);
        ++dropped;
    }
    // The real time, whatever $TOW_NOW says, and never before what is there.
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    base::write_file_atomically(fmt::format("{}/{:013}-{}.batch", directory_,
                                            std::max<std::int64_t>(now, last + 1), ::getpid()),
                                text);
    return dropped;
}

void Spool::clear() {
    for (const auto& name : names()) {
        remove(name);
    }
}

Batch Spool::read(const std::string& name) const {
    const auto path = directory_ + "/" + name;
    return base::with_context(path,
                              [&] { return decode_batch(base::read_file(path, kMostBytes)); });
}

void Spool::remove(const std::string& name) const {
    ::unlink((directory_ + "/" + name).c_str());
}

std::int64_t Spool::bytes() const {
    std::int64_t sum = 0;
    for (const auto& name : names()) {
        std::error_code problem;
        const auto size = std::filesystem::file_size(directory_ + "/" + name, problem);
        sum += problem ? 0 : static_cast<std::int64_t>(size);
    }
    return sum;
}

}  // namespace tow::publish
