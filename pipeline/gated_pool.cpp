// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_pool.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

#include "core/wait.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

/// How long nobody is told how far the pool is.
constexpr auto one_wait = 1s;

}  // namespace

GatedPool::GatedPool(const std::vector<std::unique_ptr<Source>>& members, std::string name, const GateOptions& options)
    : name_(std::move(name)), options_(options), format_(members.front()->info().format) {
  for (const auto& source : members) {
    members_.push_back(std::make_unique<PoolMember>(*source, options, shared_));
    window_ = std::lcm(window_, members_.back()->window_bytes());
  }
}

GatedPool::~GatedPool() {
  stop();
}

Read GatedPool::start(const Patience& patience) {
  for (const auto& member : members_)
    member->start(patience.deadline);
  Lock lock(shared_.mutex);
  while (true) {
    wait_for(shared_.changed, lock, patience.within(one_wait),
             [this] { return !shared_.notices.empty() || may_begin(); });
    tell_start_up(lock);
    if (!shared_.notices.empty()) continue;
    if (patience.stopped()) return {0, ReadState::stopped, "interrupted"};
    if (!may_begin()) continue;
    if (one_has_joined()) return {};
    const Read* const end = end_of_all();
    return {0, end->state, fmt::format("{}: not one source starts: {}", name_, end->detail)};
  }
}

Read GatedPool::read(std::span<std::byte> out, const Patience& patience) {
  Read read = read_some(out, patience);
  if (read.state == ReadState::ok) return read;
  explicit_bzero(out.data(), out.size());
  read.bytes = 0;
  return read;
}

Read GatedPool::read_some(std::span<std::byte> out, const Patience& patience) {
  std::size_t got = 0;
  Lock lock(shared_.mutex);
  while (got < out.size()) {
    wait_for(shared_.changed, lock, patience.within(one_wait),
             [this] { return !shared_.ready.empty() || !shared_.notices.empty() || end_of_all() != nullptr; });
    got += take(out.subspan(got));
    tell(lock, "samples", format_.samples_in(got), format_.samples_in(out.size()));
    if (got == out.size() || !shared_.ready.empty() || !shared_.notices.empty()) continue;
    if (const Read* const end = end_of_all()) {
      explicit_bzero(out.data(), out.size());
      return {0, end->state, fmt::format("{}: the last source has left: {}", name_, end->detail)};
    }
    if (patience.stopped()) return {got, ReadState::stopped, "interrupted"};
    if (patience.expired()) {
      return {got, ReadState::timeout,
              fmt::format("{}: {} of {} bytes came before the deadline", name_, got, out.size())};
    }
  }
  return {got, ReadState::ok, {}};
}

void GatedPool::stop() noexcept {
  for (const auto& member : members_)
    member->ask_to_stop();
  for (const auto& member : members_)
    member->stop();
}

GateRecord GatedPool::record() const {
  const std::lock_guard lock(shared_.mutex);
  GateRecord record;
  for (const auto& member : members_)
    record.members.push_back(member->record());
  return record;
}

/// Every member has been tried to open, so that one that is not there is told of before anything is read; and one has
/// passed its start-up test, or none ever will.
bool GatedPool::may_begin() const {
  const auto opening = [](const auto& member) {
    return member->stage() == PoolMember::Stage::opening && !member->ended();
  };
  return std::none_of(members_.begin(), members_.end(), opening) && (one_has_joined() || end_of_all() != nullptr);
}

/// One that has ended since counts: its blocks may be waiting, and read() says how it ended.
bool GatedPool::one_has_joined() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const auto& member) { return member->stage() == PoolMember::Stage::joined; });
}

/// How the last member ended, once all have. An alarm outweighs the others.
const Read* GatedPool::end_of_all() const {
  const Read* end = nullptr;
  for (const auto& member : members_) {
    if (!member->ended()) return nullptr;
    if (end == nullptr || member->ended()->state == ReadState::alarm) end = &*member->ended();
  }
  return end;
}

std::size_t GatedPool::take(std::span<std::byte> out) {
  std::size_t got = 0;
  while (got < out.size() && !shared_.ready.empty()) {
    PoolBlock& block = *shared_.ready.front();
    const std::size_t part = std::min(out.size() - got, block.bytes.size() - block.taken);
    std::copy_n(block.bytes.data() + block.taken, part, out.data() + got);
    got += part;
    block.taken += part;
    block.from->handed_on(part);
    if (block.taken < block.bytes.size()) break;
    shared_.ready.pop_front();
    block.from->give_back(block);
    shared_.changed.notify_all();
  }
  return got;
}

void GatedPool::tell(Lock& lock, std::string_view what, std::uint64_t samples, std::uint64_t wanted) {
  const auto sentences = std::exchange(shared_.notices, {});
  lock.unlock();
  if (options_.notice) {
    for (const std::string& sentence : sentences)
      options_.notice(sentence);
  }
  if (options_.progress) options_.progress(what, samples, wanted);
  lock.lock();
}

/// How far the start-up tests are that are still under way.
void GatedPool::tell_start_up(Lock& lock) {
  std::uint64_t samples = 0, wanted = 0;
  for (const auto& member : members_) {
    if (member->ended()) continue;
    samples += member->start_up_samples();
    wanted += member->start_up_wanted();
  }
  tell(lock, "start-up test", samples, wanted);
}

}  // namespace lightseed
