#include "pipeline/gated_source.h"

#include <catch2/catch.hpp>
#include <deque>
#include <random>

#include "core/error.h"

using namespace lightseed;

namespace {

/// Says what the test wrote down, one Read after the other; every byte carries the number of the device's life.
class Scripted final : public Source {
 public:
  explicit Scripted(std::deque<ReadState> script) : script_(std::move(script)) {
    info_.uri = "scripted:";
    info_.format = {8, 8};
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience&) override {
    const ReadState state = script_.empty() ? ReadState::ok : script_.front();
    if (!script_.empty()) script_.pop_front();
    if (state == ReadState::restarted) ++life_;
    if (state != ReadState::ok) return {0, state, "as written"};
    const std::size_t part = std::min<std::size_t>(out.size(), 300);
    for (std::byte& b : out.first(part))
      b = static_cast<std::byte>((random_() & 0x3FU) | life_ << 6U);
    delivered_ += part;
    return {part, ReadState::ok, {}};
  }

  [[nodiscard]] std::size_t delivered() const noexcept { return delivered_; }

 private:
  SourceInfo info_;
  std::deque<ReadState> script_;
  std::mt19937 random_{5};
  unsigned life_ = 0;
  std::size_t delivered_ = 0;
};

Category category_of(ReadState state) {
  Scripted source({state});
  GatedSource gated(source, 4.0);
  try {
    gated.start({});
  } catch (const Error& error) {
    return error.category();
  }
  return Category::verdict;
}

}  // namespace

TEST_CASE("A restarted source drops the block in hand and runs the start-up test again") {
  // 4096 start-up samples are 14 reads of 300; the 16th read fails in the middle of the first block.
  std::deque<ReadState> script(15, ReadState::ok);
  script.push_back(ReadState::restarted);
  Scripted source(script);
  GatedSource gated(source, 4.0);
  gated.start({});
  std::vector<std::byte> block(gated.window_bytes() * 2);
  gated.read(block, {});
  for (const std::byte b : block)
    CHECK((b >> 6U) == std::byte{1});
  CHECK(gated.bytes_admitted() == block.size());
  // The samples of the second start-up test are not among the admitted ones.
  CHECK(source.delivered() >= 2 * gated.gate().start_up_bytes() + block.size());
}

TEST_CASE("A source that restarts during the start-up test begins it again") {
  Scripted source({ReadState::ok, ReadState::restarted, ReadState::ok, ReadState::restarted});
  GatedSource gated(source, 4.0);
  gated.start({});
  CHECK(source.delivered() == gated.gate().start_up_bytes() + 600);
}

TEST_CASE("What ends a source decides the exit code") {
  CHECK(category_of(ReadState::alarm) == Category::health);
  CHECK(category_of(ReadState::disconnected) == Category::device);
  CHECK(category_of(ReadState::fault) == Category::device);
  CHECK(category_of(ReadState::timeout) == Category::device);
  CHECK(category_of(ReadState::stopped) == Category::interrupted);
}
