// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/qcicada/emulated_qcicada.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

#include "core/hex.h"
#include "crypto/digest.h"

namespace lightseed::emulated {
namespace {

std::byte low(std::size_t value) {
  return static_cast<std::byte>(value & 0xFFU);
}

/// x||y of a key.
Bytes public_half(EVP_PKEY* key) {
  std::array<unsigned char, 65> point{};
  std::size_t size = 0;
  EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
  Bytes bytes;
  for (std::size_t i = 1; i < point.size(); ++i)
    bytes.push_back(static_cast<std::byte>(point[i]));
  return bytes;
}

/// r||s of an ECDSA signature over SHA-256.
Bytes sign(EVP_PKEY* key, std::span<const std::byte> message) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::array<unsigned char, 80> der{};
  std::size_t size = der.size();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  EVP_DigestSign(context, der.data(), &size, reinterpret_cast<const unsigned char*>(message.data()), message.size());
  EVP_MD_CTX_free(context);
  const unsigned char* at = der.data();
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
  std::array<unsigned char, 64> raw{};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw.data() + 32, 32);
  ECDSA_SIG_free(signature);
  Bytes bytes;
  for (const unsigned char c : raw)
    bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

}  // namespace

EmulatedQCicada::EmulatedQCicada(std::uint32_t run, double bytes_per_second)
    : sequence_(run), pacer_(bytes_per_second), device_key_(EVP_EC_gen("P-256")), ca_(EVP_EC_gen("P-256")) {
  // The layout: protocol.py:149 and 178.
  const std::array<unsigned, 12> defaults{0, 0, 0, 0, 0x3F, 0x0F, 4, 0x40, 0xC0, 1, 0, 8};
  std::transform(defaults.begin(), defaults.end(), config_.begin(), [](unsigned v) { return low(v); });
}

EmulatedQCicada::~EmulatedQCicada() {
  EVP_PKEY_free(device_key_);
  EVP_PKEY_free(ca_);
}

void EmulatedQCicada::be_the_unit(const EmulatedQCicada& other) {
  for (auto [mine, its] : {std::pair{&device_key_, other.device_key_}, std::pair{&ca_, other.ca_}}) {
    EVP_PKEY_free(*mine);
    *mine = its;
    EVP_PKEY_up_ref(its);
  }
  certificate_ = other.certificate_;
}

std::string EmulatedQCicada::ca_key() const {
  return hex(public_half(ca_));
}

std::string EmulatedQCicada::config() const {
  return hex(config_);
}

void EmulatedQCicada::set_config(const std::string& digits) {
  for (std::size_t i = 0; i < config_.size(); ++i)
    config_[i] = static_cast<std::byte>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
}

/// What follows the command: protocol.py:77 to 113; the hash test's message is cmdctrl_types.h's.
std::size_t EmulatedQCicada::length_of(unsigned command) const {
  switch (command) {
    case 0x04: return 3;
    case 0x08: return full ? 12 : 1;
    case 0x22: return 2 + 1024;
    case 0x51:
    case 0xF8: return 2;
    default: return 0;
  }
}

void EmulatedQCicada::receive(std::span<const std::byte> bytes, Clock::time_point) {
  in_.insert(in_.end(), bytes.begin(), bytes.end());
  while (!in_.empty()) {
    const unsigned command = std::to_integer<unsigned>(in_[0]);
    const std::size_t size = 1 + length_of(command);
    if (in_.size() < size) return;
    if (command == 0x08 && spoil_config()) continue;
    const Bytes payload(in_.begin() + 1, in_.begin() + static_cast<std::ptrdiff_t>(size));
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size));
    if (!silent) run(command, payload);
  }
}

/// There is no parity and no check sum: a byte that gets lost moves the others up, one that was damaged is believed.
bool EmulatedQCicada::spoil_config() {
  if (const std::size_t at = std::exchange(damages_config_byte, std::size_t{0}); at > 0) in_[at] ^= std::byte{0x10};
  const std::size_t at = std::exchange(loses_config_byte, std::size_t{0});
  if (at > 0) in_.erase(in_.begin() + static_cast<std::ptrdiff_t>(at));
  return at > 0;
}

void EmulatedQCicada::put(std::span<const std::byte> bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
}

/// Flags, and how many bytes are ready: protocol.py:116 to 128.
void EmulatedQCicada::put_ack() {
  const bool testing = polls_ > 0 && polls_-- > 0;
  // A test that CONFIG has switched off (byte 5: b2 repetition count, b3 adaptive proportion) reports nothing; the
  // flags are b6 and b7 of the answer.
  const unsigned tests = full ? std::to_integer<unsigned>(config_[5]) : 0xFFU;
  unsigned said = flags;
  if ((tests & 4U) == 0) said &= ~0x40U;
  if ((tests & 8U) == 0) said &= ~0x80U;
  put(std::array{low(0x11), low(said | (testing ? 2U : 0U)), low(0x00), low(0x40), low(0), low(0)});
}

