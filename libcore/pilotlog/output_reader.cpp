#include "pilotlog/output_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace tow::pilotlog {

namespace {

constexpr std::array<std::string_view, 4> kEndNames{"whole", "cut", "damaged", "too_large"};

constexpr std::string_view kXmlBegin = "=== Encoded XML description";
constexpr std::string_view kXmlEnd = "=== End encoded XML";
constexpr std::string_view kFilePart = R"({"type":"pilot_file")";
constexpr std::size_t kLongestName = 200;

// "======== gzip | uuencode ============="
bool is_block_header(std::string_view line) noexcept {
    return line.starts_with("====") && line.find("gzip") != std::string_view::npos &&
           line.find("uuencode") != std::string_view::npos;
}

BlockEnd end_of(Gunzip::State state) noexcept {
    switch (state) {
        case Gunzip::State::Complete:
            return BlockEnd::Whole;
        case Gunzip::State::Damaged:
            return BlockEnd::Damaged;
        case Gunzip::State::TooLarge:
            return BlockEnd::TooLarge;
        case Gunzip::State::Reading:
            break;
    }
    return BlockEnd::Cut;
}

// One line of the old encoding: how many bytes, then four characters for each three of them.
void uudecode(std::string_view line, std::string& out) {
    constexpr unsigned kBits = 0x3F;
    const auto value = [](char c) { return (static_cast<unsigned char>(c) - 32U) & kBits; };
    if (line.empty()) {
        return;
    }
    auto left = std::size_t{value(line.front())};
    for (std::size_t i = 1; left > 0 && i + 4 <= line.size(); i += 4) {
        const auto a = value(line[i]);
        const auto b = value(line[i + 1]);
        const auto c = value(line[i + 2]);
        const auto d = value(line[i + 3]);
        const std::array<char, 3> bytes{static_cast<char>(a << 2U | b >> 4U),
                                        static_cast<char>(b << 4U | c >> 2U),
                                        static_cast<char>(c << 6U | d)};
        const auto count = std::min<std::size_t>(left, 3);
        out.append(bytes.data(), count);
        left -= count;
    }
}

}  // namespace

std::string_view block_end_name(BlockEnd end) noexcept {
    return kEndNames.at(static_cast<std::size_t>(end));
}

// A log between its header and "====", as glideins pack them.
class OutputReader::Block {
  public:
    Block(OutputVisitor& visitor, bool has_header)
        : visitor_(visitor),
          gunzip_(kLargestBlock, [this](std::string_view text) { visitor_.block_text(text); }),
          awaits_begin_(has_header) {}

    // False if the line is the end of the block, or cannot be part of it.
    bool add(std::string_view line, bool is_rest) {
        if (!is_rest && (line.starts_with("====") || line.starts_with(kXmlEnd))) {
            is_marked_ = true;
            return false;
        }
        if (!is_rest && awaits_begin_ && line.starts_with("begin")) {
            awaits_begin_ = false;
            is_old_ = !line.starts_with("begin-base64");
            return true;
        }
        packed_.clear();
        if (is_old_) {
            uudecode(line, packed_);
        } else {
            base64_.add(line, packed_);
        }
        gunzip_.add(packed_);
        return true;
    }

    BlockEnd end() const noexcept {
        const auto end = end_of(gunzip_.state());
        return end == BlockEnd::Cut && is_marked_ && base64_.has_garbage() ? BlockEnd::Damaged
                                                                           : end;
    }

  private:
    OutputVisitor& visitor_;
    Base64 base64_;
    Gunzip gunzip_;
    std::string packed_;
    bool awaits_begin_;
    bool is_old_ = false;  // uuencoded, not base64
    bool is_marked_ = false;
};

// Files in parts, one JSON object a line. Parts of several nodes may stand between each other.
class OutputReader::Parts {
  public:
    explicit Parts(OutputVisitor& visitor) : visitor_(visitor) {}

