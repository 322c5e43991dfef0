// Writes records in one of four encodings, checks every write, and flushes when it should.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tow::record {

enum class Format { Table, Jsonl, Json, Csv };

// Thrown when the reader of a pipe has gone and nothing is lost by stopping. Not an Error.
struct OutputClosed {};

// Buffered bytes to a descriptor.
class Sink {
  public:
    // stop_when_closed: throw OutputClosed when the other end has gone; else drop further output.
    Sink(int fd, bool stop_when_closed);

    void write(std::string_view text);
    void flush();

    int fd() const noexcept { return fd_; }

  private:
    int fd_;
    bool stop_when_closed_;
    bool flush_always_;  // on a terminal
    bool closed_ = false;
    std::string buffer_;
};

struct OutputOptions {
    Format format = Format::Jsonl;

    // What a table shows: records of these types, with these columns. csv, and any format that is
    // given columns, shows the first of them. Else jsonl and json hold every record, those that
    // only pass through as well.
    struct Type {
        std::string name;
        std::vector<std::string> columns;
    };

    std::vector<Type> types;
    std::vector<std::string> only;     // record types to show instead, in every format
    std::vector<std::string> columns;  // paths to show, in order, instead of all or of the usual
    base::Time now;                    // for ages in tables
    std::size_t width = 0;             // columns of the terminal; 0: cut nothing
    bool color = false;
};

class RecordWriter {
  public:
    RecordWriter(Sink& sink, OutputOptions options);
    ~RecordWriter();
    RecordWriter(const RecordWriter&) = delete;
    RecordWriter& operator=(const RecordWriter&) = delete;

    void write(const Object& record);

    // The same of a record that is text already, as one line of JSON.
    void write(std::string_view type, std::string_view line) {
        ++written_;
        show(type, line);
    }

    // A record of this type that only passes through, as one line of JSON. It is not looked into
    // unless it has to be.
    void pass(std::string_view type, std::string_view line) { show(type, line); }

    std::size_t written() const noexcept { return written_; }  // by write(), shown or not

    // This run is about records of this type, one of options.types: it becomes the first of them.
    void lead_with(std::string_view type);

    // Text of a tool whose result is no records. Nothing else is written then, whatever the format.
    void write_text(std::string_view text);

    void flush() { sink_.flush(); }
    // The end of the output: closes the array, prints the tables; then flushes. Once is enough.
    void finish();

  private:
    class Layout;
    class ColumnCheck;
    bool is_shown(std::string_view type) const;
    bool is_laid_out() const;
    void show(const std::string& type, const Object& record);
    void show(std::string_view type, std::string_view line);
    Object projected(const Object& record) const;
    void write_line(std::string_view json);

    Sink& sink_;
    OutputOptions options_;
    std::unique_ptr<Layout> layout_;
    std::unique_ptr<ColumnCheck> column_check_;
    std::string line_;  // keeps its memory from record to record
    bool first_ = true;
    bool is_text_ = false;
    bool is_finished_ = false;
    std::size_t written_ = 0;
};

}  // namespace tow::record
