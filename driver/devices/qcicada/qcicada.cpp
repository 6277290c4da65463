#include "driver/devices/qcicada/qcicada.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/devices/qcicada/p256.h"

namespace lightseed {
namespace {

/// How long an answer may take to begin: generous, for a host that is busy with other things.
constexpr std::chrono::milliseconds answer_time{1500};

using Kind = DeviceFault::Kind;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
using Bytes = std::vector<std::byte>;

constexpr unsigned baud = 1'000'000;

enum Command : std::uint8_t {
  get_status = 0x01,
  start = 0x04,
  stop = 0x05,
  get_config = 0x07,
  set_config = 0x08,
  get_statistics = 0x09,
  restart = 0x0A,
  get_info = 0x0B,
  begin_hash = 0x20,
  add_to_hash = 0x22,
  end_hash = 0x23,
  signed_read = 0x51,
  get_public_key = 0xF7,
  get_certificate = 0xF9,
};
enum Reply : std::uint8_t {
  ack = 0x11,
  nack = 0x12,
  config = 0x17,
  statistics = 0x19,
  info_reply = 0x1B,
  hash_heard = 0x21,
  hash_digest = 0x24,
  signed_data = 0x52,
  public_key = 0xF9,
  certificate = 0xFB,
};

constexpr std::size_t ack_size = 5, info_size = 56, full_config = 12, key_size = 64;
constexpr std::uint8_t sha256_output = 0;
constexpr unsigned initialised = 1, testing = 2, health_flags = 0xFC;
constexpr std::size_t block = 4096;
constexpr std::size_t most_in_flight = 16384;  ///< data that may come between STOP and its acknowledgement

std::uint32_t u32(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}

/// A NUL-padded text, perhaps without a NUL.
std::string text(std::span<const std::byte> bytes) {
  std::string words;
  for (const std::byte b : bytes) {
    const char c = static_cast<char>(b);
    if (c == '\0') break;
    words += c >= ' ' && c < 0x7F ? c : '?';
  }
  return words;
}

struct Options {
  MinEntropy claim;
  std::uint8_t output = 1;  ///< of CONFIG's postprocess: 0 SHA-256, 1 raw noise, 2 raw samples
  std::string output_name;
  Bytes ca_key;
};

class QCicada final : public Session {
 public:
  QCicada(std::unique_ptr<ByteChannel> port, const Options& options) : port_(std::move(port)), options_(options) {}

  void identify(SourceInfo& info, const Patience& patience) {
    settle(250ms, patience);
    const Bytes about = ask(get_info, {}, info_reply, info_size, patience);
    const std::uint32_t firmware = u32(about, 4);
    info.firmware = fmt::format("{}.{}", firmware >> 16U, firmware & 0xFFFFU);
    info.serial = text(std::span(about).subspan(8, 24));
    const std::string hardware = text(std::span(about).subspan(32, 24));
    if (hardware.empty()) throw bad("it does not name its hardware");
    info.model = fmt::format("Crypta Labs {}", hardware);
    info.parameters["qcc"] = {{"core_version", u32(about, 0)},
                              {"hardware", hardware},
                              {"output", options_.output_name},
                              {"identity", identity(info.serial, hardware, patience)}};
  }

  void begin(const Patience& patience) override {
    settle(100ms, patience);
    configure(patience);
    test_hash(patience);
    ask(restart, {}, ack, ack_size, patience);
    const Patience limit = patience.within(5s);
    unsigned flags = testing;
    while ((flags & testing) != 0 || (flags & initialised) == 0) {
      if (limit.expired()) throw DeviceFault(Kind::silence, port_->name() + ": its start-up test does not end");
      port_->pause(20ms, patience);
      flags = std::to_integer<unsigned>(ask(get_status, {}, ack, ack_size, patience)[0]);
      if ((flags & testing) == 0) examine(flags);
    }
    end();
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      if (taken_ == data_.size() && !fetch(patience)) return got;
      const std::size_t part = std::min(out.size() - got, data_.size() - taken_);
      std::copy_n(data_.begin() + static_cast<std::ptrdiff_t>(taken_), part,
                  out.begin() + static_cast<std::ptrdiff_t>(got));
      ::explicit_bzero(data_.data() + taken_, part);
      taken_ += part;
      got += part;
    }
    return got;
  }

  void end() noexcept override {
    if (!data_.empty()) ::explicit_bzero(data_.data(), data_.size());
    data_.clear();
    taken_ = filled_ = 0;
    waiting_ = false;
  }

