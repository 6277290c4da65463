// SPDX-License-Identifier: Apache-2.0
#include "stats/input/forms/fixed_width.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace lightseed::stats::sample_forms {
namespace {

class FixedWidthDecoder final : public FormDecoder {
 public:
  FixedWidthDecoder(const InputOptions& options, std::span<const std::byte> head, const FixedWidth& layout)
      : layout_(layout) {
    std::vector<std::int64_t> first;
    decode(head, first);
    width_ = width_for(options, {.bits = std::min(32U, layout.bytes * 8), .with_sign = layout.with_sign}, first);
    at_ = 0;
    numbers_ = 0;
    word_ = 0;
  }

  [[nodiscard]] SampleWidth width() const override { return width_; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    for (const std::byte byte : in) {
      if (at_++ < layout_.header) continue;
      if (layout_.numbers && numbers_ == *layout_.numbers) return;
      const auto place = static_cast<unsigned>((at_ - 1 - layout_.header) % layout_.bytes);
      const unsigned shift = 8 * (layout_.big_endian ? layout_.bytes - 1 - place : place);
      word_ |= std::to_integer<std::uint64_t>(byte) << shift;
      if (place + 1 < layout_.bytes) continue;
      if (numbers_++ % layout_.series == layout_.which) out.push_back(number());
      word_ = 0;
    }
  }

  void check_length(std::uint64_t bytes) const override {
    const std::uint64_t behind = bytes - std::min(bytes, layout_.header);
    if (layout_.numbers && behind / layout_.bytes < *layout_.numbers) {
      throw Error(Category::malformed, fmt::format("its header promises {} numbers, {} are there: is the file cut off?",
                                                   *layout_.numbers, behind / layout_.bytes));
    }
    if (!layout_.numbers && behind % layout_.bytes != 0) {
      throw Error(Category::usage,
                  fmt::format("{} bytes end in the middle of a number of {} bytes: is the file cut off?", bytes,
                              layout_.bytes));
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> samples_in(std::uint64_t bytes) const override {
    const std::uint64_t there = (bytes - std::min(bytes, layout_.header)) / layout_.bytes;
    return std::min(there, layout_.numbers.value_or(UINT64_MAX)) / layout_.series;
  }

  [[nodiscard]] std::optional<std::uint64_t> bytes_for(std::uint64_t samples) const override {
    return layout_.header + samples * layout_.series * layout_.bytes;
  }

 private:
  FixedWidth layout_;
  SampleWidth width_{};
  std::uint64_t at_ = 0;       ///< bytes seen
  std::uint64_t numbers_ = 0;  ///< whole numbers seen
  std::uint64_t word_ = 0;     ///< bytes of the number that is coming

  [[nodiscard]] std::int64_t number() const {
    const unsigned unused = 64 - 8 * layout_.bytes;
    if (layout_.with_sign) return static_cast<std::int64_t>(word_ << unused) >> unused;
    // Beyond 63 bits no sample is meant; what is too wide is refused by its value, so the value must stay too wide.
    return static_cast<std::int64_t>(std::min(word_, std::uint64_t{INT64_MAX}));
  }
};

}  // namespace

std::unique_ptr<FormDecoder> fixed_width(const InputOptions& options, std::span<const std::byte> head,
                                         const FixedWidth& layout) {
  return std::make_unique<FixedWidthDecoder>(options, head, layout);
}

}  // namespace lightseed::stats::sample_forms
