// SPDX-License-Identifier: Apache-2.0
#include "stats/input/form.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/kinds.h"

namespace lightseed::stats {
namespace {

constexpr std::array all_forms{
    Form{"raw", "plain samples", "in bytes as bits, container and order say", nullptr, sample_forms::raw},
    Form{"int8", "numbers with a sign in a byte", "with a sign in a byte", nullptr, sample_forms::int8},
    Form{"int16", "numbers with a sign in two bytes", "with a sign in two bytes", nullptr, sample_forms::int16},
    Form{"int32", "numbers with a sign in four bytes", "with a sign in four bytes", nullptr, sample_forms::int32},
    Form{"packed10", "packed 10-bit samples", "10 bits each, without gaps", nullptr, sample_forms::packed10},
    Form{"packed12", "packed 12-bit samples", "12 bits each, without gaps", nullptr, sample_forms::packed12},
    Form{"npy", "a NumPy array", "NumPy array of whole numbers", sample_forms::is_npy, sample_forms::npy},
    Form{"wav", "a WAV file", "WAV, PCM", sample_forms::is_wav, sample_forms::wav},
    Form{"digits", "text of the digits 0 and 1", "text of the digits 0 and 1", sample_forms::is_digits,
         sample_forms::digits},
    Form{"hex", "hexadecimal text", "hexadecimal text of bytes", sample_forms::is_hex, sample_forms::hex},
    Form{"csv", "a table of numbers", "a column of a table, or lines of numbers", sample_forms::is_csv,
         sample_forms::csv},
};

/// Files that hold no samples one could take as they are. Beginnings of less than three bytes would be met by chance.
struct Foreign {
  std::string_view magic, kind;
};
constexpr std::array foreign{
    Foreign{"\x1f\x8b\x08", "gzip-compressed data: unpack it first"},
    Foreign{"BZh91AY&SY", "bzip2-compressed data: unpack it first"},
    Foreign{"\xfd"
            "7zXZ",
            "xz-compressed data: unpack it first"},
    Foreign{"\x28\xb5\x2f\xfd", "Zstandard-compressed data: unpack it first"},
    Foreign{"7z\xbc\xaf", "a 7z archive: unpack it first"},
    Foreign{"PK\x03\x04", "a ZIP archive (or .npz, .xlsx): unpack it, or save one array or column"},
    Foreign{"\x89HDF\r\n\x1a\n", "HDF5: save the data set as a NumPy array"},
    Foreign{"MATLAB 5.0 MAT-file", "a MATLAB file: write the vector with fwrite, as int16"},
    Foreign{"\x89PNG\r\n", "a PNG picture"},
    Foreign{"%PDF-", "a PDF document"},
    Foreign{"SQLite format 3", "an SQLite database"},
    Foreign{"\x7f"
            "ELF",
            "a program"},
    Foreign{"fLaC", "FLAC sound: convert it to WAV"},
    Foreign{"OggS", "Ogg sound: it is lossy, the samples are gone"},
};

unsigned bits_of(std::int64_t value) {
  return static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(value)));
}

}  // namespace

std::span<const Form> forms() {
  return all_forms;
}

const Form& form_named(std::string_view name) {
  for (const Form& form : all_forms)
    if (form.name == name) return form;
  std::vector<std::string_view> names;
  names.reserve(std::size(all_forms));
  for (const Form& form : all_forms)
    names.push_back(form.name);
  throw Error(Category::usage,
              fmt::format("there is no form '{}' of raw samples; there are {}", name, fmt::join(names, ", ")));
}

const Form& recognised_sample_form(std::span<const std::byte> head) {
  for (const Form& form : all_forms)
    if (form.is_this != nullptr && form.is_this(head)) return form;
  return all_forms.front();
}

std::optional<std::string_view> foreign_kind(std::span<const std::byte> head) {
  const std::string_view text = text_of(head);
  for (const Foreign& one : foreign)
    if (text.starts_with(one.magic)) return one.kind;
  return std::nullopt;
}

bool looks_like_text(std::span<const std::byte> head) {
  constexpr std::size_t enough = 64;
  const std::string_view text = text_of(head);
  return text.size() >= enough && text.find('\n') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c <= '~'); });
}

SampleWidth width_for(const InputOptions& options, SampleWidth declared, std::span<const std::int64_t> first) {
  const auto ends = std::minmax_element(first.begin(), first.end());
  const std::int64_t least = first.empty() ? 0 : *ends.first;
  const std::int64_t most = first.empty() ? 0 : *ends.second;
  if (options.said_bits) {
    // A container with a sign may well hold a converter's numbers without one.
    const bool beyond = least >= 0 && bits_of(most) >= *options.said_bits;
    return {.bits = *options.said_bits, .with_sign = declared.with_sign && !beyond};
  }
  if (first.empty() || declared.bits <= 8) return declared;
  const bool with_sign = least < 0;
  const unsigned needed =
      with_sign ? 1 + std::max(bits_of(~least), most < 0 ? 0U : bits_of(most)) : std::max(1U, bits_of(most));
  return needed <= 8 ? SampleWidth{.bits = needed, .with_sign = with_sign, .guessed = true} : declared;
}

std::uint32_t sample_of(std::int64_t number, const SampleWidth& width) {
  const std::int64_t half = width.with_sign ? std::int64_t{1} << (width.bits - 1) : 0;
  const std::int64_t most = (std::int64_t{1} << width.bits) - half - 1;
  if (number >= -half && number <= most) return static_cast<std::uint32_t>(number + half);
  throw Error(
      Category::usage,
      fmt::format("the value {}, more than {} bits {}hold{}", number, width.bits, width.with_sign ? "with a sign " : "",
                  width.guessed ? ": the first ones need no more, so say how many bits samples have" : ""));
}

}  // namespace lightseed::stats
