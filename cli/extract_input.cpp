// SPDX-License-Identifier: Apache-2.0
#include "cli/extract_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace lightseed::cli {

ExtractInput::ExtractInput(const std::string& name, const stats::InputOptions& options, const std::stop_token& stop)
    : name_(name), file_(name, stop) {
  if (options.form == "raw") return;
  if (options.form.empty()) {
    // What a pipe has now is enough to look at: a slow source's bits are not held back.
    std::vector<std::byte> head(std::size_t{1} << 16);
    head.resize(file_.read(head));
    // Extracting something else than what was named would change the output of old calls: it is only said.
    const stats::Form& form = stats::recognised_sample_form(head);
    if (const auto kind = stats::foreign_kind(head)) suspicion_ = fmt::format("this looks like {}", *kind);
    if (form.name != "raw") suspicion_ = fmt::format("this looks like {} (--format {})", form.what, form.name);
    if (!suspicion_.empty()) suspicion_ += "; its bytes are extracted as they are";
    ended_ = head.empty();
    ready_ = std::move(head);
    return;
  }
  try {
    const std::vector<std::byte> head = piece();
    decoder_ = stats::form_named(options.form).decoder(options, head);
    const unsigned bits = decoder_->width().bits;
    if (bits > 16) {
      throw Error(Category::usage,
                  fmt::format("samples of {} bits are too wide: say how many bits samples have", bits));
    }
    container_bits_ = bits == 1 ? 1 : bits <= 8 ? 8 : 16;
    decode(head);
  } catch (const Error& error) {
    throw Error(error.category(), fmt::format("{}: {}", name_, error.what()));
  }
}

std::optional<std::uint64_t> ExtractInput::bytes() const {
  if (!decoder_ || !file_.bytes()) return decoder_ ? std::nullopt : file_.bytes();
  const auto samples = decoder_->samples_in(*file_.bytes());
  return samples ? std::optional(*samples * *container_bits_ / 8) : std::nullopt;
}

std::optional<std::uint64_t> ExtractInput::most_bits() const {
  const auto known = bytes();
  if (known) return *known * 8;
  // Text takes a byte and more for each bit, or two and more for each number.
  return file_.bytes() ? std::optional(*file_.bytes() * 8) : std::nullopt;
}

std::size_t ExtractInput::read(std::span<std::byte> out) {
  while (at_ == ready_.size() && !ended_) {
    at_ = 0;
    ready_.clear();
    if (!decoder_) {
      const std::size_t got = file_.read(out);
      ended_ = got == 0;
      return got;
    }
    try {
      decode(piece());
    } catch (const Error& error) {
      if (error.category() == Category::io || error.category() == Category::interrupted) throw;
      throw Error(error.category(), fmt::format("{}: {}", name_, error.what()));
    }
  }
  const std::size_t got = std::min(out.size(), ready_.size() - at_);
  std::copy_n(ready_.begin() + static_cast<std::ptrdiff_t>(at_), got, out.begin());
  at_ += got;
  return got;
}

/// Enough for every header; less only at the end.
std::vector<std::byte> ExtractInput::piece() {
  constexpr std::size_t wanted = std::size_t{1} << 16;
  std::vector<std::byte> bytes(wanted);
  std::size_t got = 0;
  while (got < wanted && !ended_) {
    const std::size_t step = file_.read(std::span(bytes).subspan(got));
    ended_ = step == 0;
    got += step;
  }
  bytes.resize(got);
  return bytes;
}

void ExtractInput::decode(std::span<const std::byte> piece) {
  std::vector<std::int64_t> numbers;
  decoder_->decode(piece, numbers);
  if (ended_) decoder_->end(numbers);
  pack(numbers);
}

void ExtractInput::pack(std::span<const std::int64_t> numbers) {
  const stats::SampleWidth width = decoder_->width();
  for (const std::int64_t number : numbers) {
    const std::uint32_t sample = stats::sample_of(number, width);
    if (*container_bits_ == 1) {
      bits_.push_back(sample);
      continue;
    }
    ready_.push_back(static_cast<std::byte>(sample));
    if (*container_bits_ == 16) ready_.push_back(static_cast<std::byte>(sample >> 8));
  }
  std::size_t used = 0;
  for (; used + 8 <= bits_.size(); used += 8) {
    unsigned byte = 0;
    for (std::size_t i = 0; i < 8; ++i)
      byte = byte << 1 | static_cast<unsigned>(bits_[used + i]);
    ready_.push_back(static_cast<std::byte>(byte));
  }
  bits_.erase(bits_.begin(), bits_.begin() + static_cast<std::ptrdiff_t>(used));
}

}  // namespace lightseed::cli
