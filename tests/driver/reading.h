// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "core/error.h"
#include "driver/source.h"
#include "tests/category_of.h"
#include "tests/emulated/usb_model.h"

namespace lightseed::tests {

using namespace std::chrono_literals;

/// A limit no healthy test comes near: it only keeps a defect from hanging the run.
inline Patience patient() {
  return Patience{}.within(20s);
}

using test::category_of;

/// Reads `blocks` of `size` bytes and checks that each continues the emulated device's sequence; after a restart the
/// sequence may begin anywhere. Ends early with any other state. Returns the states in order.
inline std::vector<ReadState> read_blocks(Source& source, int blocks, std::size_t size = 8192) {
  std::vector<ReadState> states;
  emulated::SequenceChecker checker;
  std::vector<std::byte> block(size);
  for (int i = 0; i < blocks; ++i) {
    const Read read = source.read(block, patient());
    states.push_back(read.state);
    if (read.state == ReadState::ok) {
      REQUIRE(read.bytes == block.size());
      REQUIRE(checker.feed(block));
      continue;
    }
    REQUIRE(read.bytes == 0);
    REQUIRE(std::all_of(block.begin(), block.end(), [](std::byte b) { return b == std::byte{}; }));
    INFO(read.detail);
    checker.restart();
    if (read.state != ReadState::restarted) break;
  }
  return states;
}

inline long restarts_in(const std::vector<ReadState>& states) {
  return std::count(states.begin(), states.end(), ReadState::restarted);
}

}  // namespace lightseed::tests
