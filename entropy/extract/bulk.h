// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "entropy/account.h"
#include "entropy/extract/extractor.h"

namespace lightseed {

/// What a bulk extraction did.
struct BulkResult {
  std::uint64_t blocks = 0;        ///< whole blocks extracted
  std::uint64_t output_bits = 0;   ///< bits produced; the last incomplete byte of them is not written
  std::uint64_t output_bytes = 0;  ///< bytes written
  std::uint64_t tail_bytes = 0;    ///< raw bytes left over that do not fill a block: discarded
};

/// How to extract a whole stream.
struct BulkOptions {
  unsigned threads = 1;
  /// Raw bits that do not fill a last block are refused unless this is set; they are never padded.
  bool discard_tail = false;
  /// Charged with this for every block before its output is written; may be null (no promise to keep).
  EpsilonAccount* account = nullptr;
  double log2_epsilon = 0;
  std::stop_token stop{};
};

/// Reads at most out.size() bytes; 0 at the end.
using BulkRead = std::function<std::size_t(std::span<std::byte> out)>;
using BulkWrite = std::function<void(std::span<const std::byte> bytes)>;

/// Cuts a byte stream into blocks of n bits (bit i of the stream is bit i%8 of byte i/8), extracts them on `threads`
/// threads and writes the outputs one after another, without gaps between them, in the order of the blocks.
///
/// read and write are called by one thread at a time. Throws what they throw; Error(refused) for a partial last block
/// and for an exhausted account; Error(not_enough_data) when there is no whole block; Error(interrupted).
BulkResult extract_stream(const Extractor& extractor, const BulkRead& read, const BulkWrite& write,
                          const BulkOptions& options);

}  // namespace lightseed
