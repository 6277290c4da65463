// SPDX-License-Identifier: Apache-2.0
#include "stats/input/forms/bit_groups.h"

#include <fmt/format.h>

#include <numeric>

#include "core/error.h"

namespace lightseed::stats::sample_forms {
namespace {

class BitGroups final : public FormDecoder {
 public:
  BitGroups(unsigned bits, bool lsb_first) : bits_(bits), lsb_first_(lsb_first) {}

  [[nodiscard]] SampleWidth width() const override { return {.bits = bits_}; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    const std::uint32_t mask = (1U << bits_) - 1;
    for (const std::byte byte : in) {
      const auto value = std::to_integer<std::uint32_t>(byte);
      // Less than 16 bits wait, so eight more fit.
      waiting_ = lsb_first_ ? waiting_ | value << count_ : waiting_ << 8 | value;
      for (count_ += 8; count_ >= bits_; count_ -= bits_) {
        if (lsb_first_) {
          out.push_back(waiting_ & mask);
          waiting_ >>= bits_;
        } else {
          out.push_back(waiting_ >> (count_ - bits_) & mask);
        }
      }
      if (!lsb_first_) waiting_ &= (1U << count_) - 1;
    }
  }

  void check_length(std::uint64_t bytes) const override {
    const unsigned group = std::lcm(bits_, 8U) / 8;
    if (bytes % group != 0) {
      throw Error(Category::usage, fmt::format("{} bytes are no multiple of the {} that {} samples of {} bits take: is "
                                               "the file cut off, or not packed like this?",
                                               bytes, group, group * 8 / bits_, bits_));
    }
  }

  [[nodiscard]] std::optional<std::uint64_t> samples_in(std::uint64_t bytes) const override {
    return bytes / bits_ * 8 + bytes % bits_ * 8 / bits_;
  }
  [[nodiscard]] std::optional<std::uint64_t> bytes_for(std::uint64_t samples) const override {
    return (samples * bits_ + 7) / 8;
  }

 private:
  unsigned bits_;
  bool lsb_first_;
  std::uint32_t waiting_ = 0;
  unsigned count_ = 0;  ///< bits that wait
};

}  // namespace

std::unique_ptr<FormDecoder> bit_groups(unsigned bits, bool lsb_first) {
  return std::make_unique<BitGroups>(bits, lsb_first);
}

}  // namespace lightseed::stats::sample_forms
