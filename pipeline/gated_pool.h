// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/gated_flow.h"
#include "pipeline/pool_member.h"

namespace lightseed {

/// Several sources as one flow, each behind a gate and on a thread of its own; their blocks follow one another as they
/// come, so that whoever reads gets whole stretches of one source.
///
/// A source whose gate raises an alarm that chance explains drops its block, repeats its start-up test and stays, as it
/// would alone. One that ends, for whatever reason, leaves: the others go on, a person is told at once, and the record
/// keeps why. When none is left, read() says how the last one ended. A slow source does not hold up the others: the
/// pool starts with the first that has passed its start-up test, once all have been tried to open.
class GatedPool final : public GatedFlow {
 public:
  /// `members`, of equal sample formats, outlive the pool; `name` is what sentences call it.
  GatedPool(const std::vector<std::unique_ptr<Source>>& members, std::string name, const GateOptions& options);
  ~GatedPool() override;
  GatedPool(const GatedPool&) = delete;
  GatedPool& operator=(const GatedPool&) = delete;

  [[nodiscard]] Read start(const Patience& patience) override;
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override;
  /// The same for any number of bytes; what came before a deadline or a stop is kept, with the state `timeout` or
  /// `stopped`.
  [[nodiscard]] Read read_some(std::span<std::byte> out, const Patience& patience);
  void stop() noexcept override;

  [[nodiscard]] std::size_t window_bytes() const noexcept override { return window_; }
  [[nodiscard]] GateRecord record() const override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  std::string name_;
  GateOptions options_;
  SampleFormat format_;
  std::size_t window_ = 1;
  mutable PoolShared shared_;
  std::vector<std::unique_ptr<PoolMember>> members_;

  // With the lock held.
  [[nodiscard]] bool may_begin() const;
  [[nodiscard]] bool one_has_joined() const;
  [[nodiscard]] const Read* end_of_all() const;
  [[nodiscard]] std::size_t take(std::span<std::byte> out);
  /// Gives the lock back while somebody is told.
  void tell(Lock& lock, std::string_view what, std::uint64_t samples, std::uint64_t wanted);
  void tell_start_up(Lock& lock);
};

}  // namespace lightseed
