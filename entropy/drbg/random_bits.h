// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/secret_bytes.h"
#include "entropy/drbg/drbg.h"
#include "evidence/expansion_record.h"

namespace lightseed {

/// What stands between full-entropy bits and the user: the constructions of SP 800-90C (2025).
enum class Construction {
  full_entropy,  ///< nothing: every output bit comes from the extractor
  rbg3_xor,      ///< RBG3(XOR): full-entropy bits XOR a DRBG seeded from the same stream; keeps the DRBG's security if
                 ///< the source fails after seeding
  rbg3_rs,       ///< RBG3(RS): a DRBG reseeded with s + 64 bits for every s bits of output
  rbg2,          ///< RBG2(P): a DRBG reseeded now and then: computational security, any amount of output
};

/// What a construction keeps, in one sentence for a person.
std::string_view words_for(Construction construction) noexcept;

/// "full-entropy", "rbg3-xor", "rbg3-rs", "rbg2".
std::string_view name_of(Construction construction) noexcept;

/// The inverse. Throws Error(usage) listing the known ones.
Construction construction_from(std::string_view name);

/// Fills the span with full-entropy bytes, or throws.
using FullEntropy = std::function<void(std::span<std::byte> out)>;

/// An SP 800-90C construction over a stream of full-entropy bits.
///
/// The DRBG is instantiated with 3 s / 2 bits (entropy and nonce), s = 256. A failing source ends everything: what it
/// throws passes through and nothing is generated in its place.
class RandomBits {
 public:
  /// `drbg`: a name of Drbg::names() with s = 256. `bytes_per_seed`: RBG2 reseeds before it
  /// would pass this many bytes, at most 2^16 * 2^48.
  struct Settings {
    Construction construction = Construction::full_entropy;
    std::string drbg = "hmac-sha2-256";
    std::uint64_t bytes_per_seed = std::uint64_t{1} << 20;
  };

  /// Throws Error(usage) for settings that do not fit.
  RandomBits(Settings settings, FullEntropy source);

  /// Full-entropy bytes that generating `bytes`, in calls of any length, takes from the source; to plan the extraction
  /// by.
  static std::uint64_t entropy_bytes(const Settings& settings, std::uint64_t bytes);

  /// What record() says once `bytes` were generated: what a verifier compares with.
  static ExpansionRecord record_of(const Settings& settings, std::uint64_t bytes);

  /// The settings behind a record. Throws Error(usage) for what is none.
  static Settings settings_from(const ExpansionRecord& record);

  void generate(std::span<std::byte> out);

  /// What was done so far.
  [[nodiscard]] ExpansionRecord record() const;

 private:
  Settings settings_;
  FullEntropy source_;
  std::unique_ptr<Drbg> drbg_;
  std::uint64_t taken_ = 0, produced_ = 0, reseeds_ = 0, since_seed_ = 0;
  SecretBytes spare_;           ///< RBG3(RS): the output of a reseed that nobody has asked for yet
  std::size_t spare_used_ = 0;  ///< of it

  void take(std::span<std::byte> out);
  void reseed(std::size_t bytes);
};

}  // namespace lightseed
