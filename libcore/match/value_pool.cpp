#include "match/value_pool.hpp"

#include "base/hash.hpp"
#include "classad/expr.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

namespace tow::match {

namespace {

using classad::Kind;
using classad::ListValue;
using classad::Value;

constexpr std::size_t kFirstSlots = 64;
constexpr int kMaxNesting = 4;  // lists in lists

std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U);
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) noexcept {
    constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15U;
    auto hash = (a * kPrime ^ b) * kPrime;
    hash = (hash ^ (hash >> 32U)) * kPrime;
    return hash ^ (hash >> 29U);
}

// Calls visit(item) while it answers true. False if it did not, or if an element is no constant.
template <class Visit>
bool each_item(const ListValue& list, Visit visit) {
    if (!list.literal) {
        return std::ranges::all_of(list.computed, visit);
    }
    return std::ranges::all_of(*list.literal, [&visit](const classad::ExprPtr& element) {
        const auto* literal = element->as<classad::Literal>();
        return literal != nullptr && visit(literal->value);
    });
}

const Value& item(const ListValue& list, std::size_t index) {
    return list.literal ? std::get<classad::Literal>((*list.literal)[index]->node()).value
                        : list.computed[index];
}

std::uint64_t hash_of(const Value& value) {
    const auto kind = static_cast<std::uint64_t>(value.kind());
    switch (value.kind()) {
        case Kind::Boolean:
            return mixed(kind, *value.if_boolean() ? 1 : 0);
        case Kind::Integer:
            return mixed(kind, static_cast<std::uint64_t>(*value.if_integer()));
        case Kind::Real:
            return mixed(kind, std::bit_cast<std::uint64_t>(*value.if_real()));
        case Kind::RelativeTime:
            return mixed(kind, std::bit_cast<std::uint64_t>(*value.if_relative_time()));
        case Kind::AbsoluteTime:
            return mixed(kind, static_cast<std::uint64_t>(value.absolute_time()->seconds));
        case Kind::String:
            return base::hash64(*value.if_string());
        case Kind::List: {
            auto hash = mixed(kind, value.if_list()->literal ? 1 : 0);
            each_item(*value.if_list(), [&hash](const Value& element) {
                hash = mixed(hash, hash_of(element));
                return true;
            });
            return hash;
        }
        default:
            return mixed(kind, 0);
    }
}

bool equal(const Value& a, const Value& b);

bool equal_lists(const ListValue& a, const ListValue& b) {
    if ((a.literal == nullptr) != (b.literal == nullptr) || a.size() != b.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(item(a, i), item(b, i))) {
            return false;
        }
    }
    return true;
}

// Unlike ==, tells 0.0 from -0.0 and knows NaN.
bool equal(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) {
        return false;
    }
    switch (a.kind()) {
        case Kind::Boolean:
            return *a.if_boolean() == *b.if_boolean();
        case Kind::Integer:
            return *a.if_integer() == *b.if_integer();
        case Kind::Real:
            return std::bit_cast<std::uint64_t>(*a.if_real()) ==
                   std::bit_cast<std::uint64_t>(*b.if_real());
        case Kind::RelativeTime:
            return std::bit_cast<std::uint64_t>(*a.if_relative_time()) ==
                   std::bit_cast<std::uint64_t>(*b.if_relative_time());
        case Kind::AbsoluteTime:
            return *a.absolute_time() == *b.absolute_time();
        case Kind::String:
            return *a.if_string() == *b.if_string();
        case Kind::List:
            return equal_lists(*a.if_list(), *b.if_list());
        default:
            return true;
    }
}

bool is_kept(const Value& value, int nesting, std::size_t& size) noexcept {
    if (const auto* text = value.if_string()) {
        size += text->size();
        return size <= kMaxText;
    }
    const auto* list = value.if_list();
    if (list == nullptr) {
        return value.kind() != Kind::Ad;
    }
    size += list->size() * (kMaxText / kMaxItems);
    return nesting < kMaxNesting && size <= kMaxText &&
           each_item(*list, [nesting, &size](const Value& element) {
               return is_kept(element, nesting + 1, size);
           });
}

}  // namespace

bool is_list_kept(const Value& list) noexcept {
    std::size_t size = 0;
    return is_kept(list, 0, size);
}

ValuePool::ValuePool() : slots_(kFirstSlots) {
    // Stands for kUnsure; and those that intern() knows by their kind.
    for (const auto& value : {Value(), Value::boolean(false), Value::boolean(true),
                              Value::undefined(), Value::error()}) {
        values_.push_back(value);
        hashes_.push_back(0);
    }
}

ValueId ValuePool::intern(const Value& value) {
    switch (value.kind()) {
        case Kind::Undefined:
            return kUndefined;
        case Kind::Error:
            return kError;
        case Kind::Boolean:
            return *value.if_boolean() ? kTrue : kFalse;
        default:
            break;
    }
    if (!is_kept(value)) {
        return kUnsure;
    }
    const auto hash = hash_of(value);
    const auto mask = slots_.size() - 1;
    for (auto at = hash & mask; slots_[at].id != kUnsure; at = (at + 1) & mask) {
        if (slots_[at].tag == tag_of(hash) && equal(values_[slots_[at].id], value)) {
            return slots_[at].id;
        }
    }
    return add(value, hash);
}

ValueId ValuePool::add(const Value& value, std::uint64_t hash) {
    const auto id = static_cast<ValueId>(values_.size());
    auto kept = value.detached();
    bytes_ += sizeof(Value) + 64;
    if (const auto* text = kept.if_string()) {
        bytes_ += text->size() + 48;
    } else if (const auto* list = kept.if_list()) {
        bytes_ += list->size() * 128;
    }
    values_.push_back(std::move(kept));
    hashes_.push_back(hash);
    if (values_.size() * 2 > slots_.size()) {
        grow();
    } else {
        place(id);
    }
    return id;
}

void ValuePool::place(ValueId id) noexcept {
    const auto mask = slots_.size() - 1;
    auto at = hashes_[id] & mask;
    while (slots_[at].id != kUnsure) {
        at = (at + 1) & mask;
    }
    slots_[at] = {tag_of(hashes_[id]), id};
}

void ValuePool::grow() {
    slots_.assign(slots_.size() * 4, Slot());
    for (ValueId id = kError + 1; id < values_.size(); ++id) {
        place(id);
    }
}

}  // namespace tow::match
