#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/json.h"
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

}  // namespace lightseed
