// A ClassAd: names without case, each with an unevaluated expression. The first spelling of a name
// and the order of insertion are kept. Safe to read from many threads.
#pragma once

#include "classad/name.hpp"
#include "classad/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tow::classad {

class Ad {
  public:
    struct Entry {
        std::string name;
        std::uint64_t hash = 0;
        ExprPtr value;
    };

    // Readers refuse an ad with more attributes than this.
    static constexpr std::size_t kMaxAttributes = 100'000;

    bool empty() const noexcept { return entries_.empty(); }

    std::size_t size() const noexcept { return entries_.size(); }

    auto begin() const noexcept { return entries_.begin(); }

    auto end() const noexcept { return entries_.end(); }

    void reserve(std::size_t count) { entries_.reserve(count); }

    // Null if there is no such attribute. Valid until the ad is changed.
    const Expr* find(std::string_view name) const noexcept { return find(name, name_hash(name)); }

    const Expr* find(std::string_view name, std::uint64_t hash) const noexcept;

    const Expr* find(const Name& name) const noexcept { return find(name.text, name.hash); }

    // The same for who asks many ads that look alike: tried first is the position where the name
    // was in the last one, and what is left there is where it is in this one (kNowhere: nowhere).
    const Expr* find(const Name& name, std::uint32_t& position) const noexcept;

    static constexpr std::uint32_t kNowhere = 0xFFFF'FFFFU;

    // The same as something to keep.
    ExprPtr get(std::string_view name) const noexcept;

    // Replaces the value of a name that is already there. The expression must not be null.
    void insert(std::string_view name, ExprPtr value);
    void insert_bool(std::string_view name, bool value);
    void insert_int(std::string_view name, std::int64_t value);
    void insert_real(std::string_view name, double value);
    void insert_string(std::string_view name, std::string value);

    // False if there was no such attribute.
    bool erase(std::string_view name);

    // In the order in which HTCondor shows attributes: by length, then alphabetically without case.
    std::vector<const Entry*> in_display_order() const;

    // Whether one of the attributes hides a name that means something by itself, such as "my".
    bool hides_special_names() const noexcept { return hides_special_names_; }

  private:
    // Open addressing; built only for ads too large to scan.
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t position = 0;  // in entries_, plus one; 0 is free
    };

    static constexpr std::size_t kScanned = 8;

    std::size_t position_of(std::string_view name, std::uint64_t hash) const noexcept;
    void add_to_index(std::size_t position) noexcept;
    void rebuild_index();

    std::vector<Entry> entries_;
    std::vector<Slot> index_;
    bool hides_special_names_ = false;
};

}  // namespace tow::classad
