// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/simulated_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include "core/error.h"
#include "core/system_random.h"
#include "driver/simulated/frame/fault_file.h"
#include "driver/simulated/frame/healthy_reference.h"
#include "stats/health/monitors/monitors.h"
#include "stats/health/monitors/optical_power.h"

namespace lightseed::simulated {
namespace {

/// A noisier one would say nothing in one reading.
constexpr double most_photodiode_noise = 0.1;

std::uint64_t take_seed(SourceUri& uri) {
  const bool given = uri.has("seed");
  std::array<std::uint64_t, 1> drawn{};
  if (!given) system_random(std::as_writable_bytes(std::span(drawn)));
  return uri.take_count("seed", drawn[0], 0, std::numeric_limits<std::uint64_t>::max());
}

std::vector<FaultKind> all_faults(const ModelKind& kind) {
  std::vector<FaultKind> faults = kind.faults;
  for (FaultKind& fault : frame_faults())
    faults.push_back(std::move(fault));
  return faults;
}

/// What `fault` says, and after it what stands in the file that `faults` names.
std::string take_faults(SourceUri& uri) {
  std::string text = uri.take_text("fault", "none");
  if (const std::string file = uri.take_text("faults", ""); !file.empty()) text += ";" + fault_text_of(file);
  return text;
}

/// What a model or a schedule refuses, with the source's name in front.
template <typename Make>
auto said_of(const SourceUri& uri, Make&& make) {
  try {
    return make();
  } catch (const Error& e) {
    if (e.category() != Category::usage || std::string_view(e.what()).starts_with("source '")) throw;
    throw Error(Category::usage, fmt::format("source '{}': {}", uri.text(), e.what()));
  }
}

/// Samples as the format lays them out; `codes` fill whole bytes.
void pack(std::span<const std::uint16_t> codes, const SampleFormat& format, std::byte* out) {
  if (format.container_bits == 16) {
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(out, codes.data(), codes.size_bytes());
      return;
    }
    for (const std::uint16_t code : codes) {
      *out++ = static_cast<std::byte>(code & 0xff);
      *out++ = static_cast<std::byte>(code >> 8);
    }
    return;
  }
  const unsigned a_byte = 8 / format.container_bits;
  for (std::size_t i = 0; i < codes.size(); i += a_byte) {
    unsigned byte = 0;
    for (unsigned j = 0; j < a_byte; ++j)
      byte = byte << format.container_bits | codes[i + j];
    *out++ = static_cast<std::byte>(byte);
  }
}

std::uint8_t* as_codes(std::byte* bytes) noexcept {
  return static_cast<std::uint8_t*>(static_cast<void*>(bytes));
}

}  // namespace

SimulatedSource::SimulatedSource(const ModelKind& kind, SourceUri uri)
    : kind_(kind),
      seed_(take_seed(uri)),
      parameters_(said_of(uri, [&] { return Parameters::take(uri, kind.parameters); })),
      model_(said_of(uri, [&] { return kind.make(parameters_, seed_); })),
      faults_(said_of(uri, [&] { return FaultSchedule(take_faults(uri), all_faults(kind)); })),
      photodiode_(uri.take_number("photodiode", 0, 0, most_photodiode_noise)),
      format_(model_->format()),
      analytic_(model_->analytic()),
      fast_(said_of(uri, [&] { return choose_path(uri); })),
      digital_(faults_, kind.faults.size(), format_) {
  uri.reject_unknown();
  if (photodiode_ > 0 && !model_->optical_power({})) {
    throw Error(Category::usage,
                fmt::format("source '{}': photodiode – {} has no light to tap", uri.text(), kind_.name));
  }
  if (fast_) {
    gaussian_ = model_->gaussian_law();
    if (!gaussian_) table_.emplace(model_->laws());
    pattern_ = model_->pattern();
  }
  describe();
}

bool SimulatedSource::choose_path(SourceUri& uri) const {
  const auto own = std::find_if(faults_.entries().begin(), faults_.entries().end(),
                                [&](const auto& entry) { return entry.kind < kind_.faults.size(); });
  const std::string why_full = own != faults_.entries().end()
                                   ? fmt::format("the fault {} is drawn photon by photon", kind_.faults[own->kind].name)
                               : model_->laws().empty() && !model_->gaussian_law() ? "its samples depend on each other"
                                                                                   : "";
  const std::string path = uri.take_text("path", why_full.empty() ? "fast" : "full");
  if (path != "fast" && path != "full") {
    throw Error(Category::usage, fmt::format("path={} – expected fast or full", path));
  }
  if (path == "fast" && !why_full.empty()) {
    throw Error(Category::usage, fmt::format("path=fast – {}: leave path out, or say full", why_full));
  }
  return path == "fast";
}

