// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "driver/registry.h"
#include "driver/source.h"
#include "pipeline/gated_pool.h"

namespace lightseed {

/// Hears, on the thread that reads the pool, that a member has left it and why.
using PoolNotice = std::function<void(const std::string&)>;

/// Several sources as one, to be opened by a name like any other.
///
/// Whoever makes keys puts gates in front of it by gated_flow(), which takes the members and judges their samples once,
/// each member's by a gate of its own. Read as a plain source it yields the same samples without the evidence.
///
/// The claim is the least of the members', with the assumption that they are independent; the provenance is the worst.
class Pool final : public Source {
 public:
  /// `notice` hears what nobody else is told. Throws Error(usage) for no members, different sample formats, a member
  /// without a claim, and for the same source twice: equal names, serial numbers, device nodes, files or seeds.
  Pool(std::string uri, std::vector<std::unique_ptr<Source>> members, PoolNotice notice = {});

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& patience) override;
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override;
  [[nodiscard]] Json status() override;
  void stop() noexcept override;

  /// Its members behind gates; the pool must outlive them and must not be read itself meanwhile. Sentences go to the
  /// pool's own notice where the options have none.
  [[nodiscard]] std::unique_ptr<GatedPool> gated(const GateOptions& options);

 private:
  SourceInfo info_;
  std::vector<std::unique_ptr<Source>> members_;
  PoolNotice notice_;
  std::unique_ptr<GatedPool> flow_;
};

/// The entries "usb:*" (every known device that is ready) and "pool:URI,URI,…" (these) for the sources in `registry`.
std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const PoolNotice& notice = {});

}  // namespace lightseed
