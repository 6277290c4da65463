// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/fixed_width.h"
#include "stats/input/forms/kinds.h"

/// WAV: "RIFF", a length, "WAVE", and chunks of a name, a length and that many bytes, filled up to whole pairs. "fmt "
/// says what the numbers of "data" are. Eight bits have no sign, more have one.
namespace lightseed::stats::sample_forms {
namespace {

std::uint32_t little(Head bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return value;
}

/// The channel that is asked for, from 1.
unsigned channel_of(const std::string& column, unsigned channels) {
  unsigned channel = channels == 1 ? 1 : 0;
  if (!column.empty()) std::from_chars(column.data(), column.data() + column.size(), channel);
  if (channel == 0 || channel > channels) {
    throw Error(Category::usage, fmt::format("the recording has {} channels that take turns: name the column, 1 to {}, "
                                             "that is meant",
                                             channels, channels));
  }
  return channel;
}

FixedWidth layout_of(Head fmt_chunk, const std::string& column) {
  if (fmt_chunk.size() < 16) throw Error(Category::malformed, "a WAV file without a whole format chunk");
  std::uint32_t kind = little(fmt_chunk.first(2));
  constexpr std::uint32_t pcm = 1;
  constexpr std::uint32_t extensible = 0xFFFE;
  if (kind == extensible && fmt_chunk.size() >= 26) kind = little(fmt_chunk.subspan(24, 2));
  const std::uint32_t channels = little(fmt_chunk.subspan(2, 2));
  const std::uint32_t bits = little(fmt_chunk.subspan(14, 2));
  if (kind != pcm || bits == 0 || bits > 32) {
    throw Error(Category::usage, fmt::format("a WAV file of kind {} with {} bits, not of whole numbers (PCM): what is "
                                             "scaled or compressed is no sample of a converter",
                                             kind, bits));
  }
  if (channels == 0) throw Error(Category::malformed, "a WAV file of no channels");
  const unsigned bytes = (bits + 7) / 8;
  return {.bytes = bytes, .with_sign = bytes > 1, .series = channels, .which = channel_of(column, channels) - 1};
}

}  // namespace

bool is_wav(Head head) {
  const std::string_view text = text_of(head);
  return text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WAVE";
}

DecoderOwner wav(const InputOptions& options, Head head) {
  if (!is_wav(head)) throw Error(Category::malformed, "no WAV file");
  std::optional<FixedWidth> layout;
  constexpr std::size_t name_and_length = 8;
  for (std::size_t at = 12; at + name_and_length <= head.size();) {
    const std::string_view name = text_of(head.subspan(at, 4));
    const std::size_t length = little(head.subspan(at + 4, 4));
    at += name_and_length;
    if (name == "data") {
      if (!layout) throw Error(Category::malformed, "a WAV file whose data come before their format");
      layout->header = at;
      // Who records into a pipe does not know the length; all ones, or nothing, stand for that.
      constexpr std::size_t unknown = 0xFFFFFFFF;
      if (length != 0 && length < unknown - 64) layout->numbers = length / layout->bytes;
      return fixed_width(options, head, *layout);
    }
    if (length > head.size() - at) break;
    if (name == "fmt ") layout = layout_of(head.subspan(at, length), options.column);
    at += length + length % 2;
  }
  throw Error(Category::malformed, "a WAV file whose data do not begin near its beginning");
}

}  // namespace lightseed::stats::sample_forms
