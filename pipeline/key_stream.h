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
#include "pipeline/gated_source.h"
#include "pipeline/plan.h"

namespace lightseed {

/// Measures min-entropy on raw samples of the run itself; the caller injects the method (stats/ is not our room).
/// Throws Error(not_enough_data) or Error(verdict) when it cannot.
using Assess = std::function<MinEntropy(std::span<const std::byte> raw, const SampleFormat& format)>;

struct KeyStreamSettings {
  std::uint64_t bytes = 0;  ///< how much will be asked for, > 0
  int log2_epsilon = -64;   ///< distance from uniform of everything together
  /// False-alarm rate of the health tests; by default it follows from the length of the run
  /// (stats/health/false_alarms.h).
  std::optional<double> alpha_log2{};
  std::uint64_t assessed_samples = 1'000'000;  ///< raw samples for the assessment; they make no keys
  decltype(GateOptions::progress) progress{};  ///< of raw samples, from the first second on
  decltype(GateOptions::notice) notice{};      ///< an intermittent alarm, a recovery: worth a person's attention
};

/// Raw samples to full-entropy bytes: source → health gate → extractor, with the books kept.
///
/// Construction starts the source, runs the start-up test, assesses raw samples of this run, takes the lower of the
/// model's claim and the measurement, plans the blocks, and draws the extractor's seed from the operating system.
class KeyStream {
 public:
  /// Throws what GatedSource throws, and Error(refused) when the claim yields nothing.
  KeyStream(Source& source, const KeyStreamSettings& settings, const Assess& assess, const Patience& patience);

  /// The next bytes. Throws what GatedSource throws, and Error(refused) when more is asked for than was planned;
  /// `out` is wiped then.
  void fill(std::span<std::byte> out, const Patience& patience);

  [[nodiscard]] const SourceInfo& info() const noexcept { return gated_.info(); }
  [[nodiscard]] const ExtractionPlan& plan() const noexcept { return plan_; }

  /// What happened at the health gate.
  [[nodiscard]] HealthRecord health() const { return gated_.health(); }

  /// What happened, for a certificate: members source, entropy, health, extractor (docs/certificate.md).
  [[nodiscard]] Json evidence();

 private:
  GatedSource gated_;
  std::string started_;
  MinEntropy measured_;
  ExtractionPlan plan_;
  EpsilonAccount account_;
  std::unique_ptr<Extractor> extractor_;
  std::string seed_sha256_;
  SecretBytes raw_;  ///< a chunk of whole blocks and whole windows
  std::size_t raw_used_;
  SecretBytes output_;  ///< one block of output
  std::size_t output_used_;

  void next_block(const Patience& patience);
};

/// Recomputes everything in an evidence() that follows from something else in it: cut-offs from the claim, the claim
/// from model and measurement, output lengths and epsilon from the claim, raw bytes from blocks. `key_bits`: bits that
/// were made of it. Returns one sentence a fault; none when all fits. The measurement itself is checked by whoever
/// knows its method.
std::vector<std::string> faults_of_evidence(const Json& evidence, std::uint64_t key_bits);

}  // namespace lightseed
