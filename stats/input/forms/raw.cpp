// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/error.h"
#include "stats/input/forms/kinds.h"

/// Samples in plain containers: what sources deliver and a capture records.
namespace lightseed::stats::sample_forms {
namespace {

class Containers final : public FormDecoder {
 public:
  explicit Containers(const InputOptions& options)
      : format_(options.format), lsb_first_(options.lsb_first), big_endian_(options.big_endian) {}

  [[nodiscard]] SampleWidth width() const override { return {.bits = format_.bits}; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    if (format_.container_bits == 16) return pairs(in, out);
    if (format_.container_bits == 8) {
      for (const std::byte byte : in)
        out.push_back(std::to_integer<std::int64_t>(byte));
      return;
    }
    const unsigned width = format_.container_bits;
    const unsigned mask = (1U << width) - 1;
    for (const std::byte byte : in) {
      const auto value = std::to_integer<unsigned>(byte);
      for (unsigned at = 0; at < 8; at += width)
        out.push_back(value >> (lsb_first_ ? at : 8 - width - at) & mask);
    }
  }

  void check_length(std::uint64_t bytes) const override {
    if (format_.container_bits == 16 && bytes % 2 != 0) {
      throw Error(Category::usage,
                  fmt::format("{} bytes end in the middle of a 16-bit container: is the file cut off?", bytes));
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> samples_in(std::uint64_t bytes) const override {
    return format_.samples_in(bytes);
  }
  [[nodiscard]] std::optional<std::uint64_t> bytes_for(std::uint64_t samples) const override {
    return format_.bytes_for(samples);
  }

 private:
  SampleFormat format_;
  bool lsb_first_;
  bool big_endian_;
  std::optional<unsigned> half_{};  ///< the first byte of a container whose second has not come

  void pairs(std::span<const std::byte> in, std::vector<std::int64_t>& out) {
    for (const std::byte byte : in) {
      const auto value = std::to_integer<unsigned>(byte);
      if (half_) {
        out.push_back(big_endian_ ? *half_ << 8 | value : value << 8 | *half_);
        half_.reset();
      } else {
        half_ = value;
      }
    }
  }
};

}  // namespace

DecoderOwner raw(const InputOptions& options, Head /*head*/) {
  return std::make_unique<Containers>(options);
}

}  // namespace lightseed::stats::sample_forms
