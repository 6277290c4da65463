// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lightseed {

/// The life of a batch. A batch and its blocks move together, in one transaction.
enum class BatchState {
  generated,  ///< keys may exist, outside memory at most as encrypted files in a hidden directory
  certified,  ///< files and certificate are written and synced
  issued,     ///< the files may be seen; the batch counts for ever
  burned,     ///< nothing of it was or will be handed out
};

/// The life of a block: all keys of one charge for one SIM.
enum class BlockState { generated, certified, issued, burned };

/// "GENERATED", "CERTIFIED", "ISSUED", "BURNED": as ledgers store them.
std::string_view name_of(BatchState state) noexcept;
std::string_view name_of(BlockState state) noexcept;

/// The inverse; nothing for another word.
std::optional<BatchState> batch_state_from(std::string_view name) noexcept;
std::optional<BlockState> block_state_from(std::string_view name) noexcept;

/// The state of a block whose batch is in `state`.
BlockState block_state_in(BatchState state) noexcept;

/// The table of allowed moves has a row for it.
bool may_move(BatchState from, BatchState to) noexcept;

/// The batch holds its order: no other batch of the same order may begin.
bool is_live(BatchState state) noexcept;

/// A run that ended early left it: whoever issues next brings it to an end.
bool is_unfinished(BatchState state) noexcept;

}  // namespace lightseed
