// Takes the output of a pilot apart: lines, and the logs that are packed into it. Whatever stands
// there, memory stays flat and reading goes on.
#pragma once

#include "pilotlog/decode.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tow::pilotlog {

enum class BlockEnd {
    Whole,
    Cut,       // the output, or the packed log, breaks off
    Damaged,   // it cannot be unpacked any further
    TooLarge,  // it comes to more than kLargestBlock
};

std::string_view block_end_name(BlockEnd end) noexcept;

class OutputVisitor {
  public:
    OutputVisitor() = default;
    OutputVisitor(const OutputVisitor&) = delete;
    OutputVisitor& operator=(const OutputVisitor&) = delete;
    virtual ~OutputVisitor() = default;

    // A line outside of packed logs, without its end. Of one that is too long, its beginning.
    virtual void line(std::string_view text) = 0;

    virtual void block_begins(std::string_view name) = 0;
    virtual void block_text(std::string_view piece) = 0;  // unpacked
    virtual void block_ends(BlockEnd end) = 0;
};

class OutputReader {
  public:
    static constexpr std::size_t kLongestLine = std::size_t{64} << 10;
    static constexpr std::uint64_t kLargestBlock = std::uint64_t{256} << 20;

    explicit OutputReader(OutputVisitor& visitor);
    OutputReader(const OutputReader&) = delete;
    OutputReader& operator=(const OutputReader&) = delete;
    ~OutputReader();

    void add(std::string_view text);
    void finish();

    std::uint64_t long_lines() const noexcept { return long_lines_; }  // that were cut

  private:
    class Block;
    class Parts;

    void take_line(std::string_view text, bool is_rest, bool has_end);
    bool take_part(std::string_view json);
    void plain_line(std::string_view text);
    void open_block(std::string_view name, bool has_header);

    OutputVisitor& visitor_;
    std::string partial_;    // the beginning of a line
    bool is_rest_ = false;   // the beginning of this line has been handed over
    std::string last_line_;  // the last one that said something: the name of a block
    std::unique_ptr<Block> block_;
    std::unique_ptr<Parts> parts_;
    std::uint64_t long_lines_ = 0;
};

}  // namespace tow::pilotlog
