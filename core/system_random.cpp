// SPDX-License-Identifier: Apache-2.0
#include "core/system_random.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "core/error.h"
#include "core/hex.h"

namespace lightseed {

void system_random(std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw system_error("read", "the operating system's random generator", errno);
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::string uuid_v7() {
  std::array<std::byte, 16> id;
  system_random(id);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  for (std::size_t i = 0; i < 6; ++i)
    id[i] = static_cast<std::byte>(ms >> (40 - 8 * i) & 0xff);
  id[6] = (id[6] & std::byte{0x0f}) | std::byte{0x70};
  id[8] = (id[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text = hex(id);
  for (const std::size_t dash : {20U, 16U, 12U, 8U})
    text.insert(dash, 1, '-');
  return text;
}

}  // namespace lightseed
