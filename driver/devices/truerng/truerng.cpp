// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/truerng/truerng.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "driver/transport/channel_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

using namespace nlohmann::literals;

/// The baud rate is the mode, once the device has been knocked at: 110, 300, 110.
constexpr std::array<unsigned, 3> knock{110, 300, 110};

constexpr const char *pro_1 = "0aa0", *pro_2 = "ebb5", *without_modes = "f5fe";

/// The best that the unit at hand has: raw samples where there are any. What is not asked for by name must not depend
/// on what the last program left behind, so every unit has a default of its own.
std::string default_mode(const std::string& product) {
  if (product == pro_1) return "raw";
  if (product == pro_2) return "unwhitened";
  return "normal";
}

/// By the maker's own table (truerng_mode.py:34) these are not noise but what a Mersenne Twister makes of it.
bool is_conditioned(const std::string& mode) {
  return mode == "normal" || mode == "rng1" || mode == "rng2";
}

unsigned baud_from(const std::string& mode) {
  if (mode == "normal") return 300;
  if (mode == "rng1") return 4800;
  if (mode == "rng2") return 9600;
  if (mode == "raw") return 19200;
  if (mode == "unwhitened") return 57600;
  throw Error(Category::usage, fmt::format("mode={} – expected normal, rng1, rng2, raw or unwhitened", mode));
}

/// This many bytes in a row of nothing but what a text mode sends: random ones look like that once in 10^219 times.
constexpr std::size_t longest_text = 512;

bool is_text(std::byte b) {
  return (b >= std::byte{0x20} && b < std::byte{0x7F}) || b == std::byte{'\r'} || b == std::byte{'\n'};
}

class TrueRng final : public ChannelSession {
 public:
  TrueRng(ChannelOpener open, unsigned baud, const Patience& patience)
      : ChannelSession(open(baud, patience)), open_(std::move(open)), baud_(baud) {}

  void begin(const Patience& patience) override {
    exchange_channel(nullptr);
    for (const unsigned rate : knock)
      open_(rate, patience).reset();
    exchange_channel(open_(baud_, patience));
    // What it sent in its old mode.
    std::array<std::byte, 512> first{};
    channel().read_exactly(first, patience.within(2s));
    channel().read_exactly(first, patience.within(2s));
    text_ = 0;
    refuse_text(first);
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    const std::size_t got = ChannelSession::read(out, patience);
    refuse_text(out.first(got));
    return got;
  }

  void end() noexcept override {}

 private:
  ChannelOpener open_;
  unsigned baud_;
  std::size_t text_ = 0;  ///< how many bytes in a row have looked like text

  void refuse_text(std::span<const std::byte> bytes) {
    for (const std::byte b : bytes) {
      text_ = is_text(b) ? text_ + 1 : 0;
      if (text_ < longest_text) continue;
      text_ = 0;
      throw DeviceFault(Kind::protocol, fmt::format("{}: it sends text instead of samples: it is not in the mode asked "
                                                    "for",
                                                    channel().name()));
    }
  }
};

}  // namespace

DeviceKind truerng_kind() {
  return {.name = "truerng",
          .label = "TrueRNG (avalanche noise)",
          .matches = {{.vendor = 0x04d8, .product = 0xf5fe},
                      {.vendor = 0x16d0, .product = 0x0aa0},
                      {.vendor = 0x04d8, .product = 0xebb5}},
          .driven = [](SourceUri& uri) -> SerialSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 1.0, 8);
            const std::string asked = uri.take_text("mode", "");
            if (!asked.empty()) (void)baud_from(asked);
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              const auto product = info.parameters.value("/usb/product_id"_json_pointer, std::string());
              const std::string mode = asked.empty() ? default_mode(product) : asked;
              // Versions 1 to 3 ignore the rate: what they send would not be what was asked for.
              if (mode != "normal" && product == without_modes) {
                throw Error(Category::usage, fmt::format("{}: only a TrueRNG Pro has mode={}", info.uri, mode));
              }
              if (mode == "unwhitened" && product == pro_1) {
                throw Error(Category::usage,
                            fmt::format("{}: only a TrueRNG Pro V2 has mode=unwhitened; take raw", info.uri));
              }
              info.claim = claim;
              info.parameters["mode"] = mode;
              if (is_conditioned(mode)) info.parameters["conditioned_by_device"] = "Mersenne Twister";
              return std::make_unique<TrueRng>(port, baud_from(mode), patience);
            };
          }};
}

}  // namespace lightseed
