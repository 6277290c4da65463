// SPDX-License-Identifier: Apache-2.0
#include "pipeline/key_stream.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <limits>
#include <utility>

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

constexpr std::size_t stretch_bytes = 64 * 1024;  // stays in the second-level cache together with the seed tables
constexpr std::size_t stretch_ahead_bytes = 256 * 1024;  // threads wait for each other less often
constexpr std::size_t handy_at_once = 256 * 1024;
/// Samples a second below which nobody is kept waiting for a whole block.
constexpr double slow_rate = 1e6;
/// Steps of longer blocks are not read ahead: five of them would take too much memory.
constexpr std::size_t most_step_ahead = std::size_t{1} << 20;

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
GateOptions gate_options(const SourceInfo& info, const KeyStreamSettings& settings,
                         decltype(GateOptions::progress) progress, decltype(GateOptions::notice) notice) {
  const double wanted = 16.0 * static_cast<double>(settings.bytes) / claim_of(info);
  const auto planned = static_cast<std::uint64_t>(std::min(wanted, 0x1p62)) + settings.assessed_samples;
  return {.alpha_log2 = settings.alpha_log2.value_or(health::alpha_log2_for(planned)),
          .progress = std::move(progress),
          .notice = std::move(notice)};
}

}  // namespace

KeyStream::KeyStream(Source& source, const KeyStreamSettings& settings, const Assess& assess, const Patience& patience)
    : gated_(source, gate_options(source.info(), settings, progress_of(settings), notice_of(settings))),
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

  output_bytes_ = plan_.block.shape.output_bits / 8;
  streams_ = can_stream();
  block_ = SecretBytes(words_for(plan_.block.shape.input_bits) * sizeof(std::uint64_t));
  output_ = SecretBytes(words_for(plan_.block.shape.output_bits) * sizeof(std::uint64_t));
  output_end_ = output_used_ = output_bytes_;
  read_in_steps(settings, !source.waits(), patience);
}

KeyStream::~KeyStream() {
  if (raw_) raw_->end();  // the reader may ask what else is here
}

/// Of a caller who hears of samples in his own thread; what is read ahead comes too fast to be shown.
decltype(GateOptions::progress) KeyStream::progress_of(const KeyStreamSettings& settings) const {
  if (!settings.progress) return {};
  return [this, show = settings.progress](std::string_view what, std::uint64_t done, std::uint64_t wanted) {
    if (!raw_ || !raw_->in_reader()) show(what, done, wanted);
  };
}

decltype(GateOptions::notice) KeyStream::notice_of(const KeyStreamSettings& settings) {
  if (!settings.notice) return {};
  return [this, tell = settings.notice](const std::string& sentence) {
    if (raw_) {
      raw_->tell(sentence);
    } else {
      tell(sentence);
    }
  };
}

void KeyStream::read_in_steps(const KeyStreamSettings& settings, bool may_read_ahead, const Patience& patience) {
  const std::size_t window = gated_.window_bytes();
  const std::size_t step =
      streams_ ? window : (std::max(stretch_bytes, plan_.raw_bytes()) + window - 1) / window * window;
  raw_.emplace(
      plan_.raw_bytes(), step, [this](std::span<std::byte> out, const Patience& until) { gated_.read(out, until); },
      settings.notice);
  const std::uint64_t blocks = (settings.bytes + output_bytes_ - 1) / output_bytes_;
  const std::uint64_t steps = (blocks * plan_.raw_bytes() + step - 1) / step;
  if (settings.read_ahead && may_read_ahead && step <= most_step_ahead && steps > 1) {
    raw_->read_ahead(steps, std::max<std::size_t>(1, stretch_ahead_bytes / step), patience);
  }
}

GateRecord KeyStream::gate() {
  raw_->end();
  return gated_.record();
}

/// Slow sources, and blocks whose parts are whole words.
bool KeyStream::can_stream() const {
  const ExtractorShape& shape = plan_.block.shape;
  const std::size_t head = extractor_->mask_input_bits();
  return info().nominal_rate > 0 && info().nominal_rate < slow_rate && head > 0 && head % 64 == 0 &&
         shape.output_bits % 64 == 0 && plan_.raw_bytes() * 8 == shape.input_bits;
}

std::size_t KeyStream::handy_bytes() const noexcept {
  return streams_ ? gated_.window_bytes() : handy_at_once;
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

/// Reads until so many admitted bytes wait, at most a block's.
void KeyStream::wait_for_raw(std::size_t bytes, const Patience& patience) {
  while (admitted_.size() < bytes)
    admitted_ = raw_->next(std::exchange(admitted_, {}), patience);
}

std::span<const std::byte> KeyStream::take_raw(std::size_t bytes) {
  const auto taken = admitted_.first(bytes);
  admitted_ = admitted_.subspan(bytes);
  return taken;
}

/// Admitted bytes as words: themselves where they lie so, or a copy in block_, whose other bytes stay zero.
std::span<const std::uint64_t> KeyStream::as_words(std::span<const std::byte> raw) {
  if (const auto words = raw_->as_words(raw)) return *words;
  std::ranges::copy(raw, block_.bytes().begin());
  return block_.words().first((raw.size() + 7) / 8);
}

void KeyStream::next_block(const Patience& patience) {
  wait_for_raw(plan_.raw_bytes(), patience);
  account_.charge(plan_.block.log2_epsilon, 1);
  extractor_->extract(as_words(take_raw(plan_.raw_bytes())), output_.words());
  output_end_ = output_bytes_;
  output_used_ = 0;
}

/// The mask of the next block, where its output will be.
void KeyStream::next_mask(const Patience& patience) {
  const std::size_t head = extractor_->mask_input_bits() / 8;
  wait_for_raw(head, patience);
  account_.charge(plan_.block.log2_epsilon, 1);
  extractor_->mask(as_words(take_raw(head)), output_.words());
  output_end_ = output_used_ = 0;
}

void KeyStream::next_output(const Patience& patience) {
  if (!streams_) return next_block(patience);
  if (output_end_ == output_bytes_) next_mask(patience);
  wait_for_raw(1, patience);
  const auto raw = take_raw(std::min(admitted_.size(), output_bytes_ - output_end_));
  const auto masked = output_.bytes().subspan(output_end_, raw.size());
  std::ranges::transform(masked, raw, masked.begin(), std::bit_xor<>());
  output_end_ += raw.size();
}

void KeyStream::fill(std::span<std::byte> out, const Patience& patience) try {
  // Samples may be there for a long time to come.
  if (patience.stopped()) throw Error(Category::interrupted, "interrupted");
  for (std::span<std::byte> rest = out; !rest.empty();) {
    if (output_used_ == output_end_) next_output(patience);
    const auto ready = output_.bytes().first(output_end_).subspan(output_used_);
    const std::size_t part = std::min(rest.size(), ready.size());
    std::copy_n(ready.begin(), part, rest.begin());
    output_used_ += part;
    rest = rest.subspan(part);
  }
  const bool some_left = left_ > 0;
  left_ -= std::min<std::uint64_t>(left_, out.size());
  if (!some_left || left_ > 0) return;
  // A block counts as one that was extracted from as a whole, also where its last bytes are wanted by nobody.
  wait_for_raw(output_bytes_ - output_end_, patience);
  gated_.finish(patience);
} catch (...) {
  explicit_bzero(out.data(), out.size());
  throw;
}

RunRecord KeyStream::record() {
  raw_->end();
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
