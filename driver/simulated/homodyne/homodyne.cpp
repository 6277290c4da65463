#include "driver/simulated/homodyne/homodyne.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "core/system_random.h"
#include "driver/simulated/alias_table.h"
#include "driver/simulated/fault.h"
#include "driver/simulated/homodyne/model.h"
#include "driver/simulated/keystream.h"

namespace lightseed::simulated {
namespace {

constexpr const char* name = "sim:homodyne";

std::uint64_t random_seed() {
  std::array<std::uint64_t, 1> seed;
  system_random(std::as_writable_bytes(std::span(seed)));
  return seed[0];
}

class Homodyne final : public Source {
 public:
  explicit Homodyne(SourceUri uri)
      : seed_(uri.has("seed") ? uri.take_count("seed", 0, 0, std::numeric_limits<std::uint64_t>::max())
                              : random_seed()),
        model_{.qcnr_db = uri.take_number("qcnr_db", HomodyneModel{}.qcnr_db, -20, 60),
               .range = uri.take_number("range", HomodyneModel{}.range, 0.1, 100),
               .offset = uri.take_number("offset", HomodyneModel{}.offset, -100, 100),
               .noise_bound = uri.take_number("noise_bound", HomodyneModel{}.noise_bound, 1, 10)},
        fault_(Fault::take(uri)),
        table_(model_.code_probabilities()) {
    (void)uri.take_text("seed", "");
    uri.reject_unknown();
    describe();
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }

  void start(const Patience&) override {
    stream_.emplace(name, seed_, restarts_++);
    position_ = 0;
  }

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (!stream_) return {0, ReadState::fault, "not started"};
    auto* const first = static_cast<std::uint8_t*>(static_cast<void*>(out.data()));
    const std::span<std::uint8_t> codes(first, out.size());
    for (std::size_t done = 0; done < codes.size();) {
      if (patience.stopped()) return {done, ReadState::stopped, "asked to stop"};
      const auto part = codes.subspan(done, std::min(words_.size(), codes.size() - done));
      const auto uniform = std::span(words_).first(part.size());
      stream_->fill(uniform);
      table_.draw(uniform, part);
      fault_.apply(part, position_);
      position_ += part.size();
      done += part.size();
    }
    return {out.size()};
  }

  void stop() noexcept override { stream_.reset(); }

 private:
  std::uint64_t seed_;
  HomodyneModel model_;
  Fault fault_;
  AliasTable table_;
  std::optional<Keystream> stream_;
  std::uint64_t restarts_ = 0;
  std::uint64_t position_ = 0;  ///< samples since the last start
  std::array<std::uint32_t, 4096> words_{};
  SourceInfo info_;

  void describe() {
    info_.uri = fmt::format("{}?seed={}&qcnr_db={}&range={}&offset={}&noise_bound={}&fault={}", name, seed_,
                            model_.qcnr_db, model_.range, model_.offset, model_.noise_bound, fault_.text());
    info_.driver = name;
    info_.model = "vacuum fluctuations, balanced homodyne detection, 8-bit converter (simulated)";
    info_.provenance = Provenance::simulated;
    info_.format = {.bits = 8, .container_bits = 8};
    info_.claim = {
        .bits_per_sample = model_.worst_case_min_entropy(),
        .basis = MinEntropy::Basis::modelled,
        .method = "worst-case min-entropy of a code given the classical noise, Haw et al., arXiv:1411.4512",
        .assumptions = {"simulated: the samples hold no entropy beyond the simulator's seed; the number is what a "
                        "device of this model would have",
                        "the quantum noise is Gaussian, white and stationary; its ratio to the classical noise is "
                        "the stated one",
                        fmt::format("the adversary knows the classical noise, which stays within {} standard "
                                    "deviations",
                                    model_.noise_bound),
                        "the converter is ideal"},
        .details = {{"marginal_bits_per_sample", model_.marginal_min_entropy()}}};
    info_.parameters = {{"seed", std::to_string(seed_)}, {"qcnr_db", model_.qcnr_db},         {"range", model_.range},
                        {"offset", model_.offset},       {"noise_bound", model_.noise_bound}, {"fault", fault_.text()}};
  }
};

}  // namespace

SourceDriver homodyne_driver() {
  return {.name = name,
          .summary = "simulated vacuum noise, balanced homodyne detection, 8 bits a sample",
          .list =
              [] {
                return std::vector<Listing>{{name, "simulated vacuum noise – NOT FOR PRODUCTION"}};
              },
          .open = [](SourceUri uri) -> std::unique_ptr<Source> { return std::make_unique<Homodyne>(std::move(uri)); }};
}

}  // namespace lightseed::simulated
