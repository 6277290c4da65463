// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/bulk.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/bits.h"
#include "core/error.h"
#include "core/secret_bytes.h"

namespace lightseed {
namespace {

/// Raw bits of a chunk of short blocks: what was read is still in the second-level cache when it is extracted, and so
/// is the output when it is written.
constexpr std::size_t chunk_bits = std::size_t{2} << 20;

/// Blocks of a chunk. Kernels that take 64 blocks at once get multiples of that; long blocks go one by one, so that
/// memory is bounded by them.
std::size_t blocks_of_chunk(std::size_t n) {
  return n > chunk_bits / 64 ? std::max<std::size_t>(1, chunk_bits / n) : chunk_bits / n / 64 * 64;
}

/// The state all worker threads share. Each worker takes the next chunk under `reading`, extracts it on its own, and
/// waits for its turn to write: chunks overlap, their order stays.
///
/// Chunks are whole blocks and not always whole bytes: the byte that one ends in is the first byte of the next.
class Bulk {
 public:
  Bulk(const Extractor& extractor, const BulkRead& read, const BulkWrite& write, const BulkOptions& options)
      : extractor_(extractor),
        read_(read),
        write_(write),
        options_(options),
        chunk_blocks_(blocks_of_chunk(extractor.shape().input_bits)) {}

  void work() noexcept try {
    const ExtractorShape& shape = extractor_.shape();
    const std::size_t in = words_for(shape.input_bits);
    const std::size_t out = words_for(shape.output_bits);
    const bool aligned = shape.input_bits % 64 == 0;
    // A bit of the first byte and of the last one may be the neighbours'.
    SecretBytes raw(words_for(chunk_blocks_ * shape.input_bits + 7) * sizeof(std::uint64_t));
    SecretBytes blocks(aligned ? 0 : chunk_blocks_ * in * sizeof(std::uint64_t));
    SecretBytes outputs(chunk_blocks_ * out * sizeof(std::uint64_t));
    std::vector<std::size_t> lengths(shape.seed_bits == 0 ? chunk_blocks_ : 0);
    for (;;) {
      std::uint64_t ticket = 0;
      unsigned offset = 0;
      const std::size_t count = take(raw.bytes(), ticket, offset);
      if (count == 0) return;
      if (!aligned) {
        for (std::size_t b = 0; b < count; ++b)
          copy_bits(raw.words(), offset + b * shape.input_bits, blocks.words(), b * in * 64, shape.input_bits);
      }
      const std::span<const std::uint64_t> input = aligned ? raw.words() : blocks.words();
      if (lengths.empty()) {
        extractor_.extract_blocks(input, outputs.words(), count);
      } else {
        for (std::size_t b = 0; b < count; ++b)
          lengths[b] = extractor_.extract(input.subspan(b * in, in), outputs.words().subspan(b * out, out));
      }
      put(ticket, outputs.words(), lengths, count);
    }
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
    turned_.notify_all();
  }

  BulkResult finish() {
    if (failure_) std::rethrow_exception(failure_);
    return result_;
  }

 private:
  const Extractor& extractor_;
  const BulkRead& read_;
  const BulkWrite& write_;
  const BulkOptions& options_;
  std::size_t chunk_blocks_;

  std::mutex reading_;
  bool ended_ = false;
  std::byte shared_{};        ///< the byte that the chunk before ended in
  unsigned shared_bits_ = 0;  ///< of it that belong to that chunk; 0: it ended between bytes
  std::uint64_t next_ticket_ = 0;

  std::mutex mutex_;
  std::condition_variable turned_;
  std::uint64_t turn_ = 0;
  std::exception_ptr failure_;
  BulkResult result_;
  std::uint64_t pending_ = 0;  ///< output bits after the last whole word
  unsigned fill_ = 0;

