// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/quantis/quantis.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "core/error.h"
#include "core/wait.h"
#include "driver/transport/stream_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

/// bmRequestType: vendor, interface recipient.
constexpr std::uint8_t to_host = 0xC1, to_device = 0x41;

enum Request : std::uint8_t {
  board_version = 0x10,
  disable_module = 0x11,
  enable_module = 0x12,
  module_status = 0x13,
  module_power = 0x14,
  module_mask = 0x15,
  data_rate = 0x16,  ///< kbit/s a module
  start_up_flag = 0x17,
  clear_start_up_flag = 0x18,
};

class Registers {
 public:
  explicit Registers(UsbDevice& device) : device_(device) {}

  [[nodiscard]] std::uint32_t get(Request request, std::uint16_t bytes, const Patience& patience) const {
    const auto answer = device_.control_in(to_host, request, 0, 0, bytes, patience);
    if (answer.size() != bytes) {
      throw DeviceFault(Kind::protocol,
                        fmt::format("{}: request 0x{:02x} answered {} bytes instead of {}", device_.name(),
                                    static_cast<unsigned>(request), answer.size(), bytes));
    }
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < answer.size(); ++i)
      value |= std::to_integer<std::uint32_t>(answer[i]) << (8 * i);
    return value;
  }

  void set(Request request, const Patience& patience) const {
    device_.control_out(to_device, request, 0, 0, {}, patience);
  }

 private:
  UsbDevice& device_;
};

struct QuantisOptions {
  MinEntropy claim;
  unsigned in_flight = 0;
  std::size_t transfer_bytes = 0;
};

class Quantis final : public StreamSession {
 public:
  Quantis(std::shared_ptr<UsbDevice> device, const UsbStream::Plan& plan)
      : StreamSession(std::move(device), plan), registers_(this->device()) {}

  void begin(const Patience& patience) override {
    stream().stop();
    if ((registers_.get(module_status, 1, patience) & 1U) == 0) {
      registers_.set(disable_module, patience);
      registers_.set(enable_module, patience);
      // The module settles for a second and its first 4096 bytes do not count.
      wait(1s, patience);
      if ((registers_.get(module_status, 1, patience) & 1U) == 0) {
        throw DeviceFault(Kind::protocol, fmt::format("{}: its module is not functional ({})", device().name(),
                                                      powered(patience) ? "it has power" : "it has no power"));
      }
      stream().start();
      std::array<std::byte, 4096> dregs{};
      if (stream().read(dregs, patience) != dregs.size()) {
        throw DeviceFault(Kind::silence, fmt::format("{}: no data after enabling its module", device().name()));
      }
    } else {
      stream().start();
    }
    // Set since power-up until cleared. The start-up test that it asks for runs on the samples we hand on.
    flagged_ = registers_.get(start_up_flag, 1, patience) != 0;
    if (flagged_) registers_.set(clear_start_up_flag, patience);
  }

  void check(const Patience& patience) override {
    if ((registers_.get(module_status, 1, patience) & 1U) == 0) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: its module has stopped", device().name()));
    }
    // The flag comes back with a loss of power: what follows is another run of the device.
    if (registers_.get(start_up_flag, 1, patience) != 0) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: it was powered up again", device().name()));
    }
  }

  void end() noexcept override { stream().stop(); }

  [[nodiscard]] Json status(const Patience& patience) override {
    Json json = StreamSession::status(patience);
    json["module_status"] = registers_.get(module_status, 1, patience);
    json["module_power"] = registers_.get(module_power, 1, patience);
    json["start_up_test_was_requested"] = flagged_;
    return json;
  }

 private:
  Registers registers_;
  bool flagged_ = false;

  bool powered(const Patience& patience) { return registers_.get(module_power, 1, patience) == 1; }

  void wait(std::chrono::milliseconds time, const Patience& patience) {
    pause(patience.within(time));
    if (patience.stopped()) throw Error(Category::interrupted, "asked to stop while the module settles");
    if (patience.expired()) {
      throw DeviceFault(Kind::silence, fmt::format("{}: no time to let its module settle", device().name()));
    }
  }
};

std::unique_ptr<Session> open_quantis(std::shared_ptr<UsbDevice> device, const QuantisOptions& options,
                                      SourceInfo& info, const Patience& patience) {
  const UsbDescription& what = device->description();
  if (what.configurations != 1 || what.interfaces != 1) {
    throw Error(Category::device,
                fmt::format("{} has {} configurations and {} interfaces, a Quantis USB has one of each; "
                            "nothing was sent to it",
                            device->name(), what.configurations, what.interfaces));
  }
  // The maker's programs read from 0x86, wherever it stands in the list.
  const auto makers = std::find_if(what.endpoints.begin(), what.endpoints.end(),
                                   [](const UsbDescription::Endpoint& e) { return e.address == 0x86; });
  const auto endpoint = makers != what.endpoints.end() ? *makers : what.bulk_in();
  device->claim(0);
  const Registers registers(*device);
  const auto version = registers.get(board_version, 4, patience);
  const auto mask = registers.get(module_mask, 1, patience);
  const auto kbits = registers.get(data_rate, 4, patience);
  if (mask == 0 || kbits == 0 || kbits > 1'000'000) {
    throw DeviceFault(Kind::protocol, fmt::format("{}: it says it has modules 0x{:02x} of {} kbit/s", device->name(),
                                                  mask, static_cast<std::int32_t>(kbits)));
  }
  const double bytes_per_second = kbits * 1000.0 / 8 * std::popcount(mask);
  info.firmware = fmt::format("board 0x{:08x}", version);
  info.nominal_rate = bytes_per_second;
  info.claim = options.claim;
  info.parameters["modules"] = mask;
  info.parameters["kbits_per_module"] = kbits;

  UsbStream::Plan plan = UsbStream::plan_for(endpoint, bytes_per_second);
  if (options.in_flight != 0) plan.in_flight = options.in_flight;
  if (options.transfer_bytes != 0) {
    // A request that is not whole packets fails: the device would babble.
    const std::size_t packets = std::max<std::size_t>(1, options.transfer_bytes / endpoint.max_packet);
    plan.transfer_bytes = packets * endpoint.max_packet;
  }
  plan.slots = 2 * plan.in_flight;
  return std::make_unique<Quantis>(std::move(device), plan);
}

}  // namespace

DeviceKind quantis_kind() {
  return {.name = "quantis",
          .label = "ID Quantique Quantis USB",
          .matches = {{.vendor = 0x0aba, .product = 0x0102}},
          .driven = [](SourceUri& uri) -> UsbSessionMaker {
            QuantisOptions options;
            // Half a bit a bit: IACR ePrint 2017/842 found bias in the family that common batteries passed.
            options.claim = unassessed_claim(uri, 4.0, 8);
            options.in_flight = static_cast<unsigned>(uri.take_count("in_flight", 0, 1, 64));
            options.transfer_bytes = uri.take_count("transfer_bytes", 0, 64, 1 << 20);
            return [options](std::shared_ptr<UsbDevice> device, SourceInfo& info, const Patience& patience) {
              return open_quantis(std::move(device), options, info, patience);
            };
          }};
}

}  // namespace lightseed
