// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>

#include "driver/transport/byte_channel.h"
#include "driver/usb/device_kind.h"

namespace lightseed::rava {

/// A session in protocol 3 on an open port. Completes `info` with the device's own serial number and firmware.
/// `processing` is the device's post-processing: 0 none, 1 XOR, 2 XOR and Dichtl's.
std::unique_ptr<Session> open_v3(std::unique_ptr<ByteChannel> port, std::uint8_t processing, SourceInfo& info,
                                 const Patience& patience);

/// The same in protocol 2 (firmware before 3); `serial` came with the detection.
std::unique_ptr<Session> open_v2(std::unique_ptr<ByteChannel> port, std::uint8_t processing, const std::string& serial,
                                 SourceInfo& info, const Patience& patience);

/// Stops whatever another program has left running, and throws away what is on its way. Throws DeviceFault(protocol)
/// when it cannot be stopped.
///
/// The frame is one that both protocols read as "stop streaming": protocol 3's STOP with request id 51, in which
/// protocol 2 finds "$ 51". It is said before anything is listened to – a device that streams is never quiet – and
/// again until the line is quiet: firmware 3 writes the stream's request and command into the very message that it is
/// parsing (lib/RAVA_RNG/src/rava_rng.c:280, read_rava_msg() in rava_comm.c), so that a STOP around a packet is often
/// lost.
void hush(ByteChannel& port, const Patience& patience);

/// What both protocols count alike. The device's cut-offs (4 equal bytes; 13 of 512) are for 2^-20 a sample: one false
/// alarm in some minutes is to be expected, two between two checks, a second apart, are not.
constexpr unsigned most_errors = 1;
DeviceFault too_many_errors(const std::string& port, unsigned errors);
std::uint16_t u16(std::span<const std::byte> bytes, std::size_t at);

}  // namespace lightseed::rava
