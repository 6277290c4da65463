// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/digital_faults.h"

#include <algorithm>
#include <array>

namespace lightseed::simulated {
namespace {

/// What a fault sees of a stretch of codes.
struct Stretch {
  std::span<std::uint16_t> codes;
  std::uint64_t since;  ///< samples since the fault began
  double size;
  std::uint32_t seed;  ///< 0: the usual one
  unsigned bits;
  std::uint16_t before;                ///< the last code handed out before the stretch
  std::vector<std::uint16_t>& memory;  ///< of this fault alone

  [[nodiscard]] std::uint16_t top() const { return static_cast<std::uint16_t>((1U << bits) - 1); }
  [[nodiscard]] std::uint16_t middle() const { return static_cast<std::uint16_t>(1U << (bits - 1)); }
  /// The bit that `size` numbers, within the sample.
  [[nodiscard]] unsigned bit() const { return std::min(static_cast<unsigned>(size), bits - 1); }
};

std::uint16_t word(std::uint32_t value) {
  return static_cast<std::uint16_t>(value);
}

void stuck(Stretch& s) {
  if (s.since == 0) s.memory.assign(1, s.before);
  std::fill(s.codes.begin(), s.codes.end(), s.memory[0]);
}

void bias(Stretch& s) {
  for (std::uint16_t& code : s.codes)
    code = word(std::min<std::uint32_t>(s.top(), static_cast<std::uint32_t>(code) + s.middle()));
}

void dead(Stretch& s) {
  std::fill(s.codes.begin(), s.codes.end(), s.middle());
}

void ones(Stretch& s) {
  std::fill(s.codes.begin(), s.codes.end(), s.top());
}

void alternate(Stretch& s) {
  for (std::size_t i = 0; i < s.codes.size(); ++i)
    s.codes[i] = word((s.since + i) % 2 == 0 ? 0x5555U & s.top() : 0xAAAAU & s.top());
}

void counter(Stretch& s) {
  for (std::size_t i = 0; i < s.codes.size(); ++i)
    s.codes[i] = word(static_cast<std::uint32_t>((s.since + i) & s.top()));
}

void set_bit(Stretch& s) {
  for (std::uint16_t& code : s.codes)
    code = word(code | 1U << s.bit());
}

void clear_bit(Stretch& s) {
  for (std::uint16_t& code : s.codes)
    code = word(code & ~(1U << s.bit()));
}

void missing_code(Stretch& s) {
  const auto missing = std::min<std::uint32_t>(static_cast<std::uint32_t>(s.size), s.top());
  for (std::uint16_t& code : s.codes) {
    if (code == missing) code = word(missing == 0 ? 1 : missing - 1);
  }
}

void swap_bits(Stretch& s) {
  const unsigned low = s.bit();
  const unsigned high = (low + 1) % s.bits;
  for (std::uint16_t& code : s.codes) {
    const unsigned differ = (code >> low ^ code >> high) & 1U;
    code = word(code ^ (differ << low | differ << high));
  }
}

void swap_bytes(Stretch& s) {
  for (std::uint16_t& code : s.codes)
    code = word(static_cast<std::uint32_t>(code) << 8 | code >> 8);
}

/// One byte was lost: every sample's bytes come from two neighbours.
void slip_byte(Stretch& s) {
  if (s.since == 0) s.memory.assign(1, s.before);
  for (std::uint16_t& code : s.codes) {
    const std::uint16_t whole = code;
    code = word(s.memory[0] >> 8 | (whole & 0xffU) << 8);
    s.memory[0] = whole;
  }
}

/// Every second block of `size` samples is the one before again.
void duplicate_blocks(Stretch& s) {
  const auto length = static_cast<std::uint64_t>(s.size);
  if (s.since == 0) s.memory.assign(length, 0);
  for (std::size_t i = 0; i < s.codes.size(); ++i) {
    const std::uint64_t at = s.since + i;
    std::uint16_t& kept = s.memory[at % length];
    (at / length % 2 == 0 ? kept : s.codes[i]) = at / length % 2 == 0 ? s.codes[i] : kept;
  }
}

/// The first `size` samples come again and again.
void replay(Stretch& s) {
  const auto length = static_cast<std::uint64_t>(s.size);
  if (s.since == 0) s.memory.clear();
  for (std::size_t i = 0; i < s.codes.size(); ++i) {
    if (s.memory.size() < length) {
      s.memory.push_back(s.codes[i]);
    } else {
      s.codes[i] = s.memory[(s.since + i) % length];
    }
  }
}

/// A generator of 32 bits of state answers instead of the light (Marsaglia's xorshift).
void substitute(Stretch& s) {
  if (s.since == 0) {
    const std::uint32_t seed = s.seed != 0 ? s.seed : 0x9d2c5680;
    s.memory = {word(seed >> 16), word(seed & 0xffffU)};
  }
  std::uint32_t state = static_cast<std::uint32_t>(s.memory[0]) << 16 | s.memory[1];
  for (std::uint16_t& code : s.codes) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    code = word(state >> (32 - s.bits));
  }
  s.memory = {word(state >> 16), word(state & 0xffffU)};
}

struct FrameFault {
  FaultKind kind;
  void (*damage)(Stretch&);  ///< none for what the cable does
  CableFault::Kind cable = CableFault::Kind::none;
};

const std::vector<FrameFault>& frame_table() {
  using Cable = CableFault::Kind;
  static const std::vector<FrameFault> table{
      {{"stuck", "digital", "the converter freezes: the last good code for ever"}, stuck},
      {{"bias", "digital", "half the range is added: half the codes are the top one"}, bias},
      {{"dead", "digital", "nothing arrives: the middle code for ever"}, dead},
      {{"ones", "digital", "the top code for ever"}, ones},
      {{"alternate", "digital", "the bits 0101 and 1010 in turn"}, alternate},
      {{"counter", "digital", "codes count up by one"}, counter},
      {{"set_bit", "digital", "bit number `size` is always 1", 0, 0, 15}, set_bit},
      {{"clear_bit", "digital", "bit number `size` is always 0", 0, 0, 15}, clear_bit},
      {{"missing_code", "digital", "code `size` never comes, its neighbour does", 0, 0, 65535}, missing_code},
      {{"swap_bits", "digital", "bit number `size` and the next are exchanged", 0, 0, 15}, swap_bits},
      {{"swap_bytes", "digital", "the two bytes of a sample are exchanged"}, swap_bytes},
      {{"slip_byte", "digital", "a byte is lost: samples are made of two neighbours"}, slip_byte},
      {{"duplicate_block", "digital", "blocks of `size` samples come twice", 4096, 1, 1 << 20}, duplicate_blocks},
      {{"replay", "digital", "the same `size` samples again and again", 4096, 1, 1 << 20}, replay},
      {{"substitute", "digital", "a small generator answers instead of the light", 1, 0, 1, true}, substitute},
      {{"stall", "transport", "reads time out"}, nullptr, Cable::stall},
      {{"short_read", "transport", "reads return `size` samples at most", 8, 1, 1 << 20}, nullptr, Cable::short_read},
      {{"unplug", "transport", "the device is gone"}, nullptr, Cable::unplug},
      {{"corrupted", "transport", "checksums are wrong: the device answers nonsense"}, nullptr, Cable::corrupted}};
  return table;
}

}  // namespace

