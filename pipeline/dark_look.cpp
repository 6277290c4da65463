// SPDX-License-Identifier: Apache-2.0
#include "pipeline/dark_look.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/byte_views.h"
#include "core/secret_bytes.h"
#include "pipeline/switched_light.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t dark_piece_bytes = 64 * 1024;
constexpr auto one_dark_read = 1s;
constexpr unsigned silent_dark_reads = 10;

}  // namespace

std::unique_ptr<DarkLook> DarkLook::of(Source& source) {
  auto* const checked = dynamic_cast<DarkChecked*>(&source);
  const auto order = checked != nullptr ? checked->dark_check() : std::nullopt;
  return order ? std::make_unique<DarkLook>(source, *order) : nullptr;
}

DarkLook::DarkLook(Source& source, const DarkChecked::Order& order)
    : source_(source), order_(order), check_(order.law) {}

DarkLook::Seen DarkLook::look(const Patience& patience, const Progress& progress) {
  const SampleFormat& format = source_.info().format;
  SecretBytes raw(format.bytes_for(health::dark_samples));
  {
    SwitchedLight light(*order_.light);
    light.set(0);
    Read read = fill(raw.bytes(), patience, progress);
    if (read.state != ReadState::ok) return {std::move(read)};
    // Whether the light comes back is not left to a destructor, which could not say that it does not.
    light.set(1);
  }
  SecretBytes codes(health::dark_samples * sizeof(std::uint16_t));
  const auto samples = words16_of(codes.bytes());
  unpack(raw.bytes(), format, samples);
  if (auto failure = check_.judge(samples, used_))
    return {{0, ReadState::alarm, std::move(failure->words)}, std::move(failure->test)};
  used_ = 0;
  return {};
}

Read DarkLook::fill(std::span<std::byte> out, const Patience& patience, const Progress& progress) {
  const SampleFormat& format = source_.info().format;
  unsigned silent = 0;
  for (std::size_t filled = 0; filled < out.size();) {
    const auto piece = out.subspan(filled, std::min(dark_piece_bytes, out.size() - filled));
    Read read = source_.read(piece, patience.within(one_dark_read));
    filled += read.bytes;
    if (progress) progress("look in the dark", format.samples_in(filled), format.samples_in(out.size()));
    silent = read.bytes > 0 ? 0 : silent + 1;
    const bool goes_on = read.state == ReadState::ok ||
                         (read.state == ReadState::timeout && !patience.expired() && silent < silent_dark_reads);
    if (goes_on) continue;
    if (read.state == ReadState::timeout)
      read.detail = fmt::format("{} of {} bytes came while it was dark", filled, out.size());
    read.bytes = 0;
    return read;
  }
  return {};
}

}  // namespace lightseed
