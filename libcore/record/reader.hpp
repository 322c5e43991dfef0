// Reads records: JSON Lines, or one JSON array, told apart by the first byte.
#pragma once

#include "base/error.hpp"
#include "record/input.hpp"
#include "record/json.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace tow::record {

class RecordReader {
  public:
    // name stands in messages: a path, or "-" for standard input.
    RecordReader(int fd, std::string name, std::function<void()> before_read = {});

    // Moves to the next record; false at the end. Blank lines are skipped. Error{Data} with
    // "name:line" if there is something that is not an object with a string at "type".
    bool next();

    // Of the current record, until the next call of next():
    std::string_view type() const { return parser_.type(); }

    Object record() const;          // Error{Data}, with the place
    std::string_view line() const;  // the record as it stood, on one line
    std::string where() const;      // "name:line"

    // read(View of the record), with the place in any complaint.
    template <class Read>
    auto as(Read read) const {
        return at_place([&] { return read(parser_.root()); });
    }

    std::size_t repaired_lines() const noexcept { return parser_.repaired_documents(); }

  private:
    enum class Form { Unknown, Lines, List, Finished };

    // The place is put into words only if there is something to complain about.
    template <class Action>
    auto at_place(Action action) const {
        try {
            return action();
        } catch (const base::Error& error) {
            throw error.within(where());
        }
    }

    void detect_form();
    bool next_line();
    bool next_element();
    char peek_token();
    std::size_t element_end();
    void take(std::string_view text);
    [[noreturn]] void reject(std::string_view why) const;

    InputBuffer input_;
    std::string name_;
    JsonParser parser_;
    Form form_ = Form::Unknown;
    std::string_view text_;         // in the buffer
    mutable std::string one_line_;  // text_ without blanks, made when it is asked for
    std::size_t to_consume_ = 0;    // text_, once the caller is done with it
    std::size_t line_ = 1;          // where text_ begins
    std::size_t lines_in_text_ = 0;
    bool first_element_ = true;
};

}  // namespace tow::record
