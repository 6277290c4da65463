#include "pipeline/key_stream.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <ctime>
#include <numeric>

#include "core/bits.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/digest.h"
#include "entropy/extract/modified_toeplitz/modified_toeplitz.h"

namespace lightseed {
namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;  // stays in the second-level cache together with the seed tables

double claim_of(const SourceInfo& info) {
  if (info.claim.bits_per_sample > 0) return info.claim.bits_per_sample;
  throw Error(Category::refused,
              fmt::format("{} makes no min-entropy claim, so nothing may be extracted from it; state "
                          "one with entropy=BITS_PER_SAMPLE if you can answer for it",
                          info.uri));
}

/// Reads and assesses raw samples; they are wiped, no key is made of them.
MinEntropy assess_run(GatedSource& gated, const KeyStreamSettings& settings, const Assess& assess,
                      const Patience& patience) {
  const SampleFormat& format = gated.info().format;
  const std::size_t bytes = format.bytes_for(settings.assessed_samples);
  const std::size_t window = gated.window_bytes();
  SecretBytes raw((bytes + window - 1) / window * window);
  gated.read(raw.bytes(), patience);
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
    : gated_(source, claim_of(source.info()), gate_options(source.info(), settings)),
      started_(utc_text(std::time(nullptr))),
      account_(settings.log2_epsilon) {
  gated_.start(patience);
  measured_ = assess_run(gated_, settings, assess, patience);
  const double used = std::min(info().claim.bits_per_sample, measured_.bits_per_sample);
  plan_ = plan_extraction(used, info().format, settings.bytes * 8, settings.log2_epsilon);

  SecretBytes seed(words_for(plan_.input_bits) * 8);
  system_random(seed.bytes());
  seed_sha256_ = hex(sha256(seed.bytes()));
  extractor_ = make_modified_toeplitz(plan_.input_bits, plan_.output_bits, seed.words());

  const std::size_t unit = std::lcm(plan_.input_bits / 8, gated_.window_bytes());
  raw_ = SecretBytes(std::max<std::size_t>(1, chunk_bytes / unit) * unit);
  raw_used_ = raw_.size();
  output_ = SecretBytes(plan_.output_bits / 8);
  output_used_ = output_.size();
}

void KeyStream::next_block(const Patience& patience) {
  if (raw_used_ == raw_.size()) {
    gated_.read(raw_.bytes(), patience);
    raw_used_ = 0;
  }
  account_.charge(plan_.log2_epsilon_block, 1);
  const std::size_t words = plan_.input_bits / 64;
  extractor_->extract(raw_.words().subspan(raw_used_ / 8, words), output_.words());
  raw_used_ += plan_.input_bits / 8;
  output_used_ = 0;
}

void KeyStream::fill(std::span<std::byte> out, const Patience& patience) try {
  for (std::span<std::byte> rest = out; !rest.empty();) {
    if (output_used_ == output_.size()) next_block(patience);
    const auto ready = output_.bytes().subspan(output_used_);
    const std::size_t part = std::min(rest.size(), ready.size());
    std::copy_n(ready.begin(), part, rest.begin());
    output_used_ += part;
    rest = rest.subspan(part);
  }
} catch (...) {
  explicit_bzero(out.data(), out.size());
  throw;
}

Json KeyStream::evidence() {
  Json source = to_json(info());
  source["started"] = started_;
  source["stopped"] = utc_text(std::time(nullptr));
  source["raw_bytes"] = gated_.bytes_admitted();
  source["raw_sha256"] = hex(gated_.digest());
  source["status"] = gated_.status();

  Json extractor{{"name", extractor_->name()}};
  extractor["plan"] = to_json(plan_);
  extractor["seed"] = {{"origin", "operating system generator (getrandom), fresh for this batch, never published"},
                       {"bits", extractor_->shape().seed_bits},
                       {"sha256", seed_sha256_}};
  extractor["epsilon"] = to_json(account_);

  return Json{{"source", std::move(source)},
              {"entropy",
               {{"modelled", to_json(info().claim)},
                {"measured", to_json(measured_)},
                {"used_bits_per_sample", plan_.bits_per_sample},
                {"rule", "the lower of the model's claim and the measurement on raw samples of this run"}}},
              {"health", edition_1_json(gated_.health())},
              {"extractor", std::move(extractor)}};
}

}  // namespace lightseed
