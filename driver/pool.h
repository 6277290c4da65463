#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver/registry.h"
#include "driver/source.h"

namespace lightseed {

/// Judges the samples of one device of a pool. Made by whoever knows health tests; the pool knows none.
class BlockJudge {
 public:
  virtual ~BlockJudge() = default;
  /// Forgets everything: the start-up test is due.
  virtual void restart() = 0;
  [[nodiscard]] virtual std::size_t start_up_bytes() const = 0;
  /// Blocks for admit() are multiples of this.
  [[nodiscard]] virtual std::size_t window_bytes() const = 0;
  /// What is wrong with exactly start_up_bytes(), or with a block; nothing when it may be used.
  [[nodiscard]] virtual std::optional<std::string> start_up(std::span<const std::byte> raw) = 0;
  [[nodiscard]] virtual std::optional<std::string> admit(std::span<const std::byte> raw) = 0;
  [[nodiscard]] virtual Json evidence() const = 0;

 protected:
  BlockJudge() = default;
  BlockJudge(const BlockJudge&) = default;
  BlockJudge& operator=(const BlockJudge&) = default;
};

using JudgeMaker = std::function<std::unique_ptr<BlockJudge>(const SourceInfo&)>;

/// Several devices as one source: a thread and a judge for each, their blocks one after the other as they come.
///
/// A device that fails, or that its judge finds unhealthy, leaves; status() keeps what happened, and the others go on.
/// When none is left, read() says how the last one ended. The claim is the least of the members', the provenance the
/// worst. Throws Error(usage) for no members or different sample formats.
std::unique_ptr<Source> make_pool(std::string uri, std::vector<std::unique_ptr<Source>> members,
                                  const JudgeMaker& judge);

/// The entries "usb:*" (every known device that is ready) and "pool:URI,URI,…" (these) for the sources in `registry`.
std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const JudgeMaker& judge);

}  // namespace lightseed
