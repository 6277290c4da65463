// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// A OneRNG on its serial line: text commands, 64-byte blocks while it runs. Names of files and lines are those of
/// OneRNG/firmware.
class EmulatedOneRng final : public SerialModel {
 public:
  explicit EmulatedOneRng(std::uint32_t run) : sequence_(run) {}

  bool pooling = true;                   ///< false: the noise source has stopped
  bool answers = true;                   ///< to cmdv and cmdI
  bool leftovers = false;                ///< runs when the host opens it, as another program left it
  bool dtr = true;                       ///< it sends only while the host holds this line
  std::size_t image_bytes = 256 * 1024;  ///< of the firmware image; its head always says 256 KiB
  std::string id = "EMULATED-7";

  void control_lines(bool on) override { dtr = on; }
  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;

  [[nodiscard]] unsigned mode() const noexcept { return mode_; }

 private:
  Sequence sequence_;
  std::string line_;
  Bytes out_;
  std::size_t zeros_ = 0;  ///< of a pool that is not there
  bool running_ = false, image_cut_ = false;
  unsigned mode_ = 0;

  void command(const std::string& text);
};

}  // namespace lightseed::emulated
