// SPDX-License-Identifier: Apache-2.0
#include "entropy/drbg/random_bits.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::size_t strength_bytes = 32;                   // s = 256 bits
constexpr std::size_t seed_bytes = strength_bytes * 3 / 2;   // instantiation: entropy and nonce
constexpr std::size_t rs_reseed_bytes = strength_bytes + 8;  // s + 64 bits
constexpr std::size_t xor_request_bytes = Drbg::most_bytes;

constexpr Construction all_constructions[] = {Construction::full_entropy, Construction::rbg3_xor, Construction::rbg3_rs,
                                              Construction::rbg2};

std::uint64_t pieces(std::uint64_t bytes, std::uint64_t piece) noexcept {
  return bytes / piece + (bytes % piece != 0 ? 1 : 0);
}

ExpansionRecord record_from(const RandomBits::Settings& settings, std::uint64_t produced, std::uint64_t taken,
                            std::uint64_t reseeds) {
  if (settings.construction == Construction::full_entropy) return {};
  return {.mode = std::string(name_of(settings.construction)),
          .drbg = settings.drbg,
          .strength_bits = strength_bytes * 8,
          .bytes = produced,
          .full_entropy_bytes = taken,
          .reseeds = reseeds,
          .bytes_per_seed = settings.construction == Construction::rbg2 ? settings.bytes_per_seed : 0};
}

}  // namespace

std::string_view words_for(Construction construction) noexcept {
  switch (construction) {
    case Construction::full_entropy: return "full entropy: every bit comes from the extractor";
    case Construction::rbg3_xor:
      return "full entropy: extractor output XOR a DRBG that was seeded from it; keeps the DRBG's security if the "
             "source "
             "fails after seeding (SP 800-90C, RBG3(XOR))";
    case Construction::rbg3_rs:
      return "full entropy: a DRBG reseeded with s + 64 bits for every s bits (SP 800-90C, RBG3(RS))";
    case Construction::rbg2:
      return "expanded: a DRBG seeded with full entropy; computational security (SP 800-90C, RBG2(P))";
  }
  return "unknown";
}

std::string_view name_of(Construction construction) noexcept {
  switch (construction) {
    case Construction::full_entropy: return "full-entropy";
    case Construction::rbg3_xor: return "rbg3-xor";
    case Construction::rbg3_rs: return "rbg3-rs";
    case Construction::rbg2: return "rbg2";
  }
  return "unknown";
}

Construction construction_from(std::string_view name) {
  for (const Construction construction : all_constructions)
    if (name == name_of(construction)) return construction;
  throw Error(Category::usage,
              fmt::format("unknown construction {}; it is full-entropy, rbg3-xor, rbg3-rs or rbg2", name));
}

RandomBits::RandomBits(Settings settings, FullEntropy source)
    : settings_(std::move(settings)), source_(std::move(source)) {
  if (settings_.construction == Construction::full_entropy) return;
  if (settings_.bytes_per_seed == 0 || pieces(settings_.bytes_per_seed, Drbg::most_bytes) > Drbg::most_requests) {
    throw Error(Category::usage,
                fmt::format("a DRBG seed serves 1 to 2^64 - 1 bytes, not {}", settings_.bytes_per_seed));
  }
  SecretBytes seed(seed_bytes);
  take(seed.bytes());
  drbg_ =
      std::make_unique<Drbg>(settings_.drbg, seed.bytes().first(strength_bytes), seed.bytes().subspan(strength_bytes));
  if (drbg_->strength() != strength_bytes * 8) {
    throw Error(Category::usage, fmt::format("{} has a strength of {} bits; the constructions here want 256",
                                             settings_.drbg, drbg_->strength()));
  }
  if (settings_.construction == Construction::rbg3_rs) {
    spare_ = SecretBytes(strength_bytes);
    spare_used_ = spare_.size();
  }
}

std::uint64_t RandomBits::entropy_bytes(const Settings& settings, std::uint64_t bytes) {
  switch (settings.construction) {
    case Construction::full_entropy: return bytes;
    case Construction::rbg3_xor: return seed_bytes + bytes;
    case Construction::rbg3_rs: return seed_bytes + pieces(bytes, strength_bytes) * rs_reseed_bytes;
    case Construction::rbg2:
      return seed_bytes + (bytes == 0 ? 0 : pieces(bytes, settings.bytes_per_seed) - 1) * strength_bytes;
  }
  return bytes;
}

void RandomBits::take(std::span<std::byte> out) {
  source_(out);
  taken_ += out.size();
}

void RandomBits::reseed(std::size_t bytes) {
  SecretBytes entropy(bytes);
  take(entropy.bytes());
  drbg_->reseed(entropy.bytes());
  ++reseeds_;
  since_seed_ = 0;
}

void RandomBits::generate(std::span<std::byte> out) {
  produced_ += out.size();
  switch (settings_.construction) {
    case Construction::full_entropy: take(out); return;
    case Construction::rbg3_xor: {
      SecretBytes mask(std::min(out.size(), xor_request_bytes));
      while (!out.empty()) {
        const std::size_t step = std::min(out.size(), mask.size());
        take(out.first(step));
        drbg_->generate(mask.bytes().first(step));
        for (std::size_t i = 0; i < step; ++i)
          out[i] ^= mask.data()[i];
        out = out.subspan(step);
      }
      return;
    }
    case Construction::rbg3_rs:
      while (!out.empty()) {
        if (spare_used_ == spare_.size()) {
          reseed(rs_reseed_bytes);
          drbg_->generate(spare_.bytes());
          spare_used_ = 0;
        }
        const std::size_t step = std::min(out.size(), spare_.size() - spare_used_);
        std::copy_n(spare_.bytes().begin() + static_cast<std::ptrdiff_t>(spare_used_), step, out.begin());
        spare_used_ += step;
        out = out.subspan(step);
      }
      return;
    case Construction::rbg2:
      while (!out.empty()) {
        if (since_seed_ == settings_.bytes_per_seed) reseed(strength_bytes);
        const auto step = static_cast<std::size_t>(
            std::min<std::uint64_t>({out.size(), Drbg::most_bytes, settings_.bytes_per_seed - since_seed_}));
        drbg_->generate(out.first(step));
        since_seed_ += step;
        out = out.subspan(step);
      }
      return;
  }
}

ExpansionRecord RandomBits::record() const {
  return record_from(settings_, produced_, taken_, reseeds_);
}

ExpansionRecord RandomBits::record_of(const Settings& settings, std::uint64_t bytes) {
  std::uint64_t reseeds = 0;
  if (settings.construction == Construction::rbg3_rs) reseeds = pieces(bytes, strength_bytes);
  if (settings.construction == Construction::rbg2 && bytes > 0) reseeds = pieces(bytes, settings.bytes_per_seed) - 1;
  return record_from(settings, bytes, entropy_bytes(settings, bytes), reseeds);
}

RandomBits::Settings RandomBits::settings_from(const ExpansionRecord& record) {
  Settings settings;
  if (record.mode == "none") return settings;
  settings.construction = construction_from(record.mode);
  settings.drbg = record.drbg;
  const auto& names = Drbg::names();
  if (settings.construction == Construction::full_entropy || settings.drbg == "ctr-aes-128" ||
      std::find(names.begin(), names.end(), settings.drbg) == names.end()) {
    throw Error(Category::usage,
                fmt::format("mode {} with {} is no construction of 256 bits", record.mode, settings.drbg));
  }
  if (settings.construction == Construction::rbg2) settings.bytes_per_seed = record.bytes_per_seed;
  return settings;
}

}  // namespace lightseed