    void add(std::string_view json) {
        const record::Document document(json);
        const model::Fields fields(document.root());
        const auto name = fields.text("name");
        const auto part = fields.count("part");
        const auto parts = fields.count("parts");
        const auto key = fields.known_text("node").value_or("") + '\n' +
                         std::to_string(fields.known_count("rank").value_or(0)) + '\n' + name;
        auto& file = files_[key];
        if (part == 1) {
            total_ -= file.packed.size();
            file = {name.substr(0, kLongestName), {}, 0, false};
        }
        if (part != file.parts + 1 || total_ > kMostPacked) {
            return;  // what is behind a missing part is of no use
        }
        file.parts = part;
        const auto before = file.packed.size();
        Base64 base64;
        base64.add(fields.text("data"), file.packed);
        total_ += file.packed.size() - before;
        file.is_complete = part == parts;
        if (file.is_complete) {
            hand_over(file);
            total_ -= file.packed.size();
            files_.erase(key);
        }
    }

    void finish() {
        for (const auto& [key, file] : files_) {
            hand_over(file);
        }
        files_.clear();
    }

  private:
    static constexpr std::size_t kMostPacked = std::size_t{64} << 20;

    struct File {
        std::string name;
        std::string packed;
        std::int64_t parts = 0;
        bool is_complete = false;
    };

    void hand_over(const File& file) {
        visitor_.block_begins(file.name);
        Gunzip gunzip(kLargestBlock, [&](std::string_view text) { visitor_.block_text(text); });
        gunzip.add(file.packed);
        const auto end = end_of(gunzip.state());
        visitor_.block_ends(file.is_complete || end != BlockEnd::Whole ? end : BlockEnd::Cut);
    }

    OutputVisitor& visitor_;
    std::map<std::string, File> files_;
    std::size_t total_ = 0;
};

OutputReader::OutputReader(OutputVisitor& visitor) : visitor_(visitor) {}

OutputReader::~OutputReader() = default;

void OutputReader::open_block(std::string_view name, bool has_header) {
    visitor_.block_begins(name.empty() ? "unnamed" : name.substr(0, kLongestName));
    block_ = std::make_unique<Block>(visitor_, has_header);
}

// False for a torn line: it is shown as it is.
bool OutputReader::take_part(std::string_view json) {
    try {
        parts_ = parts_ ? std::move(parts_) : std::make_unique<Parts>(visitor_);
        parts_->add(json);
        return true;
    } catch (const base::Error&) {
        return false;
    }
}

void OutputReader::plain_line(std::string_view text) {
    if (is_block_header(text)) {
        open_block(last_line_, true);
        return;
    }
    if (text.starts_with(kXmlBegin)) {
        open_block("XMLResult", false);
        return;
    }
    if (const auto at = text.find(kFilePart);
        at != std::string_view::npos && take_part(text.substr(at))) {
        return;
    }
    const auto said = base::trim(text);
    if (!said.empty()) {
        last_line_ = said.substr(0, kLongestName);
    }
    visitor_.line(text);
}

void OutputReader::take_line(std::string_view text, bool is_rest, bool has_end) {
    if (has_end && !text.empty() && text.back() == '\r') {
        text.remove_suffix(1);
    }
    if (block_) {
        if (block_->add(text, is_rest)) {
            return;
        }
        visitor_.block_ends(block_->end());
        block_.reset();
        last_line_.clear();
        return;
    }
    if (!is_rest) {
        plain_line(text);
    }
}

void OutputReader::add(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const bool has_end = end != std::string_view::npos;
        auto part = text.substr(0, end);
        text.remove_prefix(has_end ? end + 1 : text.size());
        if (has_end && partial_.empty() && part.size() <= kLongestLine) {
            take_line(part, is_rest_, true);
            is_rest_ = false;
            continue;
        }
        // Of a long line the rest is only of use inside of a block.
        while (partial_.size() + part.size() > kLongestLine) {
            const auto room = kLongestLine - partial_.size();
            partial_ += part.substr(0, room);
            part.remove_prefix(room);
            long_lines_ += is_rest_ ? 0 : 1;
            take_line(partial_, is_rest_, false);
            is_rest_ = true;
            partial_.clear();
        }
        partial_ += part;
        if (has_end) {
            take_line(partial_, is_rest_, true);
            partial_.clear();
            is_rest_ = false;
        }
    }
}

void OutputReader::finish() {
    if (!partial_.empty()) {
        take_line(partial_, is_rest_, true);
        partial_.clear();
    }
    if (block_) {
        visitor_.block_ends(block_->end());
        block_.reset();
    }
    if (parts_) {
        parts_->finish();
    }
}

}  // namespace tow::pilotlog