  /// Reads a chunk, whose first bit is bit `offset` of `raw`. Returns its number of whole blocks; 0 at the end.
  std::size_t take(std::span<std::byte> raw, std::uint64_t& ticket, unsigned& offset) {
    const std::scoped_lock lock(reading_);
    if (ended_ || failed()) return 0;
    const std::size_t n = extractor_.shape().input_bits;
    offset = shared_bits_;
    if (offset != 0) raw[0] = shared_;
    const std::size_t wanted = (offset + chunk_blocks_ * n + 7) / 8;
    std::size_t got = offset != 0 ? 1 : 0;
    while (got < wanted) {
      if (options_.stop.stop_requested()) throw Error(Category::interrupted, "extraction was interrupted");
      const std::size_t step = read_(raw.subspan(got, wanted - got));
      if (step == 0) {
        ended_ = true;
        break;
      }
      got += step;
    }
    const std::size_t count = std::min(chunk_blocks_, (got * 8 - offset) / n);
    const std::size_t used = offset + count * n;
    if (ended_) end(got, used);
    shared_bits_ = static_cast<unsigned>(used % 8);
    if (shared_bits_ != 0) shared_ = raw[used / 8];
    ticket = next_ticket_;
    if (count != 0) ++next_ticket_;
    return count;
  }

  /// Of the last `bytes` bytes, blocks take the first `used` bits.
  void end(std::size_t bytes, std::size_t used) {
    const std::size_t left_bits = bytes * 8 - used;
    // Fewer than eight bits over are what rounding to bytes leaves; more of them are somebody's data.
    if (left_bits >= 8 && !options_.discard_tail) {
      const std::size_t n = extractor_.shape().input_bits;
      throw Error(Category::refused,
                  fmt::format("the raw data end with a partial block: {} of n = {} bits; blocks are never padded – cut "
                              "the data, choose another block length, or have what is over discarded",
                              left_bits, n));
    }
    result_.tail_bytes = bytes - (used + 7) / 8;
  }

  bool failed() {
    const std::scoped_lock lock(mutex_);
    return failure_ != nullptr;
  }

  /// Waits for the chunk's turn, charges the account and writes.
  void put(std::uint64_t ticket, std::span<std::uint64_t> outputs, const std::vector<std::size_t>& lengths,
           std::size_t count) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] { return turn_ == ticket || failure_; });
    if (failure_) return;
    if (options_.account != nullptr) options_.account->charge(options_.log2_epsilon, count);
    const std::size_t m = extractor_.shape().output_bits;
    const std::size_t out = words_for(m);
    if (lengths.empty() && m % 64 == 0 && fill_ == 0) {
      write_words(outputs.first(count * out));
      result_.output_bits += count * m;
    } else {
      // Packed in place: the bits written never overtake the bits read.
      std::size_t word = 0;
      for (std::size_t b = 0; b < count; ++b) {
        const std::size_t bits = lengths.empty() ? m : lengths[b];
        for (std::size_t i = 0; i * 64 < bits; ++i) {
          const auto step = static_cast<unsigned>(std::min<std::size_t>(64, bits - i * 64));
          const std::uint64_t value = outputs[b * out + i];
          pending_ |= value << fill_;
          if (fill_ + step >= 64) {
            outputs[word++] = pending_;
            pending_ = fill_ == 0 ? 0 : value >> (64 - fill_);
          }
          fill_ = (fill_ + step) % 64;
        }
        result_.output_bits += bits;
      }
      write_words(outputs.first(word));
    }
    result_.blocks += count;
    ++turn_;
    turned_.notify_all();
  }

  void write_words(std::span<const std::uint64_t> words) {
    if (words.empty()) return;
    write_(std::as_bytes(words));
    result_.output_bytes += words.size_bytes();
  }

 public:
  /// The whole bytes of what is pending; a last incomplete byte is dropped, not padded.
  void flush() {
    if (failure_ || fill_ < 8) return;
    const auto bytes = std::as_bytes(std::span(&pending_, 1)).first(fill_ / 8);
    write_(bytes);
    result_.output_bytes += bytes.size();
  }
};

}  // namespace

BulkResult extract_stream(const Extractor& extractor, const BulkRead& read, const BulkWrite& write,
                          const BulkOptions& options) {
  Bulk bulk(extractor, read, write, options);
  {
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < options.threads; ++i)
      helpers.emplace_back([&] { bulk.work(); });
    bulk.work();
  }
  bulk.flush();
  const BulkResult result = bulk.finish();
  if (result.blocks == 0) {
    throw Error(Category::not_enough_data,
                fmt::format("the raw data hold less than one block of n = {} bits", extractor.shape().input_bits));
  }
  return result;
}

}  // namespace lightseed
