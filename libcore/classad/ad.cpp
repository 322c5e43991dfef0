#include "classad/ad.hpp"

#include "base/text.hpp"
#include "classad/expr.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace tow::classad {

namespace {

constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U);
}

bool shown_before(const Ad::Entry* a, const Ad::Entry* b) noexcept {
    if (a->name.size() != b->name.size()) {
        return a->name.size() < b->name.size();
    }
    return std::ranges::lexicographical_compare(a->name, b->name, {}, base::to_lower,
                                                base::to_lower);
}

}  // namespace

std::size_t Ad::position_of(std::string_view name, std::uint64_t hash) const noexcept {
    const auto is_it = [&](const Entry& entry) {
        return entry.hash == hash && same_name(entry.name, name);
    };
    if (index_.empty()) {
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (is_it(entries_[i])) {
                return i;
            }
        }
        return kAbsent;
    }
    const auto mask = index_.size() - 1;
    for (auto at = hash & mask; index_[at].position != 0; at = (at + 1) & mask) {
        if (index_[at].tag == tag_of(hash) && is_it(entries_[index_[at].position - 1])) {
            return index_[at].position - 1;
        }
    }
    return kAbsent;
}

void Ad::add_to_index(std::size_t position) noexcept {
    const auto mask = index_.size() - 1;
    const auto hash = entries_[position].hash;
    auto at = hash & mask;
    while (index_[at].position != 0) {
        at = (at + 1) & mask;
    }
    index_[at] = {tag_of(hash), static_cast<std::uint32_t>(position + 1)};
}

void Ad::rebuild_index() {
    index_.clear();
    if (entries_.size() <= kScanned) {
        return;
    }
    index_.resize(std::bit_ceil(entries_.capacity() * 2));
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        add_to_index(i);
    }
}

const Expr* Ad::find(std::string_view name, std::uint64_t hash) const noexcept {
    const auto position = position_of(name, hash);
    return position == kAbsent ? nullptr : entries_[position].value.get();
}

const Expr* Ad::find(const Name& name, std::uint32_t& position) const noexcept {
    if (position < entries_.size()) {
        const auto& entry = entries_[position];
        if (entry.hash == name.hash && same_name(entry.name, name.text)) {
            return entry.value.get();
        }
    }
    const auto found = position_of(name.text, name.hash);
    position = found == kAbsent ? kNowhere : static_cast<std::uint32_t>(found);
    return found == kAbsent ? nullptr : entries_[found].value.get();
}

ExprPtr Ad::get(std::string_view name) const noexcept {
    const auto position = position_of(name, name_hash(name));
    return position == kAbsent ? nullptr : entries_[position].value;
}

void Ad::insert(std::string_view name, ExprPtr value) {
    assert(value != nullptr);
    const auto hash = name_hash(name);
    if (const auto position = position_of(name, hash); position != kAbsent) {
        entries_[position].value = std::move(value);
        return;
    }
    entries_.push_back({std::string(name), hash, std::move(value)});
    hides_special_names_ = hides_special_names_ || special_name(name) != Special::None;
    if (entries_.size() > kScanned && entries_.size() * 2 <= index_.size()) {
        add_to_index(entries_.size() - 1);
    } else {
        rebuild_index();
    }
}

void Ad::insert_bool(std::string_view name, bool value) {
    insert(name, make_literal(Value::boolean(value)));
}

void Ad::insert_int(std::string_view name, std::int64_t value) {
    insert(name, make_literal(Value::integer(value)));
}

void Ad::insert_real(std::string_view name, double value) {
    insert(name, make_literal(Value::real(value)));
}

void Ad::insert_string(std::string_view name, std::string value) {
    insert(name, make_literal(Value::string(std::move(value))));
}

bool Ad::erase(std::string_view name) {
    const auto position = position_of(name, name_hash(name));
    if (position == kAbsent) {
        return false;
    }
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
    rebuild_index();
    return true;
}

std::vector<const Ad::Entry*> Ad::in_display_order() const {
    std::vector<const Entry*> order;
    order.reserve(entries_.size());
    for (const auto& entry : entries_) {
        order.push_back(&entry);
    }
    std::ranges::stable_sort(order, shown_before);
    return order;
}

}  // namespace tow::classad
