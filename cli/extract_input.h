// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/raw_input.h"
#include "stats/input/form.h"

namespace lightseed::cli {

/// Raw bits to extract from: the bytes of a file, or those that its samples take, whatever form the file has them in.
///
/// Samples of one bit are packed, the first in the high bit; samples of up to 8 and 16 bits take one and two bytes, the
/// low one first.
class ExtractInput {
 public:
  /// `options`: form, column and said_bits count; the form "" looks at the beginning only to say what it looks like.
  /// Throws as InputStream does.
  ExtractInput(const std::string& name, const stats::InputOptions& options, const std::stop_token& stop);

  /// Bytes there will be; unknown for a pipe and for text.
  [[nodiscard]] std::optional<std::uint64_t> bytes() const;
  /// More bits than there will be; unknown for a pipe.
  [[nodiscard]] std::optional<std::uint64_t> most_bits() const;
  /// Bits a sample takes; nothing for plain bytes.
  [[nodiscard]] std::optional<unsigned> container_bits() const noexcept { return container_bits_; }
  /// What the file looks like though its bytes are taken as they are, a sentence.
  [[nodiscard]] const std::string& suspicion() const noexcept { return suspicion_; }

  /// At least one byte, or none at the end. Throws as RawInput::read() and decoders do.
  std::size_t read(std::span<std::byte> out);

 private:
  std::string name_;
  RawInput file_;
  std::unique_ptr<stats::FormDecoder> decoder_{};
  std::optional<unsigned> container_bits_{};
  std::string suspicion_{};
  std::vector<std::byte> ready_{};  ///< bytes that wait to be read, from `at_` on
  std::size_t at_ = 0;
  std::vector<std::int64_t> bits_{};  ///< of samples of one bit, those that do not yet fill a byte
  bool ended_ = false;

  std::vector<std::byte> piece();
  void decode(std::span<const std::byte> piece);
  void pack(std::span<const std::int64_t> samples);
};

}  // namespace lightseed::cli
