// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.h"
#include "driver/source.h"
#include "pipeline/pool.h"

namespace lightseed::test {

using namespace std::chrono_literals;

/// Random bytes with the member's number in the two upper bits, until something happens.
class FakeDevice final : public Source {
 public:
  struct Plan {
    unsigned number = 0;
    std::uint64_t ends_at = ~std::uint64_t{0};  ///< then `end`
    ReadState end = ReadState::disconnected;
    std::uint64_t sticks_at = ~std::uint64_t{0};  ///< then one value for ever
    bool starts = true;
    SampleFormat format{8, 8};
    double claim = 4;
    Provenance provenance = Provenance::hardware;
    double rate = 1e6;                        ///< nominal, samples a second
    std::vector<std::uint64_t> hiccups_at{};  ///< from there on, 60 times one value, by chance
    bool opens_slowly = false;                ///< its start waits to be stopped
    std::atomic<bool>* ended = nullptr;       ///< becomes true with the first read that says `end`
  };

  explicit FakeDevice(const Plan& plan) : plan_(plan), random_(plan.number) {
    info_.uri = "fake:" + std::to_string(plan.number);
    info_.serial = "S" + std::to_string(plan.number);
    info_.format = plan.format;
    info_.claim.bits_per_sample = plan.claim;
    info_.provenance = plan.provenance;
    info_.nominal_rate = plan.rate;
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience& patience) override {
    while (plan_.opens_slowly && !patience.stopped() && !patience.expired())
      std::this_thread::sleep_for(1ms);
    if (!plan_.starts) throw Error(Category::device, info_.uri + " does not start");
    sent_ = 0;
  }
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (patience.stopped()) return {0, ReadState::stopped, "asked to stop"};
    if (sent_ >= plan_.ends_at) {
      const ReadState end = plan_.end;
      if (plan_.ended != nullptr) *plan_.ended = true;
      if (end == ReadState::restarted) plan_.ends_at = ~std::uint64_t{0};
      return {0, end, "as planned"};
    }
    const std::size_t part = std::min<std::size_t>(out.size(), 1000);
    for (std::byte& b : out.first(part)) {
      b = sent_ >= plan_.sticks_at || hiccups() ? std::byte{7}
                                                : static_cast<std::byte>((random_() & 0x3FU) | plan_.number << 6U);
      ++sent_;
    }
    std::this_thread::sleep_for(50us);
    return {part, ReadState::ok, {}};
  }

 private:
  Plan plan_;
  SourceInfo info_;
  std::mt19937 random_;
  std::uint64_t sent_ = 0;

  [[nodiscard]] bool hiccups() const {
    return std::any_of(plan_.hiccups_at.begin(), plan_.hiccups_at.end(),
                       [this](std::uint64_t at) { return sent_ >= at && sent_ < at + 60; });
  }
};

inline std::unique_ptr<Pool> pool_of(const std::vector<FakeDevice::Plan>& plans, const PoolNotice& notice = {}) {
  std::vector<std::unique_ptr<Source>> members;
  for (const auto& plan : plans)
    members.push_back(std::make_unique<FakeDevice>(plan));
  return std::make_unique<Pool>("pool:test", std::move(members), notice);
}

inline Patience patient() {
  return Patience{}.within(20s);
}

}  // namespace lightseed::test
