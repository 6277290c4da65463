// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <memory>

#include "tests/emulated/serial_model.h"

struct evp_pkey_st;

namespace lightseed::emulated {

/// A QCicada on its serial line: "Cmd&Ctrl" commands parsed byte by byte, a key of its own and a CA that certified it.
/// A command that lacks bytes is waited for, however long. Names of files and lines are those of amenti-labs/qcicada
/// 0.2.1, python/src/qcicada; what stands there as what its author has learnt from Crypta Labs' cmdctrl_types.h and
/// qcc.c.
class EmulatedQCicada final : public SerialModel {
 public:
  explicit EmulatedQCicada(std::uint32_t run, double bytes_per_second = 0);
  ~EmulatedQCicada() override;

  bool stale_stream = false;    ///< another program left it sending
  bool full = true;             ///< CONFIG of 12 and STATISTICS of 30 bytes
  unsigned flags = 1;           ///< of every ACK
  unsigned start_up_polls = 2;  ///< ACKs that say the test is still running
  unsigned busy_blocks = 0;     ///< so many STARTs are refused first
  bool drop_byte = false;       ///< once, out of a block
  bool silent = false;
  bool bad_signature = false, bad_certificate = false;
  std::map<unsigned, bool> refused;   ///< commands answered with NACK
  bool echoes_ack = false;            ///< in-flight data full of 0x11 before STOP's acknowledgement
  bool wrong_hash = false;            ///< its SHA-256 is not
  bool keeps_flags = false;           ///< acknowledges new flags of CONFIG, and has the old ones
  std::size_t loses_config_byte = 0;  ///< this byte of the next SET_CONFIG never arrives; 0 is the command itself: none
  std::size_t damages_config_byte = 0;  ///< this one arrives as another

  /// Takes over the keys of `other`: the same unit at another port.
  void be_the_unit(const EmulatedQCicada& other);

  /// What command F8 does, and a dip of its supply: it forgets what it was doing and starts up again.
  void reboot();

  /// x||y of the CA that certified the device, in hexadecimal.
  [[nodiscard]] std::string ca_key() const;
  [[nodiscard]] bool hash_tested() const noexcept { return hash_tested_; }
  /// CONFIG in hexadecimal, all twelve bytes.
  [[nodiscard]] std::string config() const;
  void set_config(const std::string& digits);
  [[nodiscard]] unsigned output() const noexcept { return std::to_integer<unsigned>(config_[0]); }

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;

 private:
  Sequence sequence_;
  Pacer pacer_;
  Bytes in_, out_;
  std::array<std::byte, 12> config_;
  unsigned polls_ = 0;
  Bytes hashed_;
  bool hash_tested_ = false;
  evp_pkey_st* device_key_;
  evp_pkey_st* ca_;
  Bytes certificate_;  ///< the CA has signed it once

  std::size_t length_of(unsigned command) const;
  /// True when a byte of the command in hand is missing now.
  bool spoil_config();
  void run(unsigned command, std::span<const std::byte> payload);
  void put(std::span<const std::byte> bytes);
  void put_ack();
};

}  // namespace lightseed::emulated
