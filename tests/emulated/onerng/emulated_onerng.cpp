#include "tests/emulated/onerng/emulated_onerng.h"

#include <algorithm>

namespace lightseed::emulated {
namespace {

constexpr unsigned avalanche_off = 4, rf_on = 2;

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
  if (what == 'w') out_.clear();
  if (what == 'v') say("\r\nVersion 3\r\n");
  if (what == 'I') say("\r\n___EMULATED-7\r\n");
  if (what == 'X') say(std::string(image_bytes, 'F'));
}

Bytes EmulatedOneRng::send(std::size_t room, Clock::time_point) {
  if (!dtr || (!running_ && !leftovers)) return {};
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
