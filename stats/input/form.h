// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stats/input/input.h"

namespace lightseed::stats {

/// Bits a sample has. A number with a sign of b bits lies in -2^(b-1) … 2^(b-1)-1 and becomes a sample by adding
/// 2^(b-1): the order of values stays, and the bits are those of two's complement but for the first, which is turned.
struct SampleWidth {
  unsigned bits = 8;
  bool with_sign = false;
  bool guessed = false;  ///< taken from the numbers at the beginning, because neither the file nor anybody said it
};

/// Turns the bytes of a file of one form into numbers, as they come.
///
/// A decoder is made from the beginning of the file (its first piece, which holds every header) and is then given all
/// bytes, those of the beginning too, cut anywhere. Errors are Error(malformed) for a file that is not what its form
/// says, Error(usage) for one that holds no samples of a converter or more than one series of them.
class FormDecoder {
 public:
  FormDecoder() = default;
  virtual ~FormDecoder() = default;
  FormDecoder(const FormDecoder&) = delete;
  FormDecoder& operator=(const FormDecoder&) = delete;
  FormDecoder(FormDecoder&&) = delete;
  FormDecoder& operator=(FormDecoder&&) = delete;

  [[nodiscard]] virtual SampleWidth width() const = 0;

  /// Appends the numbers that end in `in`.
  virtual void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) = 0;

  /// No more bytes come: appends a last number that only the end ends.
  virtual void end(std::vector<std::int64_t>& /*out*/) {}

  /// Looks at the length of the whole file: Error(usage) where it ends in the middle of a sample.
  virtual void check_length(std::uint64_t /*bytes*/) const {}

  /// Samples in a file of so many bytes, and bytes that hold so many samples, where the form alone tells.
  [[nodiscard]] virtual std::optional<std::uint64_t> samples_in(std::uint64_t /*bytes*/) const { return std::nullopt; }
  [[nodiscard]] virtual std::optional<std::uint64_t> bytes_for(std::uint64_t /*samples*/) const { return std::nullopt; }
};

/// A form in which people keep raw samples.
struct Form {
  std::string_view name;
  std::string_view what;  ///< "a NumPy array"
  std::string_view text;  ///< for a list of forms: a phrase
  /// Whether the beginning of a file cannot well be anything else; null: never recognised.
  bool (*is_this)(std::span<const std::byte> head);
  std::unique_ptr<FormDecoder> (*decoder)(const InputOptions& options, std::span<const std::byte> head);
};

/// Every form; "raw", samples in plain containers, is the first.
std::span<const Form> forms();

/// Throws Error(usage) that lists the names there are.
const Form& form_named(std::string_view name);

/// The form that a file beginning with `head` is of without a doubt; "raw" when there is none.
const Form& recognised_sample_form(std::span<const std::byte> head);

/// What a file looks like that begins with `head` and is no samples: "gzip-compressed data"; nothing when it may well
/// be samples. A chance of 2^-24 or less for samples that are random.
std::optional<std::string_view> foreign_kind(std::span<const std::byte> head);

/// `head` is text for people, as far as can be told from the bytes.
bool looks_like_text(std::span<const std::byte> head);

/// The width for whole numbers of `declared` bits in a file, the first of which are `first`: eight bits or fewer where
/// they hold them all, otherwise as declared. What is said (InputOptions::said_bits) counts more.
SampleWidth width_for(const InputOptions& options, SampleWidth declared, std::span<const std::int64_t> first);

/// A number of a file as a sample. Throws Error(usage) when it has more than width.bits bits.
std::uint32_t sample_of(std::int64_t number, const SampleWidth& width);

}  // namespace lightseed::stats
