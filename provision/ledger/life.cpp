// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/life.h"

#include <array>

#include "core/byte_views.h"
#include "core/hex.h"
#include "provision/ledger/event.h"

namespace lightseed {
namespace {

/// A batch is low when this part of its keys, or less, is left.
constexpr std::uint64_t low_part = 10;

constexpr std::array stage_names{
    std::pair{BlockStage::generated, "GENERATED"}, std::pair{BlockStage::certified, "CERTIFIED"},
    std::pair{BlockStage::burned, "BURNED"},       std::pair{BlockStage::held, "HELD"},
    std::pair{BlockStage::issued, "ISSUED"},       std::pair{BlockStage::loaded, "LOADED"},
    std::pair{BlockStage::active, "ACTIVE"},       std::pair{BlockStage::low, "LOW"},
    std::pair{BlockStage::exhausted, "EXHAUSTED"}, std::pair{BlockStage::rejected, "REJECTED"},
    std::pair{BlockStage::revoked, "REVOKED"},     std::pair{BlockStage::destroyed, "DESTROYED"}};

}  // namespace

std::string_view name_of(BlockStage stage) noexcept {
  for (const auto& [known, name] : stage_names)
    if (known == stage) return name;
  return "?";
}

std::string_view name_of(BlockEnding ending) noexcept {
  return ending == BlockEnding::rejected ? "REJECTED" : "REVOKED";
}

std::optional<BlockEnding> block_ending_from(std::string_view name) noexcept {
  for (const BlockEnding ending : {BlockEnding::rejected, BlockEnding::revoked})
    if (name == name_of(ending)) return ending;
  return std::nullopt;
}

BlockStage stage_of(const BlockFacts& facts) noexcept {
  switch (facts.batch) {
    case BatchState::generated: return BlockStage::generated;
    case BatchState::certified: return BlockStage::certified;
    case BatchState::burned: return BlockStage::burned;
    case BatchState::issued: break;
  }
  // What ends a block counts more than what it reached.
  if (facts.destroyed) return BlockStage::destroyed;
  if (facts.ending) return *facts.ending == BlockEnding::rejected ? BlockStage::rejected : BlockStage::revoked;
  if (facts.held) return BlockStage::held;
  if (facts.sides == 0) return BlockStage::issued;
  if (facts.sides < facts.sides_needed) return BlockStage::loaded;
  if (facts.keys == 0 || facts.used == 0) return BlockStage::active;
  if (facts.used >= facts.keys) return BlockStage::exhausted;
  return facts.keys - facts.used < (facts.keys + low_part - 1) / low_part ? BlockStage::low : BlockStage::active;
}

std::string digest_of_answer(std::string_view outlet, std::string_view receipt_sha256, std::string_view leaves_sha256) {
  std::string text;
  append_netstring(text, "lightseed/ledger-answer/v1");
  append_netstring(text, outlet);
  append_netstring(text, receipt_sha256);
  append_netstring(text, leaves_sha256);
  return hex(sha256(bytes_of(text)));
}

void LifeDigest::add(std::span<const std::byte> block, std::string_view words) {
  text_.clear();
  append_netstring(text_, hex(block));
  append_netstring(text_, words);
  hash_.update(text_);
}

std::string LifeDigest::digest() const {
  return hex(hash_.digest());
}

}  // namespace lightseed
