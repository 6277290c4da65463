#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "driver/devices/onerng/onerng.h"
#include "driver/devices/qcicada/qcicada.h"
#include "driver/devices/rava/rava.h"
#include "driver/devices/truerng/truerng.h"

namespace {

using namespace lightseed;

/// A device that says what the fuzzer wrote, whatever it is asked, and then hangs up.
class Babbler final : public ByteChannel {
 public:
  explicit Babbler(std::span<const std::byte>& left) : left_(left) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  void write(std::span<const std::byte>, const Patience&) override {
    // Each question is heard after a pause: what drains the line gets to its end.
    pause_ = true;
  }
  std::size_t read(std::span<std::byte> out, const Patience&) override {
    if (std::exchange(pause_, !pause_)) return 0;
    if (left_.empty()) throw DeviceFault(DeviceFault::Kind::gone, "hung up");
    const std::size_t part = std::min({out.size(), left_.size(), 1 + std::to_integer<std::size_t>(left_[0]) % 64});
    std::copy_n(left_.begin(), part, out.begin());
    left_ = left_.subspan(part);
    return part;
  }

 private:
  std::span<const std::byte>& left_;
  std::string name_ = "fuzz";
  bool pause_ = false;
};

}  // namespace

/// The first byte chooses the device; the rest is what it says. Everything ends in samples, a fault or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::vector<DeviceKind> kinds{rava_kind(), onerng_kind(), truerng_kind(), qcicada_kind()};
  const DeviceKind& kind = kinds[data[0] % kinds.size()];
  auto left = std::as_bytes(std::span(data, size)).subspan(1);
  try {
    SourceUri uri = SourceUri::parse("tty:fuzz");
    SourceInfo info;
    const auto open = [&left](unsigned, const Patience&) { return std::make_unique<Babbler>(left); };
    const auto session = kind.serial(uri)(open, info, {});
    session->begin({});
    std::vector<std::byte> block(100);
    for (int i = 0; i < 10; ++i) {
      if (session->read(block, {}) > block.size()) __builtin_trap();
      session->check({});
    }
    session->end();
  } catch (const DeviceFault&) {
  } catch (const Error&) {
  }
  return 0;
}
