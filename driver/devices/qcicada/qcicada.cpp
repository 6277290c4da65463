// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/qcicada/qcicada.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/devices/qcicada/p256.h"
#include "driver/devices/qcicada/qcicada_frames.h"
#include "driver/transport/block_session.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using Clock = SteadyClock;
using namespace std::chrono_literals;
using qcc::Bytes;

constexpr unsigned qcicada_baud = 1'000'000;

constexpr std::uint8_t sha256_output = 0;
constexpr unsigned initialised = 1, testing = 2, health_flags = 0xFC;
constexpr std::size_t block = 4096;
/// CONFIG's flags: what makes the device watch itself, and what would let it go on after it has found a fault.
constexpr std::byte start_up_test{1}, repetition_test{4}, proportion_test{8}, goes_on_after_error{32};
constexpr std::byte watches_itself = start_up_test | repetition_test | proportion_test;
/// A block on its way takes a third of a second at the device's own rate.
constexpr auto putting_back = 1s;

struct Options {
  MinEntropy claim;
  std::uint8_t output = 1;  ///< of CONFIG's postprocess: 0 SHA-256, 1 raw noise, 2 raw samples
  std::string output_name;
  Bytes ca_key;
};

/// CONFIG as it was before we changed it, and as we have set it. It outlives a session: a device that was opened again
/// because its cable was pulled may still have what the session before has set, and nobody else remembers the rest.
struct Settings {
  Bytes found, set;
};

class QCicada final : public BlockSession<> {
 public:
  QCicada(std::unique_ptr<ByteChannel> port, const Options& options, std::shared_ptr<Settings> settings)
      : BlockSession(block, qcc::answer_time + std::chrono::milliseconds(block / 10)),
        link_(std::move(port)),
        options_(options),
        settings_(std::move(settings)) {}

  void identify(SourceInfo& info, const Patience& patience) {
    if (link_.settle(250ms, patience)) refuse_cut_off_settings(patience);
    const Bytes about = link_.ask(qcc::get_info, {}, qcc::info_reply, qcc::info_size, patience);
    const std::uint32_t firmware = qcc::u32(about, 4);
    info.firmware = fmt::format("{}.{}", firmware >> 16U, firmware & 0xFFFFU);
    info.serial = qcc::text(std::span(about).subspan(8, 24));
    const std::string hardware = qcc::text(std::span(about).subspan(32, 24));
    if (hardware.empty()) throw link_.bad("it does not name its hardware");
    info.model = fmt::format("Crypta Labs {}", hardware);
    info.parameters["qcc"] = {{"core_version", qcc::u32(about, 0)},
                              {"hardware", hardware},
                              {"output", options_.output_name},
                              {"identity", identity(info.serial, hardware, patience)}};
  }

  void begin(const Patience& patience) override {
    forget();
    link_.settle(100ms, patience);
    configure(patience);
    test_hash(patience);
    link_.ask(qcc::restart, {}, qcc::ack, qcc::ack_size, patience);
    const Patience limit = patience.within(5s);
    unsigned flags = testing;
    while ((flags & testing) != 0 || (flags & initialised) == 0) {
      if (limit.expired()) throw DeviceFault(Kind::silence, name() + ": its start-up test does not end");
      link_.port().pause(20ms, patience);
      flags = std::to_integer<unsigned>(link_.ask(qcc::get_status, {}, qcc::ack, qcc::ack_size, patience)[0]);
      if ((flags & testing) == 0) examine(flags);
    }
  }

  /// Leaves the device as it was found: other programs expect their own settings. Whoever asked us to stop may have
  /// done so in the middle of a block, a message or an answer: the line is brought to rest first.
  void end() noexcept override {
    forget();
    if (settings_->found.empty()) return;
    try {
      const Patience brief = Patience{}.within(putting_back);
      if (settings_->found != settings_->set) {
        link_.settle(50ms, brief);
        (void)link_.write_config(settings_->found, brief);
      }
      *settings_ = {};
    } catch (const std::exception&) {
      // It is gone, or does not listen. If it comes back while we are there, what was found is still known.
    }
  }

  [[nodiscard]] Json status(const Patience& patience) override {
    if (waiting()) return Json::object();
    // 24 bytes; 30 in builds in "full mode".
    const Bytes all = link_.ask(qcc::get_statistics, {}, qcc::statistics, 24, patience);
    link_.port().drain(20ms, 64, patience.within(1s));
    Json json{{"repetition_count_failures", qcc::u32(all, 8)}, {"adaptive_proportion_failures", qcc::u32(all, 12)},
              {"bit_count_failures", qcc::u32(all, 16)},       {"bits_per_second", qcc::u32(all, 20)},
              {"config_found", hex(settings_->found)},         {"config_set", hex(settings_->set)}};
    if (options_.output == sha256_output) json["hash_tested"] = hash_tested_;
    return json;
  }

 private:
  qcc::Link link_;
  Options options_;
  std::shared_ptr<Settings> settings_;
  std::array<std::byte, 1 + qcc::ack_size> head_{};
  std::size_t filled_ = 0;  ///< of the head, then of the block
  bool hash_tested_ = false;
  std::optional<Clock::time_point> refused_since_;

