#include "pipeline/pool_judge.h"

#include "stats/health/gate.h"

namespace lightseed {
namespace {

class GateJudge final : public BlockJudge {
 public:
  explicit GateJudge(const health::GateSettings& settings) : gate_(settings) {}

  void restart() override { gate_.restart(); }
  [[nodiscard]] std::size_t start_up_bytes() const override { return gate_.start_up_bytes(); }
  [[nodiscard]] std::size_t window_bytes() const override { return gate_.window_bytes(); }

  [[nodiscard]] std::optional<std::string> start_up(std::span<const std::byte> raw) override {
    return gate_.start_up(raw) ? std::nullopt : alarm();
  }
  [[nodiscard]] std::optional<std::string> admit(std::span<const std::byte> raw) override {
    return gate_.admit(raw) ? std::nullopt : alarm();
  }
  [[nodiscard]] Json evidence() const override { return to_json(gate_.evidence()); }

 private:
  health::HealthGate gate_;

  [[nodiscard]] std::optional<std::string> alarm() const {
    return gate_.alarm() ? health::describe(*gate_.alarm()) : "the health gate is closed";
  }
};

}  // namespace

JudgeMaker health_judge(double alpha_log2) {
  return [alpha_log2](const SourceInfo& info) -> std::unique_ptr<BlockJudge> {
    return std::make_unique<GateJudge>(health::GateSettings{
        .format = info.format, .min_entropy = info.claim.bits_per_sample, .alpha_log2 = alpha_log2});
  };
}

}  // namespace lightseed
