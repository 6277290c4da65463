// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pool_member.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr double most_block_bytes = 16 * 1024;

/// Of a slow source a block is what comes in a quarter of a second, so that its samples do not wait for long.
std::size_t block_bytes(const SourceInfo& info, std::size_t window) {
  const double bytes_per_second = info.nominal_rate * info.format.container_bits / 8;
  const double goal = bytes_per_second > 0 ? std::min(most_block_bytes, bytes_per_second / 4) : most_block_bytes;
  return std::max(window, static_cast<std::size_t>(goal) / window * window);
}

ReadState state_after(Category category) noexcept {
  if (category == Category::health) return ReadState::alarm;
  if (category == Category::interrupted) return ReadState::stopped;
  return ReadState::disconnected;
}

}  // namespace

PoolMember::PoolMember(Source& source, const GateOptions& options, PoolShared& shared)
    : shared_(shared), reader_(source, heard(options)), health_(reader_.record().health) {
  const std::size_t size = block_bytes(source.info(), reader_.window_bytes());
  for (PoolBlock& block : blocks_) {
    block.bytes = SecretBytes(size);
    block.from = this;
    free_.push_back(&block);
  }
}

/// The gate's words are told by the thread that reads the pool; of its progress only the start-up test's is of use.
GateOptions PoolMember::heard(const GateOptions& options) {
  return {.alpha_log2 = options.alpha_log2,
          .progress =
              [this](std::string_view what, std::uint64_t samples, std::uint64_t wanted) {
                if (what != "start-up test") return;
                const std::lock_guard lock(shared_.mutex);
                if (stage_ == Stage::opening) stage_ = Stage::start_up;
                start_up_samples_ = samples;
                start_up_wanted_ = wanted;
                shared_.changed.notify_all();
              },
          .notice =
              [this](const std::string& sentence) {
                const std::lock_guard lock(shared_.mutex);
                shared_.notices.push_back(sentence);
                shared_.changed.notify_all();
              }};
}

void PoolMember::start(SteadyClock::time_point deadline) {
  thread_ = std::jthread([this, deadline](const std::stop_token& stop) { run(stop, deadline); });
}

void PoolMember::stop() noexcept {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  reader_.stop();
}

void PoolMember::give_back(PoolBlock& block) {
  block.bytes.wipe();
  block.taken = 0;
  free_.push_back(&block);
}

GatedMember PoolMember::record() const {
  const SourceInfo& info = reader_.info();
  GatedMember record{.uri = info.uri, .health = health_};
  const std::uint64_t used = info.format.samples_in(bytes_);
  record.health.samples_discarded += record.health.samples_admitted - used;
  record.health.samples_admitted = used;
  // What was asked to stop with the run has not left it.
  if (ended_ && ended_->state != ReadState::stopped) {
    record.left = Departure{.state = std::string(name_of(ended_->state)), .words = ended_->detail};
  }
  return record;
}

void PoolMember::run(const std::stop_token& stop, SteadyClock::time_point deadline) {
  Read end = live(stop, deadline);
  const std::lock_guard lock(shared_.mutex);
  if (end.state != ReadState::stopped) {
    health_ = reader_.record().health;
    shared_.notices.push_back(fmt::format("{} {} the pool ({}): {}", reader_.info().uri,
                                          stage_ == Stage::joined ? "has left" : "has not joined", name_of(end.state),
                                          end.detail));
  }
  ended_ = std::move(end);
  shared_.changed.notify_all();
}

Read PoolMember::live(const std::stop_token& stop, SteadyClock::time_point deadline) try {
  Read read = reader_.start({.stop = stop, .deadline = deadline});
  if (read.state != ReadState::ok) return read;
  {
    const std::lock_guard lock(shared_.mutex);
    stage_ = Stage::joined;
    health_ = reader_.record().health;
    shared_.changed.notify_all();
  }
  while (PoolBlock* const block = next_free(stop)) {
    read = reader_.read(block->bytes.bytes(), {.stop = stop});
    if (read.state != ReadState::ok) return read;
    HealthRecord health = reader_.record().health;
    const std::lock_guard lock(shared_.mutex);
    health_ = std::move(health);
    shared_.ready.push_back(block);
    shared_.changed.notify_all();
  }
  return {0, ReadState::stopped, "asked to stop"};
} catch (const Error& error) {
  return {0, state_after(error.category()), error.what()};
} catch (const std::exception& error) {
  return {0, ReadState::fault, fmt::format("{}: {}", reader_.info().uri, error.what())};
}

PoolBlock* PoolMember::next_free(const std::stop_token& stop) {
  std::unique_lock lock(shared_.mutex);
  if (!shared_.changed.wait(lock, stop, [this] { return !free_.empty(); })) return nullptr;
  PoolBlock* const block = free_.back();
  free_.pop_back();
  return block;
}

}  // namespace lightseed
