// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/patience.h"
#include "core/secret_bytes.h"
#include "entropy/account.h"
#include "entropy/extract/extractor.h"
#include "entropy/extract/run_plan.h"
#include "entropy/extract/shapes.h"
#include "evidence/run_record.h"
#include "pipeline/gated_source.h"
#include "pipeline/raw_steps.h"

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
  std::size_t block_bits = 16384;               ///< raw bits of a block that is chosen for yield
  Preference prefer = Preference::balanced;     ///< what the sizes of a block are chosen for
  /// The claim of a calibrated source counts although the measurement is lower: the operator's policy (binding.h).
  bool calibration_binds = false;
  std::optional<SeedSource> seed{};  ///< its bits are XORed onto the operating system's
  /// False-alarm rate of the health tests; by default it follows from the length of the run
  /// (stats/health/false_alarms.h).
  std::optional<double> alpha_log2{};
  std::uint64_t assessed_samples = 1'000'000;  ///< raw samples for the assessment; they make no keys
  /// Samples of a source that keeps nobody waiting are read and judged in a thread of their own. Then gate() and
  /// record() are for when all bytes were taken: they end it.
  bool read_ahead = false;
  decltype(GateOptions::progress) progress{};  ///< of raw samples, from the first second on
  decltype(GateOptions::notice) notice{};      ///< an intermittent alarm, a recovery: worth a person's attention
};

/// Raw samples to full-entropy bytes: source → health gate → extractor, with the books kept.
///
/// Construction starts the source, runs the start-up test, assesses raw samples of this run, takes the lower of the
/// model's claim and the measurement – or the claim alone, where a calibration binds –, and plans the blocks. Only then
/// is the extractor's seed drawn: from the operating system, so that it is uniform to whoever cannot break that
/// generator, and from a second source where there is one.
///
/// A source that delivers less than a million samples a second is not waited for block by block where the extractor has
/// a stream form: the mask is made of the block's first bits, and each later window is handed on as the gate admits
/// it. The bytes are the same. What differs is an alarm in the middle of a block: windows that were admitted before it
/// are out already, as whole blocks before it are otherwise.
class KeyStream {
 public:
  /// Throws what GatedSource and plan_run() throw: Error(refused) when the claim yields nothing, Error(usage) for
  /// settings out of range.
  KeyStream(Source& source, const KeyStreamSettings& settings, const Assess& assess, const Patience& patience);

  ~KeyStream();
  KeyStream(const KeyStream&) = delete;
  KeyStream& operator=(const KeyStream&) = delete;

  /// The next bytes. The last ones that were planned are handed out when the source has been looked at once more
  /// (GatedSource::finish). Throws what GatedSource throws, and Error(refused) when more is asked for than was planned;
  /// `out` is wiped then.
  void fill(std::span<std::byte> out, const Patience& patience);

  /// How many bytes a caller should ask for at a time who wants to hand them on without delay and without waste.
  [[nodiscard]] std::size_t handy_bytes() const noexcept;

  [[nodiscard]] const SourceInfo& info() const noexcept { return gated_.info(); }
  [[nodiscard]] const RunPlan& plan() const noexcept { return plan_; }

  /// What happened at the gate so far. Ends the reading ahead, and so the stream where bytes are still wanted.
  [[nodiscard]] GateRecord gate();

  /// What happened so far, for a certificate. Ends the reading ahead, too.
  [[nodiscard]] RunRecord record();

 private:
  GatedSource gated_;
  std::string started_;
  MinEntropy measured_;
  std::optional<BindingRecord> binding_;
  std::string assessed_sha256_;
  RunPlan plan_;
  EpsilonAccount account_;
  std::unique_ptr<Extractor> extractor_;
  ExtractorSeedRecord seed_;
  std::optional<RawSteps> raw_;
  std::span<const std::byte> admitted_;  ///< samples that wait for their block
  SecretBytes block_;                    ///< one block as words, for blocks that do not lie in raw_ as such
  SecretBytes output_;                   ///< one block of output
  std::size_t output_bytes_ = 0;         ///< of a block
  std::size_t output_end_ = 0;           ///< how many of them are made
  std::size_t output_used_ = 0;          ///< and handed out
  bool streams_ = false;                 ///< bytes are made window by window, in the stream form
  std::uint64_t left_;                   ///< of the bytes that will be asked for

  [[nodiscard]] decltype(GateOptions::progress) progress_of(const KeyStreamSettings& settings) const;
  [[nodiscard]] decltype(GateOptions::notice) notice_of(const KeyStreamSettings& settings);
  void read_in_steps(const KeyStreamSettings& settings, bool may_read_ahead, const Patience& patience);
  void make_extractor(const std::optional<SeedSource>& second);
  [[nodiscard]] bool can_stream() const;
  void next_output(const Patience& patience);
  void next_block(const Patience& patience);
  void next_mask(const Patience& patience);
  void wait_for_raw(std::size_t bytes, const Patience& patience);
  std::span<const std::byte> take_raw(std::size_t bytes);
  std::span<const std::uint64_t> as_words(std::span<const std::byte> raw);
};

}  // namespace lightseed
