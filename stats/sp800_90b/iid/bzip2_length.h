// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace lightseed::sp800_90b {

/// Bytes that bzip2 (libbz2, block size 5) makes of the samples as decimal text with blanks between (5.1.11): the
/// compression statistic. The same number as libbz2's, without compressing: a length needs no bits put in a row, and
/// text of numbers sorts faster than text. Where that does not work out (see DecimalText), libbz2 itself is asked.
std::uint64_t bzip2_length(std::span<const std::uint8_t> samples);

/// The same by libbz2 alone.
std::uint64_t bzip2_length_by_library(std::span<const std::uint8_t> samples);

}  // namespace lightseed::sp800_90b
