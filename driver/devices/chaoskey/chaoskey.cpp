// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/chaoskey/chaoskey.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "driver/transport/stream_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;

constexpr std::uint8_t cooked_endpoint = 0x85, raw_endpoint = 0x86;
constexpr double bytes_per_second = 1e6;  ///< "close to 1 MB/s", says its author

/// The device has no commands: a read is all it takes, and whoever reads drives it.
class ChaosKey final : public StreamSession {
 public:
  ChaosKey(std::shared_ptr<UsbDevice> device, const UsbStream::Plan& plan) : StreamSession(std::move(device), plan) {}

  void begin(const Patience&) override { stream().start(); }
  void end() noexcept override { stream().stop(); }
};

/// Raw samples are 12 bits in 16: a bit above them means that a byte was lost and the halves have changed places.
std::size_t check_samples(std::span<std::byte> bytes) {
  if (bytes.size() % 2 != 0) throw DeviceFault(Kind::protocol, "ChaosKey: half a sample at the end of a transfer");
  for (std::size_t i = 1; i < bytes.size(); i += 2) {
    if (bytes[i] > std::byte{0x0F}) throw DeviceFault(Kind::protocol, "ChaosKey: a raw sample has more than 12 bits");
  }
  return bytes.size();
}

std::unique_ptr<Session> open(std::shared_ptr<UsbDevice> device, bool raw, SourceInfo& info) {
  const auto& endpoints = device->description().endpoints;
  const auto wanted = std::find_if(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
    return endpoint.address == (raw ? raw_endpoint : cooked_endpoint);
  });
  if (wanted == endpoints.end()) {
    throw Error(Category::device, fmt::format("{} has no endpoint 0x{:02x}; a ChaosKey has", device->name(),
                                              raw ? raw_endpoint : cooked_endpoint));
  }
  device->claim(0);
  info.firmware = fmt::format("{:04x}", device->description().release);
  if (raw) info.format = {12, 16};
  info.nominal_rate = raw ? bytes_per_second / 2 : bytes_per_second;
  UsbStream::Plan plan = UsbStream::plan_for(*wanted, bytes_per_second);
  if (raw) plan.unframe = check_samples;
  return std::make_unique<ChaosKey>(std::move(device), plan);
}

}  // namespace

DeviceKind chaoskey_kind() {
  return {.name = "chaoskey",
          .label = "ChaosKey (avalanche noise)",
          .matches = {{.vendor = 0x1d50, .product = 0x60c6}},
          .driven = [](SourceUri& uri) -> UsbSessionMaker {
            const std::string mode = uri.take_text("mode", "raw");
            if (mode != "raw" && mode != "cooked") {
              throw Error(Category::usage, fmt::format("mode={} – expected raw or cooked", mode));
            }
            const bool raw = mode == "raw";
            const MinEntropy claim = unassessed_claim(uri, raw ? 1.0 : 2.0, raw ? 12 : 8);
            return [=](std::shared_ptr<UsbDevice> device, SourceInfo& info, const Patience&) {
              info.claim = claim;
              info.parameters["mode"] = mode;
              return open(std::move(device), raw, info);
            };
          }};
}

}  // namespace lightseed
