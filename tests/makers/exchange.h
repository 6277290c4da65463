// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/emulated/usb_model.h"

namespace lightseed::makers {

using emulated::Bytes;

/// Bytes of a recorded exchange. What belongs to the unit or is noise may differ from device to device.
struct Recorded {
  Bytes bytes;
  std::vector<bool> own;  ///< byte by byte: it may differ
  bool more = false;      ///< more may follow

  /// Whether `other` is these bytes, but for those that may differ.
  [[nodiscard]] bool fits(const Bytes& other) const;
};

/// One thing that was said.
struct Step {
  enum class Kind {
    sent,      ///< to the device
    answered,  ///< by it
    control,   ///< a control request: `setup`, and what it answered
    baud,      ///< the port was opened at `baud`
  };
  Kind kind = Kind::sent;
  Recorded data;
  emulated::Setup setup;
  unsigned baud = 0;
};

/// What a maker's program and a device, or a maker's firmware and a program, said to each other: tests/data/makers,
/// where each file says in its first lines what it was recorded from and how it is written. Throws std::runtime_error.
std::vector<Step> recorded_exchange(const std::string& name);

/// "40 0b 04ed 0001" or "> e0": how two lists of what was sent are compared and shown.
std::string words_for(const emulated::Setup& setup);
std::string words_for(std::span<const std::byte> sent);

/// Everything that is sent in an exchange, in order.
std::vector<std::string> sent_in(const std::vector<Step>& exchange);

}  // namespace lightseed::makers