  [[nodiscard]] Json status(const Patience& patience) override {
    if (waiting_) return Json::object();
    // 24 bytes; 30 in builds in "full mode".
    const Bytes all = ask(get_statistics, {}, statistics, 24, patience);
    port_->drain(20ms, 64, patience.within(1s));
    Json json{{"repetition_count_failures", u32(all, 8)},
              {"adaptive_proportion_failures", u32(all, 12)},
              {"bit_count_failures", u32(all, 16)},
              {"bits_per_second", u32(all, 20)}};
    if (options_.output == sha256_output) json["hash_tested"] = hash_tested_;
    return json;
  }

 private:
  std::unique_ptr<ByteChannel> port_;
  Options options_;
  Bytes data_;
  std::array<std::byte, 1 + ack_size> head_{};
  std::size_t taken_ = 0, filled_ = 0;  ///< filled_ counts the head's bytes, then the data's
  bool waiting_ = false, hash_tested_ = false;
  Clock::time_point asked_at_{};

  DeviceFault bad(const std::string& what) const {
    return DeviceFault(Kind::protocol, fmt::format("{}: {}", port_->name(), what));
  }

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
    throw DeviceFault(Kind::alarm, fmt::format("{}: the device reports: {}", port_->name(), said));
  }

  /// STOP, then silence. A data byte may look like the acknowledgement: only one six bytes before the end counts.
  void settle(std::chrono::milliseconds quiet, const Patience& patience) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      port_->write(std::array{std::byte{stop}}, patience.within(1s));
      Bytes heard;
      std::array<std::byte, 1024> part;
      while (heard.size() <= most_in_flight) {
        const std::size_t got = port_->read(part, patience.within(quiet));
        if (patience.stopped()) throw Error(Category::interrupted, port_->name() + ": asked to stop");
        if (got == 0) break;
        heard.insert(heard.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
      }
      if (heard.size() > ack_size && heard[heard.size() - 1 - ack_size] == std::byte{ack}) return;
      if (patience.expired()) break;
    }
    throw bad("it does not acknowledge STOP as a QCicada does");
  }

  /// One question. Nothing when the device refuses it.
  std::optional<Bytes> try_ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
                               const Patience& patience) {
    Bytes question{std::byte{command}};
    question.insert(question.end(), payload.begin(), payload.end());
    port_->write(question, patience.within(1s));
    const Patience limit = patience.within(answer_time + std::chrono::milliseconds(size / 10));
    std::byte first{};
    port_->read_exactly(std::span(&first, 1), limit);
    if (first == std::byte{nack}) return std::nullopt;
    if (first != std::byte{reply}) {
      throw bad(fmt::format("it answered command {:02x} with {:02x}", static_cast<unsigned>(command),
                            std::to_integer<unsigned>(first)));
    }
    Bytes answer(size);
    port_->read_exactly(answer, limit);
    return answer;
  }

  Bytes ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
            const Patience& patience) {
    auto answer = try_ask(command, payload, reply, size, patience);
    if (!answer) throw bad(fmt::format("it refused command {:02x}", static_cast<unsigned>(command)));
    return std::move(*answer);
  }

  /// Chooses the output. CONFIG has 12 bytes in "full mode" builds and 1 in others; the first byte is the same.
  void configure(const Patience& patience) {
    Bytes settings = ask(get_config, {}, config, 1, patience);
    settings.resize(full_config);
    std::size_t size = 1;
    while (size < full_config) {
      const std::size_t got = port_->read(std::span(settings).subspan(size), patience.within(50ms));
      if (got == 0) break;
      size += got;
    }
    if (size != 1 && size != full_config) throw bad(fmt::format("its settings have {} bytes", size));
    settings.resize(size);
    if (settings[0] == std::byte{options_.output}) return;
    settings[0] = std::byte{options_.output};
    ask(set_config, settings, ack, ack_size, patience);
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
    hash_tested_ = try_ask(begin_hash, {}, hash_heard, 0, patience).has_value();
    if (!hash_tested_) return;
    ask(add_to_hash, message, hash_heard, 0, patience);
    const Bytes digest = ask(end_hash, {}, hash_digest, 32, patience);
    const Sha256Digest expected = sha256(std::span(message).subspan(2, length));
    if (!std::equal(digest.begin(), digest.end(), expected.begin())) {
      throw DeviceFault(Kind::alarm, fmt::format("{}: its SHA-256 is not SHA-256", port_->name()));
    }
  }

  /// The device's key, its certificate and a signed read, for the evidence. The signature covers the data alone – no
  /// nonce, no counter – so it shows that the key is there, not that the data are fresh; they are not used.
  Json identity(const std::string& serial, const std::string& hardware, const Patience& patience) {
    const auto key = try_ask(get_public_key, {}, public_key, key_size, patience);
    if (!key) return Json{{"public_key", nullptr}};
    Json json{{"public_key", hex(*key)}};
    if (const auto sealed = try_ask(get_certificate, {}, certificate, key_size, patience)) {
      json["certificate"] = hex(*sealed);
      json["certificate_checked"] = !options_.ca_key.empty();
      if (!options_.ca_key.empty() && !p256_verify(options_.ca_key, certified(serial, hardware, *key), *sealed)) {
        throw Error(Category::device,
                    fmt::format("{}: the certificate of {} is not signed by the given CA", port_->name(), serial));
      }
    }
    constexpr std::size_t length = 64;
    const std::array wanted{std::byte{length}, std::byte{0}};
    const auto proof = try_ask(signed_read, wanted, signed_data, length + key_size, patience);
    if (!proof) return json;  // firmware before 5.13
    const auto data = std::span(*proof).first(length), signature = std::span(*proof).last(key_size);
    if (!p256_verify(*key, data, signature)) throw bad("its signature does not fit its key");
    json["signed_read"] = {{"sha256", hex(sha256(data))}, {"signature", hex(signature)}};
    return json;
  }

  /// What the CA signed: u16 0, hardware version, serial number, key.
  Bytes certified(const std::string& serial, const std::string& hardware, const Bytes& key) const {
    const auto number = [this](const std::string& from, std::size_t at, const std::string& what) {
      std::uint32_t value = 0;
      if (at == std::string::npos || at > from.size() ||
          std::from_chars(from.data() + at, from.data() + from.size(), value).ec != std::errc{}) {
        throw bad(fmt::format("its {} is '{}'", what, from));
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

  /// One block, in one-shot mode: each comes with the device's health flags. False when the patience ended; the
  /// block is then still on its way.
  bool fetch(const Patience& patience) {
    constexpr auto answer_limit = answer_time + std::chrono::milliseconds(block / 10);
    const auto refused_until = Clock::now() + 2s;
    while (true) {
      if (!waiting_) {
        port_->write(std::array{std::byte{start}, std::byte{1}, static_cast<std::byte>(block & 0xFFU),
                                static_cast<std::byte>(block >> 8U)},
                     patience.within(1s));
        waiting_ = true;
        filled_ = 0;
        data_.assign(block, std::byte{});
        taken_ = block;
        asked_at_ = Clock::now();
      }
      const Patience limit{patience.stop, std::min(patience.deadline, asked_at_ + answer_limit)};
      while (filled_ < head_.size() + block) {
        // The acknowledgement says how much follows: a refusal is one byte.
        const auto room = filled_ == 0             ? std::span(head_).first(1)
                          : filled_ < head_.size() ? std::span(head_).subspan(filled_)
                                                   : std::span(data_).subspan(filled_ - head_.size());
        const std::size_t got = port_->read(room, limit);
        if (got == 0) {
          if (patience.stopped() || Clock::now() < asked_at_ + answer_limit) return false;
          throw DeviceFault(Kind::silence, fmt::format("{}: a block did not come in time", port_->name()));
        }
        filled_ += got;
        if (head_[0] == std::byte{nack}) break;
        if (head_[0] != std::byte{ack}) throw bad("its answer to START is neither yes nor no");
        if (filled_ != head_.size()) continue;
        const auto flags = std::to_integer<unsigned>(head_[1]);
        examine(flags);
        if ((flags & (testing | initialised)) != initialised) throw bad("it starts up in the middle of a stream");
      }
      waiting_ = false;
      if (head_[0] == std::byte{ack}) {
        taken_ = 0;
        return true;
      }
      // Not enough bytes ready yet.
      if (Clock::now() >= refused_until) throw DeviceFault(Kind::silence, port_->name() + ": it never has data ready");
      if (patience.stopped() || patience.expired()) return false;
      port_->pause(20ms, patience);
    }
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
  if (!digits.empty() && (key.size() != key_size || digits.size() != 2 * key_size)) {
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
          .serial = [](SourceUri& uri) -> SerialSessionMaker {
            Options options;
            options.output_name = uri.take_text("output", "raw");
            options.output = output_from(options.output_name);
            options.ca_key = key_from(uri.take_text("ca_key", ""));
            options.claim = unassessed_claim(uri, 1.0, 8);
            return [=](const ChannelOpener& port, SourceInfo& info, const Patience& patience) {
              auto session = std::make_unique<QCicada>(port(baud, patience), options);
              session->identify(info, patience);
              info.claim = options.claim;
              info.nominal_rate = 12'500;
              return session;
            };
          }};
}

}  // namespace lightseed
