// Asks for memory that is needed soon: the trees of thousands of ads are in no cache, and waiting
// for one part of them after the other is what most of the time would go into. Internal to the
// column engine.
#pragma once

#include "classad/expr.hpp"

#include <cstddef>
#include <span>

namespace tow::match {

// May be null.
inline void prefetch(const classad::Expr* expr) noexcept {
    constexpr std::size_t kLine = 64;
    if (expr == nullptr) {
        return;
    }
    const auto* bytes = reinterpret_cast<const char*>(expr);
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + sizeof(classad::Expr) - 1);
    static_assert(sizeof(classad::Expr) <= 2 * kLine);
}

// All nodes of these trees, but for very large ones: level by level, so that many parts of memory
// are on their way at once.
void prefetch_trees(std::span<const classad::Expr* const> roots);

}  // namespace tow::match