void EmulatedQCicada::run(unsigned command, std::span<const std::byte> payload) {
  // A refusal is one byte, whatever was asked: protocol.py:66, device.py:401.
  if (refused[command]) return put(std::array{low(0x12)});
  switch (command) {
    case 0x01: return put_ack();
    case 0x04: {
      // An acknowledgement and then the data: device.py:107 to 133; too few ready are a refusal.
      if (busy_blocks > 0) {
        --busy_blocks;
        return put(std::array{low(0x12)});
      }
      put_ack();
      Bytes data(std::to_integer<std::size_t>(payload[1]) | std::to_integer<std::size_t>(payload[2]) << 8U);
      sequence_.fill(data);
      if (std::exchange(drop_byte, false)) data.erase(data.begin() + 100);
      return put(data);
    }
    case 0x05:
      // The acknowledgement is the last thing on the line: device.py:406 to 422.
      stale_stream = false;
      if (std::exchange(echoes_ack, false)) put(Bytes(64, low(0x11)));
      return put_ack();
    case 0x07: put(std::array{low(0x17)}); return put(std::span(config_).first(full ? 12 : 1));
    case 0x08: {
      const std::byte flags_before = config_[5];
      std::copy(payload.begin(), payload.end(), config_.begin());
      if (keeps_flags) config_[5] = flags_before;
      return put_ack();
    }
    case 0x09: {
      // protocol.py:192; builds that are not "full" end with the rate.
      Bytes statistics(full ? 31 : 25);
      statistics[0] = low(0x19);
      statistics[21] = low(100'000);
      statistics[22] = low(100'000 >> 8U);
      statistics[23] = low(100'000 >> 16U);
      return put(statistics);
    }
    // The start-up test runs again, and each answer says so while it does: device.py:330, protocol.py:121.
    case 0x0A: polls_ = start_up_polls + 1; return put_ack();
    case 0x0B: {
      // protocol.py:134: two versions, two texts of 24 bytes.
      Bytes info(57);
      info[0] = low(0x1B);
      info[5] = low(0x0E);
      info[7] = low(5);
      const std::string serial = "QC0000000217", hardware = "CICADA-QRNG-1.1";
      std::transform(serial.begin(), serial.end(), info.begin() + 9, [](char c) { return static_cast<std::byte>(c); });
      std::transform(hardware.begin(), hardware.end(), info.begin() + 33,
                     [](char c) { return static_cast<std::byte>(c); });
      return put(info);
    }
    case 0x20: hashed_.clear(); return put(std::array{low(0x21)});
    case 0x22: {
      // Of a command that was cut off and filled up the length may be more than the message has room for.
      const std::size_t said = std::to_integer<std::size_t>(payload[0]) | std::to_integer<std::size_t>(payload[1])
                                                                              << 8U;
      const std::size_t size = std::min(said, payload.size() - 2);
      hashed_.insert(hashed_.end(), payload.begin() + 2, payload.begin() + 2 + static_cast<std::ptrdiff_t>(size));
      return put(std::array{low(0x21)});
    }
    case 0x23: {
      Sha256Digest digest = sha256(hashed_);
      if (wrong_hash) digest[5] ^= std::byte{1};
      hash_tested_ = true;
      put(std::array{low(0x24)});
      return put(digest);
    }
    case 0xF8:
      // protocol.py:111: the magic bytes of :45.
      if (payload[0] == low(0xA1) && payload[1] == low(0x25)) reboot();
      return;
    case 0x51: {
      // The data, and a signature over nothing else: device.py:135.
      Bytes data(std::to_integer<std::size_t>(payload[0]) | std::to_integer<std::size_t>(payload[1]) << 8U, low(0xA5));
      const Bytes signature = sign(bad_signature ? ca_ : device_key_, data);
      put(std::array{low(0x52)});
      put(data);
      return put(signature);
    }
    case 0xF7: put(std::array{low(0xF9)}); return put(public_half(device_key_));
    case 0xF9:
      if (certificate_.empty()) {
        Bytes certified{low(0), low(0), low(1), low(bad_certificate ? 2 : 1), low(217), low(0), low(0), low(0)};
        const Bytes key = public_half(device_key_);
        certified.insert(certified.end(), key.begin(), key.end());
        certificate_ = sign(ca_, certified);
      }
      put(std::array{low(0xFB)});
      return put(certificate_);
    default: return put(std::array{low(0x12)});
  }
}

void EmulatedQCicada::reboot() {
  in_.clear();
  out_.clear();
  polls_ = start_up_polls + 1;
}

Bytes EmulatedQCicada::send(std::size_t room, Clock::time_point now) {
  if (stale_stream && out_.empty()) return Bytes(std::min<std::size_t>(room, 64), low(0x11));
  const std::size_t part = std::min({room, out_.size(), std::size_t{512}});
  if (part == 0 || pacer_.take(part, now)) return {};
  Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  return bytes;
}

}  // namespace lightseed::emulated
