// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/context_tree.h"

namespace lightseed::sp800_90b {

void ContextTree::add(Id parent, unsigned depth, std::size_t i, unsigned last) {
  const auto id = static_cast<Id>(nodes_.size());
  nodes_.push_back({.best = 1,
                    .position = static_cast<std::uint32_t>(i),
                    .predicted = symbols_[i],
                    .folded = static_cast<std::uint8_t>(last)});
  children_.insert(key(parent, symbols_[i - depth - 1]), id);
}

ContextTree::Id ContextTree::add_absent(Id parent, unsigned depth, std::size_t i) {
  const auto id = static_cast<Id>(nodes_.size());
  nodes_.push_back({});
  children_.insert(key(parent, symbols_[i - depth - 1]), id);
  return id;
}

void ContextTree::foresee_pair(std::size_t i) noexcept {
  const std::uint32_t* const one = children_.find(key(root, symbols_[i - 1]));
  if (one == nullptr) return;
  children_.prefetch(key(*one, symbols_[i - 2]));
  followers_.prefetch(key(*one, symbols_[i]));
}

void ContextTree::foresee_behind_pair(std::size_t i) noexcept {
  const std::uint32_t* const one = children_.find(key(root, symbols_[i - 1]));
  if (one == nullptr) return;
  const std::uint32_t* const two = children_.find(key(*one, symbols_[i - 2]));
  if (two == nullptr) return;
  __builtin_prefetch(&nodes_[*two]);
  followers_.prefetch(key(*two, symbols_[i]));
  children_.prefetch(key(*two, symbols_[i - 3]));
}

void ContextTree::unfold(Id node, unsigned depth) {
  const Node folded = nodes_[node];
  nodes_[node].folded = 0;
  add(node, depth, folded.position, folded.folded);
}

bool ContextTree::count(Id id, std::uint8_t symbol, bool may_add) {
  Node& node = nodes_[id];
  std::uint32_t now = 1;
  bool added = false;
  if (!node.many && symbol == node.predicted) {
    ++node.best;
    return false;
  }
  if (std::uint32_t* count = node.many ? followers_.find(key(id, symbol)) : nullptr) {
    now = ++*count;
  } else {
    if (!may_add) return false;
    if (!node.many) {
      node.many = true;
      followers_.insert(key(id, node.predicted), node.best);
    }
    followers_.insert(key(id, symbol), 1);
    added = true;
  }
  if (now > node.best || (now == node.best && symbol > node.predicted)) {
    node.best = now;
    node.predicted = symbol;
  }
  return added;
}

}  // namespace lightseed::sp800_90b
