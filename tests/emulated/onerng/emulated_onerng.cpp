// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/onerng/emulated_onerng.h"

#include <algorithm>
#include <utility>

namespace lightseed::emulated {
namespace {

constexpr unsigned avalanche_off = 4, rf_on = 2;
/// An answer leaves by the path of a block without being counted in: 64 bytes are taken from a counter of 16 bits that
/// holds less (cdc_app.c:537), and blocks of the empty pool go out until it is flushed.
constexpr std::size_t wrapped_pool = 65'536 - 64;
constexpr std::size_t declared_image = 256 * 1024;

}  // namespace

void EmulatedOneRng::receive(std::span<const std::byte> bytes, Clock::time_point) {
  for (const std::byte b : bytes) {
    const char c = static_cast<char>(b);
    if (c == '\n') {
      command(line_);
      line_.clear();
    } else {
      line_ += c;
    }
  }
}

void EmulatedOneRng::command(const std::string& text) {
  const auto say = [this](const std::string& words) {
    if (!answers) return;
    for (const char c : words)
      out_.push_back(static_cast<std::byte>(c));
  };
  if (text.size() != 4 || !text.starts_with("cmd")) return;
  const char what = text[3];
  if (what >= '0' && what <= '7') mode_ = static_cast<unsigned>(what - '0');
  if (what == 'O') running_ = true;
  if (what == 'o') {
    running_ = false;
    leftovers = false;
  }
  if (what == 'w') {
    out_.clear();
    zeros_ = 0;
  }
  if (what == 'v') say("\r\nVersion 3\r\n");  // cdc_app.c:2
  // A header of underscores on both sides: cdc_app.c:704, sync_header.
  if (what == 'I') say("\r\n________" + id + "________\r\n");
  if ((what == 'v' || what == 'I') && answers) zeros_ = wrapped_pool;
  if (what == 'X') {
    // fe ed be ef 20 14, the length, a version, the length of the text: cdc_app.c:636 to 680.
    for (const unsigned b : {0xFEU, 0xEDU, 0xBEU, 0xEFU, 0x20U, 0x14U, 0x00U, 0x00U, 0x04U, 3U, 0U, 0x34U, 0x12U})
      out_.push_back(static_cast<std::byte>(b));
    say(std::string(image_bytes, 'F'));
    image_cut_ = image_bytes < declared_image;
    zeros_ = wrapped_pool;
  }
}

Bytes EmulatedOneRng::send(std::size_t room, Clock::time_point) {
  if (!dtr || (!running_ && !leftovers)) return {};
  if (out_.empty() && std::exchange(image_cut_, false)) {
    running_ = false;
    return {};
  }
  if (out_.empty() && zeros_ > 0) {
    out_.assign(64, std::byte{});
    zeros_ -= 64;
  }
  if (out_.empty()) {
    const bool noise = pooling && ((mode_ & avalanche_off) == 0 || (mode_ & rf_on) != 0);
    if (!noise && !leftovers) return {};
    out_.resize(64);
    sequence_.fill(out_);
  }
  const std::size_t part = std::min(room, out_.size());
  Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  return bytes;
}

}  // namespace lightseed::emulated
