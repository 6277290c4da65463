// SPDX-License-Identifier: Apache-2.0
#include "pipeline/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/patience.h"
#include "core/secret_bytes.h"
#include "pipeline/dark_look.h"
#include "pipeline/gated_flow.h"
#include "stats/health/gate.h"
#include "stats/health/monitored.h"

namespace lightseed {
namespace {

constexpr std::chrono::milliseconds look_slice{500};
constexpr unsigned silent_looks = 20;
constexpr std::size_t look_piece_bytes = std::size_t{1} << 14;
constexpr std::uint64_t least_interval = 1024, most_interval = std::uint64_t{1} << 26;
/// What a watch is judged by: alarms are rare in a day of gigasamples.
constexpr double alpha_log2 = -40;

class Watch {
 public:
  Watch(Source& source, const WatchPlan& plan, const std::function<void(const WatchReport&)>& report,
        const std::stop_token& stop)
      : source_(source), plan_(plan), report_(report), stop_(stop), format_(source.info().format) {
    if (!(source.info().claim.bits_per_sample > 0)) return;
    auto* const monitored = dynamic_cast<health::Monitored*>(&source);
    gate_.emplace(
        health::GateSettings{
            .format = format_, .min_entropy = source.info().claim.bits_per_sample, .alpha_log2 = alpha_log2},
        monitored != nullptr ? monitored->make_health_tests() : std::vector<std::unique_ptr<health::HealthTest>>{});
    dark_ = DarkLook::of(source);
  }

  Watched run() {
    source_.start({.stop = stop_});
    // Whole windows of the gate's, and whole bytes.
    const std::uint64_t window = gate_ ? format_.samples_in(gate_->window_bytes()) : 8;
    const std::uint64_t interval = (plan_.interval + window - 1) / window * window;
    raw_ = SecretBytes(format_.bytes_for(interval));
    samples_.resize(interval);
    while (!over()) {
      // Intervals are not cut short for it: the look comes before the one that would be too much.
      if (dark_ && (watched_.samples == 0 || dark_->left() < interval) && !look_in_the_dark()) break;
      WatchReport report;
      report.last_alarm = std::exchange(dark_alarm_, std::nullopt);
      const std::size_t bytes = fill(report);
      if (bytes == 0) break;
      if (dark_) dark_->used(std::min(dark_->left(), static_cast<std::uint64_t>(format_.samples_in(bytes))));
      tell(bytes, std::move(report));
    }
    source_.stop();
    return watched_;
  }

 private:
  Source& source_;
  const WatchPlan& plan_;
  const std::function<void(const WatchReport&)>& report_;
  const std::stop_token& stop_;
  SampleFormat format_;
  std::optional<health::HealthGate> gate_;
  SecretBytes raw_;
  std::vector<std::uint16_t> samples_;
  Watched watched_;
  bool started_ = false;            ///< the start-up test was passed, and no alarm came since
  std::unique_ptr<DarkLook> dark_;  ///< nothing: nobody wants looks in the dark
  std::optional<HealthAlarm> dark_alarm_;
  std::vector<std::byte> waiting_;  ///< what the gate has not seen: it wants its start-up test whole

  [[nodiscard]] bool over() const {
    return stop_.stop_requested() || watched_.ended || (plan_.samples > 0 && watched_.samples >= plan_.samples);
  }

  /// Its alarm is told with the next interval's report. False when the source has ended.
  bool look_in_the_dark() {
    while (true) {
      DarkLook::Seen seen = dark_->look({.stop = stop_}, {});
      if (seen.read.state == ReadState::restarted) {
        gate_->restart_recovered(seen.read.detail);
        continue;
      }
      const bool failed = seen.read.state == ReadState::alarm && !seen.test.empty();
      if (failed) {
        ++watched_.alarms;
        gate_->fail(std::move(seen.test), std::move(seen.read.detail));
        dark_alarm_ = gate_->alarm();
        dark_->forgive();
      } else if (seen.read.state == ReadState::stopped) {
        return false;
      } else if (seen.read.state != ReadState::ok) {
        watched_.ended = category_of(seen.read.state);
        watched_.words = seen.read.detail;
        return false;
      }
      gate_->restart();
      started_ = false;
      waiting_.clear();
      return true;
    }
  }

