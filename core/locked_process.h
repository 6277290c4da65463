// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed {

/// Keeps all of this process's memory out of swap space, what it will get included: for work on secrets whose buffers
/// are too many to be SecretBytes each. False, and nothing is changed, when the system does not allow that much.
bool lock_all_memory() noexcept;

/// The system has swap space in use, or cannot say.
bool memory_can_be_swapped();

}  // namespace lightseed