void SimulatedSource::describe() {
  info_.uri = fmt::format("{}?seed={}{}&path={}&fault={}", kind_.name, seed_, parameters_.uri_text(),
                          fast_ ? "fast" : "full", faults_.text());
  if (photodiode_ > 0) info_.uri += fmt::format("&photodiode={}", photodiode_);
  info_.driver = kind_.name;
  info_.model = kind_.summary + " (simulated)";
  info_.provenance = Provenance::simulated;
  info_.format = format_;
  info_.claim = {.bits_per_sample = analytic_.claim,
                 .basis = MinEntropy::Basis::modelled,
                 .method = analytic_.method,
                 .assumptions = {"simulated: the samples hold no entropy beyond the simulator's seed; the number is "
                                 "what a device of this model would have"},
                 .details = to_json(analytic_.entropy)};
  for (const std::string& assumption : analytic_.assumptions)
    info_.claim.assumptions.push_back(assumption);
  info_.parameters = parameters_.json();
  info_.parameters["seed"] = std::to_string(seed_);
  info_.parameters["path"] = fast_ ? "fast" : "full";
  info_.parameters["fault"] = faults_.text();
  if (photodiode_ > 0) info_.parameters["photodiode"] = photodiode_;
}

void SimulatedSource::explain_to(Oracle oracle) {
  if (fast_) {
    throw Error(
        Category::usage,
        fmt::format("source '{}': its samples come from their law, without causes; path=full has them", info_.uri));
  }
  oracle_ = std::move(oracle);
}

std::vector<std::string> SimulatedSource::fault_names() const {
  std::vector<std::string> names;
  for (const FaultKind& kind : faults_.kinds())
    names.push_back(kind.name);
  return names;
}

std::vector<std::unique_ptr<health::HealthTest>> SimulatedSource::make_health_tests() {
  const auto reference = healthy_reference(*model_, analytic_.claim, kind_, parameters_, seed_);
  auto tests = reference ? health::model_monitors(*reference) : std::vector<std::unique_ptr<health::HealthTest>>{};
  if (photodiode_ > 0) {
    tests.push_back(
        health::optical_power_monitor({.mean = 1, .deviation = photodiode_}, [this] { return optical_power(); }));
  }
  return tests;
}

std::optional<ModelLaw> SimulatedSource::law() const {
  const auto reference = healthy_reference(*model_, analytic_.claim, kind_, parameters_, seed_);
  if (!reference) return std::nullopt;
  return ModelLaw{.shares = reference->law, .counted_on = reference->measured_on};
}

std::optional<LightNoise> SimulatedSource::light_noise() const {
  const auto dimmer = model_->dimmer();
  return dimmer ? std::optional(dimmer->noise) : std::nullopt;
}

void SimulatedSource::set_light(double power) {
  if (!(power >= 0 && power <= 1)) {
    throw Error(Category::usage, fmt::format("a light of {} times the usual power; expected from 0 to 1", power));
  }
  if (!model_->dimmer()) throw Error(Category::device, fmt::format("{}: its light cannot be switched", info_.uri));
  light_ = power;
}

/// Each run has a seed of its own, and the law does not depend on it: pixels that differ have no dimmer.
Json SimulatedSource::calibrated_settings() const {
  Json settings = parameters_.json();
  if (photodiode_ > 0) settings["photodiode"] = photodiode_;
  return settings;
}

double SimulatedSource::optical_power() {
  if (!meter_ || photodiode_ <= 0) return std::numeric_limits<double>::quiet_NaN();
  // Of the light that the last sample is of.
  const std::uint64_t sample = position_ > 0 ? position_ - 1 : 0;
  return model_->optical_power(own_strengths(sample)).value_or(0) + photodiode_ * meter_->normal();
}

/// Of the model's own faults; a light that is dimmed is one of them.
Strengths SimulatedSource::own_strengths(std::uint64_t sample) const {
  Strengths strengths = faults_.strengths(sample, 0, kind_.faults.size());
  if (light_ < 1) {
    double& lost = strengths[model_->dimmer()->fault];
    lost = 1 - (1 - lost) * light_;
  }
  return strengths;
}

void SimulatedSource::start(const Patience&) {
  stream_.emplace(kind_.name, seed_, restarts_);
  dice_.emplace(Keystream(kind_.name + "/full", seed_, restarts_));
  if (photodiode_ > 0) meter_.emplace(Keystream(kind_.name + "/photodiode", seed_, restarts_));
  if (gaussian_) process_.emplace(*gaussian_, kind_.name, seed_, restarts_);
  ++restarts_;
  position_ = 0;
  digital_.restart();
  model_->restart(*dice_);
}

bool SimulatedSource::plain() const noexcept {
  return fast_ && light_ >= 1 && !digital_.any() && pattern_.empty() && format_.container_bits == 8;
}

