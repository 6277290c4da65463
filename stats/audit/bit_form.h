// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lightseed::stats {

/// How bits lie in a file.
enum class BitForm {
  packed,  ///< eight a byte, the most significant first
  digits,  ///< characters 0 and 1, blanks and ends of lines between them
  bytes,   ///< one a byte, 0 or 1
};
std::string_view name_of(BitForm form) noexcept;  ///< "packed", "digits", "bytes"

/// What the beginning of a file looks like. Only what no random bytes ever look like is taken for digits or for one bit
/// a byte; nothing but zeros is packed.
BitForm recognised_form(std::span<const std::byte> beginning);

/// Makes packed bits of any form, piece by piece.
class BitPacker {
 public:
  explicit BitPacker(BitForm form) : form_(form) {}

  /// The packed bytes that are whole by now. Throws Error(malformed) for a byte that the form does not have.
  std::vector<std::byte> add(std::span<const std::byte> bytes);

  /// Bits so far that do not fill a byte.
  [[nodiscard]] unsigned left_over() const noexcept { return filled_; }

 private:
  BitForm form_;
  unsigned char byte_ = 0;
  unsigned filled_ = 0;
  std::uint64_t place_ = 0;
};

}  // namespace lightseed::stats
