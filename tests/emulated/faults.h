// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>

#include "tests/emulated/usb_model.h"

namespace lightseed::emulated {

/// A cable that does something wrong at a chosen byte of the stream; everything else passes to the model behind it.
class FaultyUsb final : public UsbModel {
 public:
  struct Fault {
    enum class Kind { short_packet, empty_packet, stall, bus_error, babble, silence, unplug };
    Kind kind = Kind::stall;
    std::uint64_t at = 0;     ///< bytes moved in before it happens
    unsigned times = 1;       ///< how many transfers it spoils; silence and unplug last
    std::size_t bytes = 100;  ///< of a short packet
  };

  explicit FaultyUsb(std::shared_ptr<UsbModel> inner) : inner_(std::move(inner)) {}

  void add(Fault fault) { faults_.push_back(fault); }
  [[nodiscard]] bool unplugged() const noexcept { return unplugged_; }
  [[nodiscard]] unsigned halts_cleared() const noexcept { return halts_cleared_; }
  [[nodiscard]] unsigned resets() const noexcept { return resets_; }

  [[nodiscard]] Bytes descriptors() const override { return inner_->descriptors(); }
  [[nodiscard]] std::optional<std::string> text(unsigned index) const override { return inner_->text(index); }

  std::optional<Bytes> control(const Setup& setup, std::span<const std::byte> out, Clock::time_point now) override {
    return inner_->control(setup, out, now);
  }

  Bulk bulk_in(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) override {
    if (halted_) return {Bulk::Result::stall, 0, {}};
    if (!rest_.empty()) return give_rest(room);
    if (!faults_.empty() && moved_ >= faults_.front().at) return spoil(endpoint, room, now);
    const Bulk bulk = inner_->bulk_in(endpoint, room, now);
    if (bulk.result == Bulk::Result::done) moved_ += bulk.bytes;
    return bulk;
  }

  Bulk bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, Clock::time_point now) override {
    return inner_->bulk_out(endpoint, data, now);
  }

  void clear_halt(std::uint8_t endpoint) override {
    halted_ = false;
    ++halts_cleared_;
    inner_->clear_halt(endpoint);
  }

  void reset() override {
    halted_ = false;
    ++resets_;
    inner_->reset();
  }

 private:
  std::shared_ptr<UsbModel> inner_;
  std::deque<Fault> faults_;
  Bytes rest_;
  std::uint64_t moved_ = 0;
  bool halted_ = false, unplugged_ = false;
  unsigned halts_cleared_ = 0, resets_ = 0;

  Bulk give_rest(std::span<std::byte> room) {
    const std::size_t part = std::min(room.size(), rest_.size());
    std::copy_n(rest_.begin(), part, room.begin());
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(part));
    return {Bulk::Result::done, part, {}};
  }

  Bulk spoil(std::uint8_t endpoint, std::span<std::byte> room, Clock::time_point now) {
    Fault& fault = faults_.front();
    const auto spent = [&] {
      if (--fault.times == 0) faults_.pop_front();
    };
    switch (fault.kind) {
      case Fault::Kind::short_packet: {
        // A packet of the model in two pieces: the short one now, the rest as a short one of its own.
        Bytes packet(512);
        const Bulk bulk = inner_->bulk_in(endpoint, packet, now);
        if (bulk.result != Bulk::Result::done) return bulk;
        packet.resize(bulk.bytes);
        moved_ += bulk.bytes;
        rest_ = std::move(packet);
        const std::size_t first = std::min(fault.bytes, rest_.size());
        spent();
        return give_rest(room.first(first));
      }
      case Fault::Kind::empty_packet: spent(); return {Bulk::Result::done, 0, {}};
      case Fault::Kind::stall:
        spent();
        halted_ = true;
        return {Bulk::Result::stall, 0, {}};
      case Fault::Kind::bus_error: spent(); return {Bulk::Result::bus_error, 0, {}};
      case Fault::Kind::babble: spent(); return {Bulk::Result::babble, 0, {}};
      case Fault::Kind::silence: return {Bulk::Result::nak, 0, Clock::time_point::max()};
      case Fault::Kind::unplug: unplugged_ = true; return {Bulk::Result::gone, 0, {}};
    }
    return {};
  }
};

}  // namespace lightseed::emulated
