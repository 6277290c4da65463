// SPDX-License-Identifier: Apache-2.0
#include "pipeline/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/hex.h"
#include "core/secret_bytes.h"
#include "crypto/digest.h"
#include "pipeline/gated_reader.h"

namespace lightseed {
namespace {

using Clock = SteadyClock;

/// A slow device is asked for no more than this takes, so that somebody who watches sees it move.
constexpr std::chrono::milliseconds slice{200};
constexpr std::size_t chunk_bytes = 1 << 18;
/// A row is held until it is whole.
constexpr std::uint64_t most_row_bytes = 1 << 28;

class Capture {
 public:
  Capture(Source& source, const CapturePlan& plan, const std::function<void(std::span<const std::byte>)>& write,
          const std::function<void(std::uint64_t)>& progress, std::stop_token stop)
      : source_(source),
        plan_(plan),
        write_(write),
        progress_(progress),
        format_(source.info().format),
        whole_{.stop = std::move(stop)},
        row_bytes_(plan.samples == 0 ? std::numeric_limits<std::uint64_t>::max() : format_.bytes_for(plan.samples)),
        matrix_(plan.rows > 1),
        buffer_(matrix_ ? row_bytes_ : std::min<std::uint64_t>(chunk_bytes, row_bytes_)) {
    if (plan.duration) whole_.deadline = Clock::now() + *plan.duration;
  }

  Captured run() {
    for (std::uint64_t row = 0; row < plan_.rows && !captured_.ended && !over(); ++row) {
      if (!start()) break;
      matrix_ ? take_row() : take_all();
      source_.stop();
    }
    captured_.sidecar.source = source_.info();
    captured_.sidecar.samples = format_.samples_in(done_);
    captured_.sidecar.bytes = done_;
    captured_.sidecar.sha256 = hex(hash_.digest());
    if (matrix_) captured_.sidecar.restarts = {done_ / row_bytes_, plan_.samples};
    return std::move(captured_);
  }

 private:
  Source& source_;
  const CapturePlan& plan_;
  const std::function<void(std::span<const std::byte>)>& write_;
  const std::function<void(std::uint64_t)>& progress_;
  SampleFormat format_;
  Patience whole_;
  std::uint64_t row_bytes_;
  bool matrix_;
  SecretBytes buffer_;
  std::uint64_t done_ = 0;
  Sha256 hash_;
  Captured captured_;

  /// The time that was given is over: that is no early end.
  [[nodiscard]] bool over() const { return plan_.duration && whole_.expired(); }

  bool start() {
    try {
      source_.stop();
      source_.start(Patience{.stop = whole_.stop});
      return true;
    } catch (const Error& error) {
      if (done_ == 0) throw;
      end(error.category(), error.what());
      return false;
    }
  }

  void end(Category why, const std::string& words) {
    captured_.ended = why;
    captured_.sidecar.ended_early = words;
  }

  void keep(std::span<const std::byte> bytes) {
    write_(bytes);
    hash_.update(bytes);
    done_ += bytes.size();
    progress_(format_.samples_in(done_));
  }

  /// Asks once. False when nothing more comes.
  bool ask(std::span<std::byte> room, std::size_t& got, bool& restarted) {
    const Read read = source_.read(room, whole_.within(slice));
    got = read.bytes;
    restarted = read.state == ReadState::restarted;
    if (restarted) captured_.sidecar.gaps.push_back({format_.samples_in(done_), read.detail});
    if (read.state == ReadState::ok || read.state == ReadState::timeout || restarted) return !over();
    end(category_of(read.state), read.detail);
    return false;
  }

  void take_all() {
    bool more = true;
    while (more && done_ < row_bytes_) {
      const auto room = buffer_.bytes().first(std::min<std::uint64_t>(buffer_.size(), row_bytes_ - done_));
      std::size_t got = 0;
      bool restarted = false;
      more = ask(room, got, restarted);
      keep(room.first(got));
    }
    // What came with the last words of the source may have been all that was wanted.
    if (done_ == row_bytes_) captured_.ended.reset();
    if (!captured_.ended) captured_.sidecar.ended_early.clear();
  }

  void take_row() {
    std::size_t filled = 0;
    bool more = true;
    while (more && filled < buffer_.size()) {
      std::size_t got = 0;
      bool restarted = false;
      more = ask(buffer_.bytes().subspan(filled), got, restarted);
      filled = restarted ? 0 : filled + got;
      progress_(format_.samples_in(done_ + filled));
    }
    if (filled == buffer_.size()) keep(buffer_.bytes());
  }
};

}  // namespace

Captured capture(Source& source, const CapturePlan& plan, const std::function<void(std::span<const std::byte>)>& write,
                 const std::function<void(std::uint64_t)>& progress, std::stop_token stop) {
  if (plan.rows == 0 || (plan.samples == 0 && !plan.duration)) {
    throw Error(Category::usage, "a capture of no samples and no time");
  }
  const SampleFormat& format = source.info().format;
  if (plan.rows > 1 && (plan.samples == 0 || format.bytes_for(plan.samples) > most_row_bytes ||
                        format.bytes_for(plan.samples) * 8 != plan.samples * format.container_bits)) {
    throw Error(Category::usage, fmt::format("{}: rows of {} samples of {} bits do not fill whole bytes, or are longer "
                                             "than {} bytes",
                                             source.info().uri, plan.samples, format.bits, most_row_bytes));
  }
  Captured captured = Capture(source, plan, write, progress, std::move(stop)).run();
  source.stop();
  return captured;
}

}  // namespace lightseed
