// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/comscire/comscire.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "driver/transport/ftdi_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

/// Commands are one byte; the length of the answer follows from the byte alone.
constexpr std::byte send_delimiter{0x60}, start_stream{0x96}, get_status{0xB0}, clear_statistics{0xC0},
    stop_stream{0xE0};
constexpr unsigned bad_statistics = 4;      ///< bit of get_status
constexpr std::size_t first_garbage = 256;  ///< after start_stream
constexpr auto mode_rest = 10ms;            ///< between leaving a mode and entering the next

using Delimiter = std::array<std::byte, 6>;

class ComScire final : public FtdiSession {
 public:
  ComScire(std::shared_ptr<UsbDevice> device, unsigned generation, double bytes_per_second)
      : chip_(std::move(device), bytes_per_second),
        generation_(generation),
        garbage_limit_(2s + std::chrono::milliseconds(static_cast<long>(1000.0 * first_garbage / bytes_per_second))) {}

  void begin(const Patience& patience) override {
    chip_.stop();
    if (generation_ >= 4) {
      chip_.set_mode(FtdiChip::Mode::reset, 0xFF, patience);
      // The reads must be queued before the mode is entered, or blocks are skipped.
      chip_.start();
      chip_.pause(mode_rest, patience);
      chip_.set_mode(FtdiChip::Mode::sync_fifo, 0xFF, patience);
      chip_.set_rts_cts(patience);
    } else {
      // The first generation knows neither STOP nor delimiters, and perhaps streams already.
      if (generation_ == 1) chip_.purge_input(patience);
      chip_.start();
    }
    if (generation_ >= 2) {
      chip_.set_latency(20, patience);
      learn_delimiter(patience);
      send(clear_statistics, patience);
      empty_pipe(patience);
    }
    send(start_stream, patience);
    std::array<std::byte, first_garbage> garbage{};
    chip_.read_exactly(garbage, patience.within(garbage_limit_));
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    try {
      return chip_.read_stream(out, patience);
    } catch (const DeviceFault& fault) {
      // Silence is how a device shows that its own statistics have failed: ask it, before somebody starts it again.
      if (fault.kind() == Kind::silence && generation_ >= 2) examine(Patience{patience.stop}.within(1s));
      throw;
    }
  }

  void end() noexcept override {
    try {
      if (generation_ >= 2) send(stop_stream, Patience{}.within(100ms));
    } catch (const std::exception&) {
      // It is gone, and with it what it would have sent.
    }
    chip_.stop();
  }

  [[nodiscard]] Json status(const Patience&) override {
    return Json{{"usb", chip_.counters()}, {"generation", generation_}};
  }

 private:
  [[nodiscard]] FtdiChip& chip() noexcept override { return chip_; }

  static constexpr std::size_t most_stale = 1 << 22;  ///< the pipe holds less

  FtdiChip chip_;
  unsigned generation_;
  std::chrono::milliseconds garbage_limit_;
  Delimiter delimiter_{};

  void send(std::byte command, const Patience& patience) {
    chip_.write(std::span<const std::byte>(&command, 1), patience.within(1s));
  }

  /// Two equal answers: the delimiter is the same for the life of the device, stale bytes are not.
  void learn_delimiter(const Patience& patience) {
    for (int attempt = 0; attempt < 40; ++attempt) {
      send(stop_stream, patience);
      chip_.drain(60ms, most_stale, patience);
      Delimiter first{}, second{};
      try {
        send(send_delimiter, patience);
        chip_.read_exactly(first, patience.within(200ms));
        send(send_delimiter, patience);
        chip_.read_exactly(second, patience.within(200ms));
      } catch (const DeviceFault& fault) {
        if (fault.kind() != Kind::silence || patience.expired()) throw;
        continue;
      }
      if (first == second) {
        delimiter_ = first;
        return;
      }
    }
    throw DeviceFault(Kind::protocol, fmt::format("{}: its delimiter changes each time", chip_.name()));
  }

  /// Reads until the last bytes are the delimiter's: then nothing older is on its way.
  void empty_pipe(const Patience& patience) {
    send(stop_stream, patience);
    chip_.drain(60ms, most_stale, patience);
    send(send_delimiter, patience);
    const Patience limit = patience.within(1s);
    Delimiter last{};
    chip_.read_exactly(last, limit);
    for (std::size_t read = last.size(); last != delimiter_; ++read) {
      if (read > most_stale) throw DeviceFault(Kind::protocol, fmt::format("{}: its pipe never ends", chip_.name()));
      std::memmove(last.data(), last.data() + 1, last.size() - 1);
      chip_.read_exactly(std::span(last).last(1), limit);
    }
  }

