// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/sample_format.h"

namespace lightseed::stats {

/// How samples lie in a file that somebody hands in, and which of them are meant.
struct InputOptions {
  SampleFormat format{};         ///< bits a sample and their container
  bool lsb_first = false;        ///< packed samples: the first one in a byte's low bits
  bool big_endian = false;       ///< containers of 16 bits: the high byte first
  std::vector<unsigned> keep{};  ///< samples of 9–16 bits: the bits to keep, most significant first, 8 at most;
                                 ///< empty: those that say most together (6.4; bit_choice.h)
  std::uint64_t skip = 0;        ///< samples to leave out at the start
  std::optional<std::uint64_t> count{};              ///< samples to take; nothing: all
  std::stop_token stop{};                            ///< ends the reading, also while a pipe has nothing to read
  std::function<void(std::uint64_t bytes)> heard{};  ///< called as a file's bytes come, with how many have come
  std::string form = "raw";             ///< a name of forms() (form.h); empty: recognised, "raw" where nothing is
  std::string column{};                 ///< of a table or a recording: the column's name, or its number from 1
  std::optional<unsigned> said_bits{};  ///< bits a sample, for forms that do not say; 1 to 32
  bool eight_bits = false;  ///< keep eight bits of wider samples even where fewer say all: a run's record must
};

/// Samples ready for an assessment, one a byte.
struct Input {
  std::string file;
  std::string sha256;       ///< of the whole file, hexadecimal; of an endless one (`whole` false), of what was read
  std::uint64_t bytes = 0;  ///< likewise
  bool whole = true;        ///< false: a pipe or device of which no more was read than the range
  std::uint64_t first = 0;  ///< number of the first sample taken
  unsigned width = 8;       ///< bits a sample
  std::vector<unsigned> kept{};  ///< bits kept of wider samples, most significant first
  std::string form = "raw";      ///< how the samples lay in the file
  std::vector<std::uint8_t> symbols{};
  std::vector<std::string> choices{};   ///< what was chosen because nobody said it: the form, bits; a sentence each
  std::vector<std::string> warnings{};  ///< what looks like one of the classic mistakes, a sentence each
};

/// Reads the samples of a file, or of stdin as "-", piece by piece.
///
/// All calls but the constructor may read. They throw Error(io) when the file cannot be read, Error(usage) for a format
/// that is impossible or that the data contradict (a sample wider than its bits) and, where the form is to be
/// recognised, for files that cannot be samples (an archive), Error(malformed) for a file that is not what its form
/// says, naming the file; Error(interrupted) when stopped.
class InputStream {
 public:
  InputStream(std::string path, InputOptions options);
  /// The same from bytes in memory, which must stay; the file's name stays empty.
  InputStream(std::span<const std::byte> bytes, InputOptions options);
  InputStream(InputStream&&) noexcept;
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;
  InputStream& operator=(InputStream&&) = delete;
  ~InputStream();

  /// Samples of the range, as far as the file's length tells; nothing for a pipe and for text.
  [[nodiscard]] std::optional<std::uint64_t> expected();

  /// Bits a symbol will have.
  [[nodiscard]] unsigned width();

  /// The next `most` samples of the range, fewer at its end. Of samples wider than 8 bits without a list of bits to
  /// keep, the first million decides which are kept.
  std::vector<std::uint8_t> read(std::size_t most);

  /// Whether the range is over.
  bool at_end();

  /// Reads what is left of a file, for its digest, and returns all but the symbols. Of a pipe or device with a range
  /// that ends nothing more is read: it may have no end. Throws Error(usage) for half a container at the end,
  /// Error(not_enough_data) when the range asked for was not there, saying how much is.
  Input finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole range at once.
Input read_all(InputStream&& stream);

/// `{"file":…,"sha256":…,"bytes":…,"first":…}`; `kept_bits` for mapped samples.
Json to_json(const Input& input);

}  // namespace lightseed::stats
