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

constexpr unsigned baud = 115200;
constexpr std::array<std::size_t, 2> image_sizes{128 * 1024, 256 * 1024};
constexpr std::string_view silent = "cmd4\n", pause = "cmdo\n", run = "cmdO\n", flush = "cmdw\n";

class OneRng final : public ChannelSession {
 public:
  OneRng(std::unique_ptr<ByteChannel> port, std::string mode)
      : ChannelSession(std::move(port)), mode_(std::move(mode)) {}

  /// The firmware as the device sends it: its digest can be compared with a published image's.
  [[nodiscard]] Json image(const Patience& patience) {
    hush(patience);
    channel().write("cmdX\n", patience.within(1s));
    channel().write(run, patience.within(1s));
    Sha256 digest;
    std::size_t size = 0;
    std::array<std::byte, 4096> part{};
    while (size <= image_sizes.back()) {
      const std::size_t got = channel().read(part, patience.within(300ms));
      if (got == 0) break;
      digest.update(std::span(part).first(got));
      size += got;
    }
    hush(patience);
    if (std::find(image_sizes.begin(), image_sizes.end(), size) == image_sizes.end()) {
      throw DeviceFault(Kind::protocol,
                        fmt::format("{}: its firmware image has {} bytes instead of {} or {}: cut short, "
                                    "or not one",
                                    channel().name(), size, image_sizes[0], image_sizes[1]));
    }
    return Json{{"bytes", size}, {"sha256", hex(digest.digest())}};
  }

  void identify(SourceInfo& info, const Patience& patience) {
    hush(patience);
    const std::string version = ask("cmdv\n", "Version ", patience);
    info.firmware = version;
    info.serial = ask("cmdI\n", "___", patience);
    hush(patience);
  }

  void begin(const Patience& patience) override {
    hush(patience);
    // One that has lost DTR, or its mind, is found out here and not by a silence of two seconds.
    (void)ask("cmdv\n", "Version ", patience);
    hush(patience);
    channel().write(flush, patience.within(1s));
    channel().write(mode_, patience.within(1s));
    channel().write(run, patience.within(1s));
  }

  void end() noexcept override {
    try {
      channel().write(pause, Patience{}.within(100ms));
    } catch (const std::exception&) {
      // It is gone, and with it what it would have sent.
    }
  }

 private:
  std::string mode_;

  void hush(const Patience& patience) {
    channel().write(pause, patience.within(1s));
    channel().write(silent, patience.within(1s));
    channel().drain(60ms, 1 << 18, patience.within(2s));
  }

  /// The rest of the line after `key` in the device's answer; noise may be left over in front of it.
  std::string ask(std::string_view command, std::string_view key, const Patience& patience) {
    channel().write(command, patience.within(1s));
    // The device answers only while it runs, and the avalanche is off: nothing but the answer comes.
    channel().write(run, patience.within(1s));
    std::string text;
    std::array<std::byte, 256> bytes;
    const Patience limit = patience.within(500ms);
    while (text.size() < 4096) {
      const std::size_t got = channel().read(bytes, limit);
      if (got == 0) break;
      text.append(reinterpret_cast<const char*>(bytes.data()), got);
      const auto at = text.find(key);
      const auto end = at == std::string::npos ? at : text.find_first_of("\r\n", at);
      if (end == std::string::npos) continue;
      std::string line = text.substr(at + key.size(), end - at - key.size());
      for (char& c : line)
        if (c < 0x20 || c == 0x7F) c = '?';
      line.erase(0, line.find_first_not_of('_'));
      return line;
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
          .serial = [](SourceUri& uri) -> SerialSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 1.0, 8);
            const std::string name = uri.take_text("mode", "raw");
            const std::string mode = mode_from(name);
            const std::string image = uri.take_text("image", "ignore");
            if (image != "ignore" && image != "digest") {
              throw Error(Category::usage, fmt::format("image={} – expected ignore or digest", image));
            }
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              auto session = std::make_unique<OneRng>(port(baud, patience), mode);
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