  /// Throws DeviceFault(alarm) when the device says that its statistics are bad.
  void examine(const Patience& patience) {
    chip_.stop();
    chip_.start();
    empty_pipe(patience);
    send(get_status, patience);
    std::array<std::byte, 4> status{};
    chip_.read_exactly(status, patience);
    if ((std::to_integer<unsigned>(status[0]) & bad_statistics) != 0) {
      throw DeviceFault(Kind::alarm,
                        fmt::format("{}: the device says that its own statistics have failed", chip_.name()));
    }
  }
};

struct Model {
  const char* prefix;
  std::uint16_t product;
  double bits_per_second;
};

/// By serial number: the USB numbers are FTDI's own.
constexpr std::array<Model, 8> models{{{"QWR1", 0x6001, 2e6},
                                       {"QWR2", 0x6001, 2e6},
                                       {"QWR4", 0x6001, 4e6},
                                       {"QWR6", 0x6001, 4e6},
                                       {"QWR3", 0x6014, 32e6},
                                       {"QWR5", 0x6014, 32e6},
                                       {"QWR7", 0x6014, 128e6},
                                       {"QWR8", 0x6014, 128e6}}};

/// The fifth character of QWR4's serial numbers names the model (MeterFeeder, MED_DEVICES.md). Some make their bits of
/// many others, to amplify a bias: what they give is no raw noise.
struct Variant {
  char letter;
  double bits_per_second;
  const char* words;
  const char* conditioning;  ///< empty: none
};
constexpr std::array<Variant, 9> variants{{{'A', 100e3, "MED100K", "bias amplification"},
                                           {'B', 100e3, "MED100Kx3", "bias amplification"},
                                           {'C', 999, "MED1Kx3", "bias amplification"},
                                           {'D', 100e3, "MED100Kx4", "bias amplification"},
                                           {'E', 100e3, "MED100Kx8", "bias amplification"},
                                           {'M', 4e6, "PQ4000KM", ""},
                                           {'P', 100e3, "MED100KP", "there is no noise"},
                                           {'R', 100e3, "MED100KR: raw entropy", ""},
                                           {'X', 100e3, "MED100KX", "XOR of several"}}};

const Variant* variant_of(const std::string& serial) {
  if (!serial.starts_with("QWR4") || serial.size() < 5) return nullptr;
  const auto* const found = std::find_if(variants.begin(), variants.end(),
                                         [&](const Variant& variant) { return variant.letter == serial[4]; });
  return found == variants.end() ? nullptr : found;
}

std::unique_ptr<Session> open_session(std::shared_ptr<UsbDevice> device, SourceInfo& info) {
  const std::string& serial = device->description().serial_text;
  if (serial.starts_with("QWR4P")) {
    throw Error(Category::device, fmt::format("{}: '{}' is a pseudo-random generator, made as a control for "
                                              "experiments: it has no noise source; nothing was sent to it",
                                              device->name(), serial));
  }
  const unsigned generation = comscire_generation(serial);
  double rate = 0;
  for (const Model& model : models)
    if (serial.starts_with(model.prefix)) rate = model.bits_per_second / 8;
  if (generation == 0 || rate == 0) {
    throw Error(Category::device, fmt::format("{}: serial '{}' is no known PureQuantum's; nothing was sent to it",
                                              device->name(), serial));
  }
  if (const Variant* variant = variant_of(serial)) {
    rate = variant->bits_per_second / 8;
    info.parameters["variant"] = variant->words;
    if (*variant->conditioning != '\0') info.parameters["conditioned_by_device"] = variant->conditioning;
  }
  info.nominal_rate = rate;
  info.firmware = fmt::format("generation {}", generation);
  return std::make_unique<ComScire>(std::move(device), generation, rate);
}

}  // namespace

unsigned comscire_generation(const std::string& serial) {
  if (serial.size() < 4 || !serial.starts_with("QWR")) return 0;
  switch (serial[3]) {
    case '1': return 1;
    case '2':
    case '3': return 2;
    case '4':
    case '5':
    case '6': return 3;
    case '7': return 4;
    case '8': return 5;
    default: return 0;
  }
}

DeviceKind comscire_kind() {
  std::vector<UsbMatch> matches;
  matches.reserve(std::size(models));
  for (const Model& model : models) {
    matches.push_back(
        {.vendor = 0x0403, .product = model.product, .product_contains = {}, .serial_prefix = model.prefix});
  }
  return {.name = "comscire",
          .label = "ComScire PureQuantum",
          .matches = std::move(matches),
          .driven = [](SourceUri& uri) -> UsbSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 2.0, 8);
            return [=](std::shared_ptr<UsbDevice> device, SourceInfo& info, const Patience&) {
              info.claim = claim;
              return open_session(std::move(device), info);
            };
          }};
}

}  // namespace lightseed
