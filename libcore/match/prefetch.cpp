#include "match/prefetch.hpp"

#include <algorithm>
#include <vector>

namespace tow::match {

namespace {

// More would push each other out of the cache before they are needed.
constexpr std::size_t kMaxNodes = 2000;

}  // namespace

void prefetch_trees(std::span<const classad::Expr* const> roots) {
    std::vector<const classad::Expr*> nodes;
    for (const auto* root : roots) {
        if (root != nullptr && std::ranges::find(nodes, root) == nodes.end()) {
            prefetch(root);
            nodes.push_back(root);
        }
    }
    for (std::size_t i = 0; i < nodes.size() && nodes.size() < kMaxNodes; ++i) {
        for_each_child(*nodes[i], [&nodes](const classad::Expr& child) {
            prefetch(&child);
            nodes.push_back(&child);
        });
    }
}

}  // namespace tow::match
