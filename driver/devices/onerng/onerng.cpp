// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/onerng/onerng.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/transport/channel_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

constexpr unsigned onerng_baud = 115200;
/// What precedes the firmware's image: a magic number of six bytes, the length of the image, a version, the length of
/// its text; numbers are little-endian.
constexpr std::array<std::byte, 6> image_magic{std::byte{0xFE}, std::byte{0xED}, std::byte{0xBE},
                                               std::byte{0xEF}, std::byte{0x20}, std::byte{0x14}};
constexpr std::size_t image_head = 13, most_image = 1 << 20;
/// An answer is followed by a pool that is not there: its counter has wrapped below zero, and nearly 64 KiB of zeros
/// come until the pool is flushed.
constexpr std::size_t most_zeros = 128 * 1024, longest_answer = 4096;
constexpr std::string_view to_silence = "cmd4\n", to_pause = "cmdo\n", to_run = "cmdO\n", to_flush = "cmdw\n";

/// Printable, and without the line of underscores on both sides of an id.
std::string trimmed(std::string line) {
  for (char& c : line)
    if (c < 0x20 || c == 0x7F) c = '?';
  line.erase(line.find_last_not_of('_') + 1);
  line.erase(0, line.find_first_not_of('_'));
  return line;
}

class OneRng final : public ChannelSession {
 public:
  OneRng(std::unique_ptr<ByteChannel> port, std::string mode)
      : ChannelSession(std::move(port)), mode_(std::move(mode)) {}

  /// The firmware as the device sends it: its digest can be compared with a published image's. Zeros follow it, or the
  /// pool, until the device is paused: its head says where it ends.
  [[nodiscard]] Json image(const Patience& patience) {
    hush(patience);
    channel().write(to_run, patience.within(1s));
    channel().write("cmdX\n", patience.within(1s));
    const Patience limit = patience.within(20s);
    find_magic(limit);
    std::array<std::byte, image_head - image_magic.size()> head{};
    channel().read_exactly(head, limit);
    std::size_t left = std::to_integer<std::size_t>(head[0]) | std::to_integer<std::size_t>(head[1]) << 8U |
                       std::to_integer<std::size_t>(head[2]) << 16U;
    if (left == 0 || left > most_image) {
      throw DeviceFault(Kind::protocol,
                        fmt::format("{}: its firmware image says it has {} bytes", channel().name(), left));
    }
    const std::size_t size = left;
    Sha256 digest;
    std::array<std::byte, 4096> part{};
    while (left > 0) {
      const std::size_t got = channel().read(std::span(part).first(std::min(left, part.size())), limit.within(1s));
      if (patience.stopped()) throw Error(Category::interrupted, channel().name() + ": asked to stop");
      if (got == 0) {
        throw DeviceFault(Kind::protocol, fmt::format("{}: its firmware image ends {} bytes before its length of {}",
                                                      channel().name(), left, size));
      }
      digest.update(std::span(part).first(got));
      left -= got;
    }
    hush(patience);
    return Json{{"bytes", size}, {"sha256", hex(digest.digest())}};
  }

  void identify(SourceInfo& info, const Patience& patience) {
    hush(patience);
    info.firmware = ask("cmdv\n", "Version ", patience);
    // The USB serial number is "00" on every unit: this one is the device's own.
    info.serial = ask("cmdI\n", "___", patience);
  }

  void begin(const Patience& patience) override {
    hush(patience);
    // One that has lost DTR, or its mind, is found out here and not by a silence of two seconds.
    (void)ask("cmdv\n", "Version ", patience);
    channel().write(mode_, patience.within(1s));
    channel().write(to_run, patience.within(1s));
  }

  void end() noexcept override {
    try {
      channel().write(to_pause, Patience{}.within(100ms));
    } catch (const std::exception&) {
      // It is gone, and with it what it would have sent.
    }
  }

 private:
  std::string mode_;

  void hush(const Patience& patience) {
    for (const std::string_view command : {to_pause, to_silence, to_flush})
      channel().write(command, patience.within(1s));
    channel().drain(60ms, 1 << 18, patience.within(2s));
  }

  void find_magic(const Patience& patience) {
    std::array<std::byte, image_magic.size()> last{};
    channel().read_exactly(last, patience);
    for (std::size_t passed = 0; last != image_magic; ++passed) {
      if (passed > longest_answer) {
        throw DeviceFault(Kind::protocol, fmt::format("{}: it sends no firmware image", channel().name()));
      }
      std::copy(last.begin() + 1, last.end(), last.begin());
      channel().read_exactly(std::span(last).last(1), patience);
    }
  }

  /// The rest of the line after `key` in the device's answer; noise may be left over in front of it. Ends with the
  /// device paused and its pool flushed.
  std::string ask(std::string_view command, std::string_view key, const Patience& patience) {
    channel().write(command, patience.within(1s));
    // The device answers only while it runs, and the avalanche is off: nothing but the answer comes.
    channel().write(to_run, patience.within(1s));
    std::string text;
    std::array<std::byte, 256> bytes;
    const Patience limit = patience.within(500ms);
    for (std::size_t heard = 0; text.size() < longest_answer && heard < most_zeros;) {
      const std::size_t got = channel().read(bytes, limit);
      if (got == 0) break;
      heard += got;
      for (const std::byte b : std::span(bytes).first(got))
        if (b != std::byte{}) text += static_cast<char>(b);
      const auto at = text.find(key);
      const auto end = at == std::string::npos ? at : text.find_first_of("\r\n", at);
      if (end == std::string::npos) continue;
      hush(patience);
      return trimmed(text.substr(at + key.size(), end - at - key.size()));
    }
    throw DeviceFault(Kind::protocol, fmt::format("{}: it does not answer as a OneRNG does", channel().name()));
  }
};

std::string mode_from(const std::string& name) {
  if (name == "raw") return "cmd1\n";
  if (name == "whitened") return "cmd0\n";
  if (name == "rf") return "cmd7\n";
  throw Error(Category::usage, fmt::format("mode={} – expected raw, whitened or rf", name));
}

}  // namespace

DeviceKind onerng_kind() {
  return {.name = "onerng",
          .label = "OneRNG (avalanche noise)",
          .matches = {{.vendor = 0x1d50, .product = 0x6086}},
          .driven = [](SourceUri& uri) -> SerialSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 1.0, 8);
            const std::string name = uri.take_text("mode", "raw");
            const std::string mode = mode_from(name);
            const std::string image = uri.take_text("image", "ignore");
            if (image != "ignore" && image != "digest") {
              throw Error(Category::usage, fmt::format("image={} – expected ignore or digest", image));
            }
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              auto session = std::make_unique<OneRng>(port(onerng_baud, patience), mode);
              session->identify(info, patience);
              info.parameters["onerng"]["identity"] = {
                  {"firmware_image", image == "digest" ? session->image(patience) : Json()}};
              info.claim = claim;
              info.parameters["mode"] = name;
              return session;
            };
          }};
}

}  // namespace lightseed