void SimulatedSource::draw_plain(std::span<std::byte> out, std::size_t samples) {
  const std::span codes(as_codes(out.data()), samples);
  position_ += samples;
  if (process_) return process_->draw(codes);
  const auto uniform = std::span(words_).first(samples);
  stream_->fill(uniform);
  table_->draw(uniform, codes);
}

std::size_t SimulatedSource::draw_stretch(std::span<std::uint16_t> codes, std::span<Trace> traces) {
  if (!fast_ || light_ < 1) {
    return model_->draw(*dice_, own_strengths(position_), codes, traces);
  }
  if (process_) {
    process_->draw(codes);
    return codes.size();
  }
  const auto uniform = std::span(words_).first(codes.size());
  stream_->fill(uniform);
  if (pattern_.empty()) {
    table_->draw(uniform, codes);
  } else {
    std::size_t at = position_ % pattern_.size();
    for (std::size_t i = 0; i < codes.size(); at = 0) {
      const std::size_t part = std::min(codes.size() - i, pattern_.size() - at);
      std::copy_n(pattern_.begin() + static_cast<std::ptrdiff_t>(at), part,
                  rows_.begin() + static_cast<std::ptrdiff_t>(i));
      i += part;
    }
    table_->draw(uniform, std::span(rows_).first(codes.size()), codes);
  }
  return codes.size();
}

/// Up to the next fault of the cable, or until the detectors fall silent. Returns how many codes there are.
std::size_t SimulatedSource::draw_codes(std::span<std::uint16_t> codes) {
  traces_.assign(oracle_ ? codes.size() : 0, Trace{});
  std::size_t done = 0;
  while (done < codes.size()) {
    const auto cable = cable_fault(faults_, kind_.faults.size(), position_).kind;
    if (cable != CableFault::Kind::none && cable != CableFault::Kind::short_read) break;
    const std::uint64_t steady = faults_.next_change(position_) - position_;
    const auto stretch =
        codes.subspan(done, static_cast<std::size_t>(std::min<std::uint64_t>(codes.size() - done, steady)));
    const auto traces = oracle_ ? std::span(traces_).subspan(done, stretch.size()) : std::span<Trace>();
    const std::size_t drawn = draw_stretch(stretch, traces);
    digital_.apply(stretch.first(drawn), position_);
    for (Trace& trace : traces)
      trace.faults = faults_.active(position_);
    position_ += drawn;
    done += drawn;
    if (drawn < stretch.size()) break;
  }
  return done;
}

Read SimulatedSource::read(std::span<std::byte> out, const Patience& patience) {
  if (!dice_) return {0, ReadState::fault, "not started"};
  const std::size_t a_byte = std::max(1U, 8 / format_.container_bits);
  const std::size_t wanted = format_.samples_in(out.size());
  for (std::size_t done = 0; done < wanted;) {
    const std::size_t bytes = format_.bytes_for(done);
    if (patience.stopped()) return {bytes, ReadState::stopped, "asked to stop"};
    std::size_t part = std::min(chunk, wanted - done);
    if (plain()) {
      draw_plain(out.subspan(bytes), part);
      done += part;
      continue;
    }
    const CableFault cable = cable_fault(faults_, kind_.faults.size(), position_);
    if (cable.kind == CableFault::Kind::short_read) {
      if (done > 0) return {bytes};
      part = std::min(part, (static_cast<std::size_t>(cable.size) + a_byte - 1) / a_byte * a_byte);
    } else if (cable.kind != CableFault::Kind::none) {
      if (done > 0) return {bytes};
      if (cable.kind == CableFault::Kind::unplug) return {0, ReadState::disconnected, "unplugged"};
      if (cable.kind == CableFault::Kind::corrupted) return {0, ReadState::fault, "its checksums are wrong"};
      return {0, ReadState::timeout, "no data arrives"};
    }
    std::size_t drawn = draw_codes(std::span(codes_).first(part));
    drawn -= drawn % a_byte;
    pack(std::span(codes_).first(drawn), format_, out.data() + bytes);
    if (oracle_) oracle_(std::span(traces_).first(drawn));
    done += drawn;
    if (drawn > 0 && cable.kind != CableFault::Kind::short_read) continue;
    if (done > 0) return {format_.bytes_for(done)};
    return {0, ReadState::timeout, "the detectors have fallen silent"};
  }
  return {out.size()};
}

SourceDriver driver_of(const ModelKind& kind) {
  return {.name = kind.name,
          .summary = "simulated " + kind.summary,
          .list =
              [&kind] {
                return std::vector<Listing>{{kind.name, "simulated " + kind.summary + " – NOT FOR PRODUCTION"}};
              },
          .open = [&kind](SourceUri uri) -> std::unique_ptr<Source> {
            return std::make_unique<SimulatedSource>(kind, std::move(uri));
          }};
}

}  // namespace lightseed::simulated
