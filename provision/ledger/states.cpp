// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/states.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lightseed {
namespace {

struct Row {
  BatchState state;
  BlockState block;  ///< of its blocks
  std::string_view name;
};

constexpr std::array rows{Row{BatchState::generated, BlockState::generated, "GENERATED"},
                          Row{BatchState::certified, BlockState::certified, "CERTIFIED"},
                          Row{BatchState::issued, BlockState::issued, "ISSUED"},
                          Row{BatchState::burned, BlockState::burned, "BURNED"}};

constexpr std::array moves{
    std::pair{BatchState::generated, BatchState::certified}, std::pair{BatchState::certified, BatchState::issued},
    std::pair{BatchState::generated, BatchState::burned}, std::pair{BatchState::certified, BatchState::burned}};

}  // namespace

std::string_view name_of(BatchState state) noexcept {
  for (const Row& row : rows)
    if (row.state == state) return row.name;
  return "?";
}

std::string_view name_of(BlockState state) noexcept {
  for (const Row& row : rows)
    if (row.block == state) return row.name;
  return "?";
}

std::optional<BatchState> batch_state_from(std::string_view name) noexcept {
  for (const Row& row : rows)
    if (row.name == name) return row.state;
  return std::nullopt;
}

std::optional<BlockState> block_state_from(std::string_view name) noexcept {
  for (const Row& row : rows)
    if (row.name == name) return row.block;
  return std::nullopt;
}

BlockState block_state_in(BatchState state) noexcept {
  for (const Row& row : rows)
    if (row.state == state) return row.block;
  return BlockState::burned;
}

bool may_move(BatchState from, BatchState to) noexcept {
  return std::find(moves.begin(), moves.end(), std::pair{from, to}) != moves.end();
}

bool is_live(BatchState state) noexcept {
  return state != BatchState::burned;
}

bool is_unfinished(BatchState state) noexcept {
  return may_move(state, BatchState::burned);
}

}  // namespace lightseed