  [[nodiscard]] const std::string& name() const noexcept override { return link_.name(); }

  void examine(unsigned flags) const {
    if ((flags & health_flags) == 0) return;
    constexpr std::array<const char*, 8> names{"",
                                               "",
                                               "voltage low",
                                               "voltage high",
                                               "voltage undefined",
                                               "bit count test failed",
                                               "repetition count test failed",
                                               "adaptive proportion test failed"};
    std::string said;
    for (unsigned i = 2; i < 8; ++i)
      if ((flags >> i & 1U) != 0) said.append(said.empty() ? "" : ", ").append(names[i]);
    throw DeviceFault(Kind::alarm, fmt::format("{}: the device reports: {}", name(), said));
  }

  /// A command that was cut off while it set CONFIG has been completed with STOPs: what the device has now is nobody's
  /// choice, and its noise may be worth less than anybody assessed.
  void refuse_cut_off_settings(const Patience& patience) {
    const Bytes now = link_.read_config(patience);
    if (now.back() != std::byte{qcc::stop}) return;
    throw Error(Category::device,
                fmt::format("{}: a program was cut off while it set the device, whose settings are now {}; set them "
                            "again with its maker's program, or take its power away for a moment",
                            name(), hex(now)));
  }

  /// Chooses the output, and has the device watch itself: its health flags say nothing while the tests behind them are
  /// off. A build whose CONFIG has one byte has no flags to set.
  void configure(const Patience& patience) {
    const Bytes now = link_.read_config(patience);
    // Found before we changed it, not what an earlier begin() of ours has left.
    if (settings_->found.empty()) settings_->found = now;
    // From what was found, all but what we choose: a lost byte may have spoilt what is there now.
    Bytes wanted = settings_->found;
    wanted[0] = std::byte{options_.output};
    if (wanted.size() == qcc::full_config) {
      wanted[qcc::flags_at] |= watches_itself;
      wanted[qcc::flags_at] &= ~goes_on_after_error;
    }
    settings_->set = wanted;
    if (wanted == now) return;
    const Bytes set = link_.write_config(wanted, patience);
    settings_->set = set;
    if (set[0] != wanted[0]) throw link_.bad(fmt::format("it has no such output: its settings are {}", hex(set)));
    if (set.size() != qcc::full_config) return;
    if ((set[qcc::flags_at] & (watches_itself | goes_on_after_error)) != watches_itself) {
      throw link_.bad(fmt::format("it does not watch itself: its settings are {}", hex(set)));
    }
  }

  /// Where the device's own SHA-256 stands between the noise and us, it is asked for a digest that we know. Builds
  /// without the test refuse it.
  void test_hash(const Patience& patience) {
    if (options_.output != sha256_output) return;
    constexpr std::size_t length = 300, room = 1024;
    Bytes message(2 + room);
    message[0] = static_cast<std::byte>(length & 0xFFU);
    message[1] = static_cast<std::byte>(length >> 8U);
    for (std::size_t i = 0; i < length; ++i)
      message[2 + i] = static_cast<std::byte>(i * 7 & 0xFFU);
    hash_tested_ = link_.try_ask(qcc::begin_hash, {}, qcc::hash_heard, 0, patience).has_value();
    if (!hash_tested_) return;
    link_.ask(qcc::add_to_hash, message, qcc::hash_heard, 0, patience);
    const Bytes digest = link_.ask(qcc::end_hash, {}, qcc::hash_digest, 32, patience);
    const Sha256Digest expected = sha256(std::span(message).subspan(2, length));
    if (!std::equal(digest.begin(), digest.end(), expected.begin())) {
      throw DeviceFault(Kind::alarm, fmt::format("{}: its SHA-256 is not SHA-256", name()));
    }
  }

  /// The device's key, its certificate and a signed read, for the evidence. The signature covers the data alone – no
  /// nonce, no counter – so it shows that the key is there, not that the data are fresh; they are not used.
  Json identity(const std::string& serial, const std::string& hardware, const Patience& patience) {
    const auto key = link_.try_ask(qcc::get_public_key, {}, qcc::public_key, qcc::key_size, patience);
    if (!key) return Json{{"public_key", nullptr}};
    Json json{{"public_key", hex(*key)}};
    if (const auto sealed = link_.try_ask(qcc::get_certificate, {}, qcc::certificate, qcc::key_size, patience)) {
      json["certificate"] = hex(*sealed);
      json["certificate_checked"] = !options_.ca_key.empty();
      if (!options_.ca_key.empty() && !p256_verify(options_.ca_key, certified(serial, hardware, *key), *sealed)) {
        throw Error(Category::device,
                    fmt::format("{}: the certificate of {} is not signed by the given CA", name(), serial));
      }
    }
    constexpr std::size_t length = 64;
    const std::array wanted{std::byte{length}, std::byte{0}};
    const auto proof = link_.try_ask(qcc::signed_read, wanted, qcc::signed_data, length + qcc::key_size, patience);
    if (!proof) return json;  // firmware before 5.13
    const auto data = std::span(*proof).first(length), signature = std::span(*proof).last(qcc::key_size);
    if (!p256_verify(*key, data, signature)) throw link_.bad("its signature does not fit its key");
    json["signed_read"] = {{"sha256", hex(sha256(data))}, {"signature", hex(signature)}};
    return json;
  }

