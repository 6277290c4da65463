// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/secret_bytes.h"
#include "pipeline/gated_reader.h"

namespace lightseed {

class PoolMember;

/// Admitted samples of one member, in a row.
struct PoolBlock {
  SecretBytes bytes;
  std::size_t taken = 0;
  PoolMember* from = nullptr;
};

/// What the members of a pool share with whoever reads it.
struct PoolShared {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<PoolBlock*> ready;     ///< in the order they were finished
  std::deque<std::string> notices;  ///< until the reading thread tells them
};

/// One source of a pool behind its own gate, on a thread of its own.
///
/// The thread starts the source, runs the start-up test, reads admitted blocks and queues them, a few ahead of the
/// reader, until it is asked to stop or the source has ended. Nothing but the queue is shared with other threads; what
/// others may ask meanwhile is kept under the shared lock.
class PoolMember {
 public:
  /// How far it came; that it has ended since is ended().
  enum class Stage { opening, start_up, joined };

  /// Throws as GatedReader does. `source` and `shared` outlive the member.
  PoolMember(Source& source, const GateOptions& options, PoolShared& shared);

  [[nodiscard]] std::size_t window_bytes() const noexcept { return reader_.window_bytes(); }

  /// Once. `deadline` is for the start alone.
  void start(SteadyClock::time_point deadline);
  void ask_to_stop() noexcept { thread_.request_stop(); }
  /// Waits for the thread, then stops the source.
  void stop() noexcept;

  // The following with the shared lock held.
  [[nodiscard]] Stage stage() const noexcept { return stage_; }
  /// How the source ended, or that it was asked to stop.
  [[nodiscard]] const std::optional<Read>& ended() const noexcept { return ended_; }
  /// Of a start-up test that is under way: samples that came, and that are wanted.
  [[nodiscard]] std::uint64_t start_up_samples() const noexcept { return start_up_samples_; }
  [[nodiscard]] std::uint64_t start_up_wanted() const noexcept { return start_up_wanted_; }
  void handed_on(std::size_t bytes) noexcept { bytes_ += bytes; }
  void give_back(PoolBlock& block);
  [[nodiscard]] GatedMember record() const;

 private:
  static constexpr std::size_t blocks_ahead = 4;

  PoolShared& shared_;
  GatedReader reader_;
  std::array<PoolBlock, blocks_ahead> blocks_;
  std::vector<PoolBlock*> free_;
  Stage stage_ = Stage::opening;
  std::optional<Read> ended_;
  std::uint64_t start_up_samples_ = 0, start_up_wanted_ = 0;
  std::uint64_t bytes_ = 0;  ///< handed on
  HealthRecord health_;      ///< after the last block that was queued, or at the end
  std::jthread thread_;

  [[nodiscard]] GateOptions heard(const GateOptions& options);
  void run(const std::stop_token& stop, SteadyClock::time_point deadline);
  [[nodiscard]] Read live(const std::stop_token& stop, SteadyClock::time_point deadline);
  [[nodiscard]] PoolBlock* next_free(const std::stop_token& stop);
};

}  // namespace lightseed
