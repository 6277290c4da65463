// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed {

/// Appends groups of bits to a span of words, for outputs whose length depends on the data.
class BitWriter {
 public:
  explicit BitWriter(std::span<std::uint64_t> out) noexcept : out_(out) {}

  /// The low `count` (0–64) bits of `bits`; the others must be zero.
  void append(std::uint64_t bits, unsigned count) noexcept {
    pending_ |= bits << fill_;
    if (fill_ + count >= 64) {
      out_[word_++] = pending_;
      pending_ = fill_ == 0 ? 0 : bits >> (64 - fill_);
    }
    written_ += count;
    fill_ = (fill_ + count) % 64;
  }

  /// Writes what is pending and zeros the rest of the span. Returns the number of bits.
  std::size_t finish() noexcept {
    if (fill_ != 0) out_[word_++] = pending_;
    while (word_ < out_.size())
      out_[word_++] = 0;
    return written_;
  }

 private:
  std::span<std::uint64_t> out_;
  std::uint64_t pending_ = 0;
  unsigned fill_ = 0;
  std::size_t word_ = 0, written_ = 0;
};

}  // namespace lightseed
