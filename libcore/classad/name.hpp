// Attribute names: compared without case (ASCII only), hashed and classified once, when they are
// read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tow::classad {

// Names that mean something even where no ad defines them.
enum class Special : std::uint8_t {
    None,
    // in any ad
    My,
    Self,
    Parent,
    Root,  // "toplevel" and "root"
    CurrentTime,
    // only while two ads meet: what HTCondor's match ad and its two contexts hold
    Target,  // "target" and "other"
    Ad,
    Left,
    Right,
    LeftContext,
    RightContext,
};

Special special_name(std::string_view text) noexcept;

// The same for names that differ only in case. Seeded per process, so that nobody can prepare a
// file of colliding names; never store it, and never let an order depend on it.
std::uint64_t name_hash(std::string_view text) noexcept;

// Equal but for case; quick when the spelling is the same.
bool same_name(std::string_view a, std::string_view b) noexcept;

struct Name {
    std::string text;
    std::uint64_t hash = 0;
    Special special = Special::None;

    Name() = default;
    explicit Name(std::string spelling);
};

// Whether the text can stand unquoted where a name is expected: an identifier that is no keyword.
bool is_plain_name(std::string_view text) noexcept;

// Keywords of the lexer (true, false, undefined, error, is, isnt), any case.
bool is_keyword(std::string_view text) noexcept;

}  // namespace tow::classad
