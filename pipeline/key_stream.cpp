// SPDX-License-Identifier: Apache-2.0
#include "pipeline/key_stream.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <ctime>
#include <limits>

#include "core/bits.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/digest.h"
#include "pipeline/binding.h"
#include "pipeline/planned_run.h"
#include "stats/health/false_alarms.h"

namespace lightseed {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;  // stays in the second-level cache together with the seed tables

/// Reads and assesses raw samples; they are wiped, no key is made of them.
///
/// Their digest is published. None of the samples that make keys is: an unsalted digest of those would be side
/// information that the bound on the extractor's output does not allow for.
MinEntropy assess_run(GatedSource& gated, const KeyStreamSettings& settings, const Assess& assess,
                      const Patience& patience, std::string& digest) {
  const SampleFormat& format = gated.info().format;
  const std::size_t bytes = format.bytes_for(settings.assessed_samples);
  const std::size_t window = gated.window_bytes();
  SecretBytes raw((bytes + window - 1) / window * window);
  gated.read(raw.bytes(), patience);
  digest = hex(sha256(raw.bytes().first(bytes)));
  return assess(raw.bytes().first(bytes), format);
}

/// How the gate is set. The run's length is not known before its samples are assessed; twice what the claim alone asks
/// for is near enough for a false-alarm rate.
GateOptions gate_options(const SourceInfo& info, const KeyStreamSettings& settings) {
  const double wanted = 16.0 * static_cast<double>(settings.bytes) / claim_of(info);
  const auto planned = static_cast<std::uint64_t>(std::min(wanted, 0x1p62)) + settings.assessed_samples;
  return {.alpha_log2 = settings.alpha_log2.value_or(health::alpha_log2_for(planned)),
          .progress = settings.progress,
          .notice = settings.notice};
}

}  // namespace

KeyStream::KeyStream(Source& source, const KeyStreamSettings& settings, const Assess& assess, const Patience& patience)
    : gated_(source, gate_options(source.info(), settings)),
      started_(utc_text(std::time(nullptr))),
      account_(settings.log2_epsilon),
      left_(settings.bytes) {
  // What can be refused without touching the source is refused before it is started.
  if (settings.calibration_binds) require_calibrated(info());
  static_cast<void>(planned_run(settings, info().format, claim_of(info())));
  if (settings.seed && settings.seed->uri == info().uri) {
    throw Error(
        Category::refused,
        fmt::format("{} cannot give the seed of the extractor that its own samples go through: the seed must be "
                    "independent of them",
                    info().uri));
  }
  gated_.start(patience);
  measured_ = assess_run(gated_, settings, assess, patience, assessed_sha256_);
  double used = std::min(info().claim.bits_per_sample, measured_.bits_per_sample);
  if (settings.calibration_binds) {
    binding_ = calibrated_binding(info(), measured_, gated_.record());
    used = info().claim.bits_per_sample;
  }
  plan_ = planned_run(settings, info().format, used);
  account_ = EpsilonAccount(plan_.log2_epsilon_limit);
  make_extractor(settings.seed);

  const std::size_t window = gated_.window_bytes();
  raw_step_ = (std::max(chunk_bytes, plan_.raw_bytes()) + window - 1) / window * window;
  raw_ = SecretBytes((plan_.raw_bytes() + raw_step_ + 7) / 8 * 8);
  block_ = SecretBytes(words_for(plan_.block.shape.input_bits) * sizeof(std::uint64_t));
  output_ = SecretBytes(words_for(plan_.block.shape.output_bits) * sizeof(std::uint64_t));
  output_bytes_ = plan_.block.shape.output_bits / 8;
  output_used_ = output_bytes_;
}

void KeyStream::make_extractor(const std::optional<SeedSource>& second) {
  const ExtractorShape& shape = plan_.block.shape;
  SecretBytes seed(words_for(shape.seed_bits) * sizeof(std::uint64_t));
  system_random(seed.bytes());
  if (second) {
    SecretBytes more(seed.size());
    second->fill(more.bytes());
    for (std::size_t i = 0; i < seed.words().size(); ++i)
      seed.words()[i] ^= more.words()[i];
    account_.charge_seed(second->log2_epsilon);
    seed_.origin = ExtractorSeedRecord::Origin::second_source;
    seed_.source = second->uri;
    seed_.log2_epsilon = second->log2_epsilon;
  }
  if (shape.seed_bits % 64 != 0) seed.words().back() &= (std::uint64_t{1} << shape.seed_bits % 64) - 1;
  seed_.bits = shape.seed_bits;
  seed_.sha256 = hex(sha256(seed.bytes().first((shape.seed_bits + 7) / 8)));
  extractor_ = extractor_kind(plan_.block.extractor).make(shape, seed.words(), active_target());
}

/// The next block's samples as words_for(n) words.
std::span<const std::uint64_t> KeyStream::next_raw(const Patience& patience) {
  const std::size_t bytes = plan_.raw_bytes();
  if (raw_end_ - raw_used_ < bytes) {
    const auto left = raw_.bytes().subspan(raw_used_, raw_end_ - raw_used_);
    std::copy(left.begin(), left.end(), raw_.bytes().begin());
    raw_used_ = 0;
    raw_end_ = left.size();
    gated_.read(raw_.bytes().subspan(raw_end_, raw_step_), patience);
    raw_end_ += raw_step_;
  }
  const std::size_t from = raw_used_;
  raw_used_ += bytes;
  if (from % 8 == 0 && bytes == block_.size()) return raw_.words().subspan(from / 8, bytes / 8);
  std::ranges::copy(raw_.bytes().subspan(from, bytes), block_.bytes().begin());  // the rest of it stays zero
  return block_.words();
}

void KeyStream::next_block(const Patience& patience) {
  const std::span<const std::uint64_t> raw = next_raw(patience);
  account_.charge(plan_.block.log2_epsilon, 1);
  extractor_->extract(raw, output_.words());
  output_used_ = 0;
}

void KeyStream::fill(std::span<std::byte> out, const Patience& patience) try {
  for (std::span<std::byte> rest = out; !rest.empty();) {
    if (output_used_ == output_bytes_) next_block(patience);
    const auto ready = output_.bytes().first(output_bytes_).subspan(output_used_);
    const std::size_t part = std::min(rest.size(), ready.size());
    std::copy_n(ready.begin(), part, rest.begin());
    output_used_ += part;
    rest = rest.subspan(part);
  }
  const bool some_left = left_ > 0;
  left_ -= std::min<std::uint64_t>(left_, out.size());
  if (some_left && left_ == 0) gated_.finish(patience);
} catch (...) {
  explicit_bzero(out.data(), out.size());
  throw;
}

RunRecord KeyStream::record() {
  return {.source = info(),
          .started = started_,
          .stopped = utc_text(std::time(nullptr)),
          .raw_bytes = gated_.bytes_admitted(),
          .assessed_sha256 = assessed_sha256_,
          .status = gated_.status(),
          .measured = measured_,
          .binding = binding_,
          .gate = gated_.record(),
          .extraction = record_of(plan_, seed_, account_)};
}

}  // namespace lightseed
