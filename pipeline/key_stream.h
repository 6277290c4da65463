#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/patience.h"
#include "core/secret_bytes.h"
#include "entropy/account.h"
#include "entropy/extract/extractor.h"
#include "entropy/extract/run_plan.h"
#include "evidence/extraction_record.h"
#include "pipeline/gated_source.h"

namespace lightseed {

/// Measures min-entropy on raw samples of the run itself; the caller injects the method (stats/ is not our room).
/// Throws Error(not_enough_data) or Error(verdict) when it cannot.
using Assess = std::function<MinEntropy(std::span<const std::byte> raw, const SampleFormat& format)>;

/// A second source of randomness for the extractor's seed, apart from the one that keys are made of.
struct SeedSource {
  std::string uri;          ///< says on record where the seed came from
  double log2_epsilon = 0;  ///< how close to uniform its bits are; charged once, at most half of the run's epsilon
  std::function<void(std::span<std::byte> out)> fill;
};

struct KeyStreamSettings {
  std::uint64_t bytes = 0;                      ///< how much will be asked for, from 1 to 2^61 - 1
  double log2_epsilon = -64;                    ///< distance from uniform of everything together, -1000 to below 0
  std::string extractor = "modified-toeplitz";  ///< any of extractors() with a seed
  std::size_t block_bits = 16384;               ///< raw bits of a block; some kinds take the next length below
  std::optional<SeedSource> seed{};             ///< its bits are XORed onto the operating system's
  double alpha_log2 = -30;                      ///< false-alarm rate of the health tests
  std::uint64_t assessed_samples = 1'000'000;   ///< raw samples for the assessment; they make no keys
};

/// Raw samples to full-entropy bytes: source → health gate → extractor, with the books kept.
///
/// Construction starts the source, runs the start-up test, assesses raw samples of this run, takes the lower of the
/// model's claim and the measurement, and plans the blocks. Only then is the extractor's seed drawn: from the operating
/// system, so that it is uniform to whoever cannot break that generator, and from a second source where there is one.
class KeyStream {
 public:
  /// Throws what GatedSource and plan_run() throw: Error(refused) when the claim yields nothing, Error(usage) for
  /// settings out of range.
  KeyStream(Source& source, const KeyStreamSettings& settings, const Assess& assess, const Patience& patience);

  /// The next bytes. Throws what GatedSource throws, and Error(refused) when more is asked for than was planned;
  /// `out` is wiped then.
  void fill(std::span<std::byte> out, const Patience& patience);

  [[nodiscard]] const SourceInfo& info() const noexcept { return gated_.info(); }
  [[nodiscard]] const RunPlan& plan() const noexcept { return plan_; }

  /// What was extracted so far.
  [[nodiscard]] ExtractionRecord extraction() const;

  /// What happened, for a certificate: members source, entropy, health, extractor (docs/certificate.md).
  [[nodiscard]] Json evidence();

 private:
  GatedSource gated_;
  std::string started_;
  MinEntropy measured_;
  RunPlan plan_;
  EpsilonAccount account_;
  std::unique_ptr<Extractor> extractor_;
  ExtractorSeedRecord seed_;
  SecretBytes raw_;  ///< admitted samples; from raw_used_ to raw_end_ they wait for their block
  std::size_t raw_used_ = 0;
  std::size_t raw_end_ = 0;
  std::size_t raw_step_ = 0;  ///< bytes of one read, whole windows
  SecretBytes block_;         ///< one block as words, for blocks that do not lie in raw_ as such
  SecretBytes output_;        ///< one block of output
  std::size_t output_bytes_ = 0;
  std::size_t output_used_ = 0;

  void make_extractor(const std::optional<SeedSource>& second);
  void next_block(const Patience& patience);
  std::span<const std::uint64_t> next_raw(const Patience& patience);
};

/// Recomputes everything in an evidence() that follows from something else in it: cut-offs from the claim, the claim
/// from model and measurement, output lengths and epsilon from the claim, raw bytes from blocks. `key_bits`: bits that
/// were made of it. Returns one sentence a fault; none when all fits. The measurement itself is checked by whoever
/// knows its method.
std::vector<std::string> faults_of_evidence(const Json& evidence, std::uint64_t key_bits);

}  // namespace lightseed