  /// An interval, or what came of it before the end. Piece by piece, each judged before the next is asked for: a
  /// monitor may look at the source itself (a photodiode), and must see it as it was when the piece came.
  std::size_t fill(WatchReport& report) {
    std::size_t filled = 0;
    unsigned silent = 0;
    std::size_t wanted = raw_.size();
    if (plan_.samples > 0) {
      wanted = static_cast<std::size_t>(
          std::min<std::uint64_t>(wanted, format_.bytes_for(plan_.samples - watched_.samples)));
    }
    while (filled < wanted && !stop_.stop_requested()) {
      const auto piece = raw_.bytes().subspan(filled, std::min(look_piece_bytes, wanted - filled));
      const Read read = source_.read(piece, Patience{.stop = stop_}.within(look_slice));
      if (read.state != ReadState::restarted) judge(piece.first(read.bytes), report);
      filled += read.bytes;
      silent = read.bytes > 0 ? 0 : silent + 1;
      if (plan_.progress) plan_.progress(watched_.samples + format_.samples_in(filled), plan_.samples);
      if (read.state == ReadState::ok || read.state == ReadState::stopped) continue;
      if (read.state == ReadState::timeout && silent < silent_looks) continue;
      if (read.state == ReadState::restarted) {
        if (gate_) gate_->restart_recovered(read.detail);
        started_ = false;
        waiting_.clear();
        filled = 0;
        continue;
      }
      watched_.ended = category_of(read.state);
      watched_.words = read.detail;
      break;
    }
    return filled;
  }

  void tell(std::size_t bytes, WatchReport report) {
    const std::size_t count = format_.samples_in(bytes);
    if (count == 0) return;
    watched_.samples += count;
    report.samples = watched_.samples;
    report.alarms = watched_.alarms;
    const auto samples = std::span(samples_).first(count);
    unpack(raw_.bytes().first(bytes), format_, samples);
    report.portrait = health::portrait_of(samples, format_.bits);
    if (gate_) report.health = gate_->evidence();
    if (dark_) std::ranges::move(dark_->records(), std::back_inserter(report.health.tests));
    report_(report);
  }

  /// Hands on whole start-up tests and whole windows; the rest waits for the next piece.
  void judge(std::span<const std::byte> raw, WatchReport& report) {
    if (!gate_) return;
    waiting_.insert(waiting_.end(), raw.begin(), raw.end());
    std::span<const std::byte> rest = waiting_;
    bool fresh = !started_;
    while (!rest.empty()) {
      const std::size_t wanted = fresh ? gate_->start_up_bytes() : gate_->window_bytes();
      if (rest.size() < wanted) break;
      const auto piece = rest.first(fresh ? wanted : rest.size() / wanted * wanted);
      rest = rest.subspan(piece.size());
      if (fresh ? gate_->start_up(piece) : gate_->admit(piece)) {
        fresh = false;
        continue;
      }
      ++watched_.alarms;
      report.last_alarm = gate_->alarm();
      gate_->restart();
      fresh = true;
    }
    started_ = !fresh;
    waiting_.erase(waiting_.begin(), waiting_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  }
};

}  // namespace

Watched watch(Source& source, const WatchPlan& plan, const std::function<void(const WatchReport&)>& report,
              const std::stop_token& stop) {
  if (plan.interval < least_interval || plan.interval > most_interval) {
    throw Error(Category::usage, fmt::format("an interval has from {} to {} samples, not {}", least_interval,
                                             most_interval, plan.interval));
  }
  return Watch(source, plan, report, stop).run();
}

}  // namespace lightseed
