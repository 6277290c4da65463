// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/usb_model.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <iterator>

namespace lightseed::emulated {
namespace {

constexpr std::uint8_t get_descriptor = 6, get_configuration = 8, clear_feature = 1;

Bytes cut(Bytes bytes, std::size_t length) {
  bytes.resize(std::min(bytes.size(), length));
  return bytes;
}

Bytes string_descriptor(const std::string& text) {
  Bytes bytes{static_cast<std::byte>(2 + 2 * text.size()), std::byte{3}};
  for (const char c : text) {
    bytes.push_back(static_cast<std::byte>(c));
    bytes.push_back(std::byte{0});
  }
  return bytes;
}

/// A word of the sequence: the run in its upper 24 bits, the word's index in its lower 40. Of noise: SplitMix64.
std::uint64_t word(std::uint32_t run, std::uint64_t index) noexcept {
  if (run < noise_run(0)) return std::uint64_t{run} << 40U | index;
  std::uint64_t z = (std::uint64_t{run} << 32U) + (index + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ z >> 30U) * 0xBF58476D1CE4E5B9U;
  z = (z ^ z >> 27U) * 0x94D049BB133111EBU;
  return z ^ z >> 31U;
}

constexpr std::uint64_t index_mask = (std::uint64_t{1} << 40U) - 1;

}  // namespace

std::optional<Bytes> answer_control(UsbModel& model, const Setup& setup, std::span<const std::byte> out,
                                    Clock::time_point now) {
  if ((setup.type & 0x60U) != 0) {
    auto answer = model.control(setup, out, now);
    if (answer) answer->resize(std::min<std::size_t>(answer->size(), setup.length));
    return answer;
  }
  const unsigned kind = setup.value >> 8U;
  if (setup.type == 0x80 && setup.request == get_descriptor && kind == 3) {
    const unsigned index = setup.value & 0xFFU;
    if (index == 0) return cut(Bytes{std::byte{4}, std::byte{3}, std::byte{9}, std::byte{4}}, setup.length);
    const auto text = model.text(index);
    if (!text) return std::nullopt;
    return cut(string_descriptor(*text), setup.length);
  }
  if (setup.type == 0x80 && setup.request == get_descriptor && (kind == 1 || kind == 2)) {
    const Bytes all = model.descriptors();
    const auto end = all.begin() + std::min<std::ptrdiff_t>(18, std::ssize(all));
    return cut(kind == 1 ? Bytes(all.begin(), end) : Bytes(end, all.end()), setup.length);
  }
  if (setup.type == 0x80 && setup.request == get_configuration) return cut(Bytes{std::byte{1}}, setup.length);
  if (setup.type == 0x02 && setup.request == clear_feature) {
    model.clear_halt(static_cast<std::uint8_t>(setup.index));
    return Bytes{};
  }
  if (setup.type == 0x00 || setup.type == 0x01) return Bytes{};  // set address, configuration, interface
  return std::nullopt;
}

Bytes SimpleDescriptors::build() const {
  Bytes bytes;
  const auto put = [&bytes](std::initializer_list<std::size_t> values) {
    for (const std::size_t value : values)
      bytes.push_back(static_cast<std::byte>(value & 0xFFU));
  };
  const auto high = [](std::size_t value) { return value >> 8U; };
  put({18, 1, 0, 2, 0xFF, 0, 0, 64, vendor, high(vendor), product, high(product), release, high(release)});
  put({has_manufacturer ? 1U : 0U, has_product ? 2U : 0U, has_serial ? 3U : 0U, configurations});
  const std::size_t total = 9 + interfaces * (9 + 7 * endpoints.size());
  put({9, 2, total, high(total), interfaces, 1, 0, 0x80, 50});
  for (unsigned i = 0; i < interfaces; ++i) {
    put({9, 4, i, 0, endpoints.size(), 0xFF, 0, 0, 0});
    for (const std::uint8_t endpoint : endpoints)
      put({7, 5, endpoint, 2, max_packet, high(max_packet), 0});
  }
  return bytes;
}

std::optional<Clock::time_point> Pacer::take(std::size_t bytes, Clock::time_point now) {
  if (rate_ <= 0) return std::nullopt;
  const auto time =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(bytes) / rate_));
  // A reader that was late finds what is asked for and 50 ms more at most; the rest of the time nothing was made.
  const auto earliest = now - time - std::chrono::milliseconds(50);
  if (!due_) due_ = now;
  due_ = std::max(*due_, earliest);
  if (*due_ + time > now) return *due_ + time;
  *due_ += time;
  return std::nullopt;
}

std::byte Sequence::at(std::uint32_t run, std::uint64_t position) noexcept {
  return static_cast<std::byte>(word(run, position / 8) >> (8 * (position % 8)) & 0xFFU);
}

void Sequence::fill(std::span<std::byte> out) {
  std::size_t i = 0;
  for (; i < out.size() && position_ % 8 != 0; ++i)
    out[i] = at(run_, position_++);
  for (; i + 8 <= out.size(); i += 8, position_ += 8) {
    const std::uint64_t value = word(run_, position_ / 8);
    std::memcpy(out.data() + i, &value, 8);
  }
  for (; i < out.size(); ++i)
    out[i] = at(run_, position_++);
}

bool SequenceChecker::feed(std::span<const std::byte> bytes) {
  std::size_t i = 0;
  if (!synced_) {
    // Two whole words tell the phase: consecutive indices of one run.
    for (std::size_t phase = 0; phase < 8; ++phase) {
      std::uint64_t a = 0, b = 0;
      if (bytes.size() < phase + 16) return bytes.empty();
      std::memcpy(&a, bytes.data() + phase, 8);
      std::memcpy(&b, bytes.data() + phase + 8, 8);
      if (b != a + 1 || (a & index_mask) > (std::uint64_t{1} << 34U)) continue;
      run_ = static_cast<std::uint32_t>(a >> 40U);
      position_ = (a & index_mask) * 8 - phase;
      synced_ = true;
      break;
    }
    if (!synced_) return false;
  }
  for (; i < bytes.size() && position_ % 8 != 0; ++i, ++position_)
    if (bytes[i] != Sequence::at(run_, position_)) return false;
  for (; i + 8 <= bytes.size(); i += 8, position_ += 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + i, 8);
    if (value != word(run_, position_ / 8)) return false;
  }
  for (; i < bytes.size(); ++i, ++position_)
    if (bytes[i] != Sequence::at(run_, position_)) return false;
  return true;
}

}  // namespace lightseed::emulated