std::vector<FaultKind> frame_faults() {
  std::vector<FaultKind> kinds;
  for (const FrameFault& fault : frame_table())
    kinds.push_back(fault.kind);
  return kinds;
}

DigitalFaults::DigitalFaults(const FaultSchedule& schedule, std::size_t first, const SampleFormat& format)
    : schedule_(schedule), first_(first), bits_(format.bits), memories_(schedule.entries().size()) {
  for (const auto& entry : schedule.entries())
    any_ = any_ || entry.kind >= first;
  restart();
}

void DigitalFaults::restart() {
  last_ = static_cast<std::uint16_t>(1U << (bits_ - 1));
}

void DigitalFaults::apply(std::span<std::uint16_t> codes, std::uint64_t position) {
  if (codes.empty()) return;
  for (std::size_t i = 0; i < schedule_.entries().size(); ++i) {
    const auto& entry = schedule_.entries()[i];
    if (entry.kind < first_) continue;
    const auto damage = frame_table()[entry.kind - first_].damage;
    if (damage == nullptr || position < entry.start || position - entry.start >= entry.duration) continue;
    Stretch stretch{codes, position - entry.start, entry.strength(position), entry.seed, bits_, last_, memories_[i]};
    damage(stretch);
  }
  last_ = codes.back();
}

CableFault cable_fault(const FaultSchedule& schedule, std::size_t first, std::uint64_t sample) {
  for (const auto& entry : schedule.entries()) {
    if (entry.kind < first) continue;
    const auto cable = frame_table()[entry.kind - first].cable;
    const double size = entry.strength(sample);
    if (cable != CableFault::Kind::none && size > 0) return {cable, size};
  }
  return {};
}

}  // namespace lightseed::simulated