  /// What the CA signed: u16 0, hardware version, serial number, key.
  Bytes certified(const std::string& serial, const std::string& hardware, const Bytes& key) const {
    const auto number = [this](const std::string& from, std::size_t at, const std::string& what) {
      std::uint32_t value = 0;
      if (at == std::string::npos || at > from.size() ||
          std::from_chars(from.data() + at, from.data() + from.size(), value).ec != std::errc{}) {
        throw link_.bad(fmt::format("its {} is '{}'", what, from));
      }
      return value;
    };
    const auto dash = hardware.rfind('-'), dot = hardware.rfind('.');
    const std::uint32_t unit = number(serial, serial.find_first_of("0123456789"), "serial number");
    const std::uint32_t major = number(hardware, dash == std::string::npos ? dash : dash + 1, "hardware name");
    const std::uint32_t minor = number(hardware, dot == std::string::npos ? dot : dot + 1, "hardware name");
    Bytes bytes{std::byte{0}, std::byte{0}, static_cast<std::byte>(major & 0xFFU),
                static_cast<std::byte>(minor & 0xFFU)};
    for (unsigned i = 0; i < 4; ++i)
      bytes.push_back(static_cast<std::byte>(unit >> (8 * i) & 0xFFU));
    bytes.insert(bytes.end(), key.begin(), key.end());
    return bytes;
  }

  /// One block, in one-shot mode: each comes with the device's health flags.
  void request_block(const Patience& patience) override {
    filled_ = 0;
    head_ = {};
    link_.send(qcc::start,
               std::array{std::byte{1}, static_cast<std::byte>(block & 0xFFU), static_cast<std::byte>(block >> 8U)},
               patience);
  }

  Heard hear_block(std::span<std::byte> samples, const Patience& patience) override {
    // The acknowledgement says how much follows: a refusal is one byte.
    const auto room = filled_ == 0             ? std::span(head_).first(1)
                      : filled_ < head_.size() ? std::span(head_).subspan(filled_)
                                               : samples.subspan(filled_ - head_.size());
    const std::size_t got = link_.port().read(room, patience);
    if (got == 0) return Heard::nothing;
    filled_ += got;
    if (head_[0] == std::byte{qcc::nack}) return refused(patience);
    if (head_[0] != std::byte{qcc::ack}) throw link_.bad("its answer to START is neither yes nor no");
    refused_since_.reset();
    if (filled_ == head_.size()) {
      const auto flags = std::to_integer<unsigned>(head_[1]);
      examine(flags);
      if ((flags & (testing | initialised)) != initialised) throw link_.bad("it starts up in the middle of a stream");
    }
    return filled_ == head_.size() + samples.size() ? Heard::block : Heard::part;
  }

  /// Not enough bytes are ready yet.
  Heard refused(const Patience& patience) {
    const auto now = Clock::now();
    if (!refused_since_) refused_since_ = now;
    if (now - *refused_since_ >= 2s) throw DeviceFault(Kind::silence, name() + ": it never has data ready");
    link_.port().pause(20ms, patience);
    return Heard::refused;
  }
};

Bytes key_from(const std::string& digits) {
  Bytes key;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    if (error != std::errc{} || end != digits.data() + i + 2) break;
    key.push_back(static_cast<std::byte>(value));
  }
  if (!digits.empty() && (key.size() != qcc::key_size || digits.size() != 2 * qcc::key_size)) {
    throw Error(Category::usage, "ca_key= – expected x and y of a P-256 key: 128 hexadecimal digits");
  }
  return key;
}

std::uint8_t output_from(const std::string& name) {
  if (name == "sha256") return sha256_output;
  if (name == "raw") return 1;
  if (name == "samples") return 2;
  throw Error(Category::usage, fmt::format("output={} – expected raw, samples or sha256", name));
}

}  // namespace

DeviceKind qcicada_kind() {
  return {.name = "qcicada",
          .label = "Crypta Labs QCicada, Firefly, Dragonfly",
          .matches = {},
          .driven = [](SourceUri& uri) -> SerialSessionMaker {
            Options options;
            options.output_name = uri.take_text("output", "raw");
            options.output = output_from(options.output_name);
            options.ca_key = key_from(uri.take_text("ca_key", ""));
            options.claim = unassessed_claim(uri, 1.0, 8);
            return [=, settings = std::make_shared<Settings>()](const ChannelOpener& port, SourceInfo& info,
                                                                const Patience& patience) {
              auto session = std::make_unique<QCicada>(port(qcicada_baud, patience), options, settings);
              session->identify(info, patience);
              info.claim = options.claim;
              info.nominal_rate = 12'500;
              return session;
            };
          }};
}

}  // namespace lightseed
