// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/supervised_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/error.h"
#include "core/secret_bytes.h"
#include "core/wait.h"
#include "driver/transport/hotplug_watch.h"
#include "driver/transport/unit_change.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using Clock = SteadyClock;
using namespace std::chrono_literals;

/// udev sets a new node's permissions some tens of milliseconds after it appears.
constexpr auto between_openings = 50ms;
constexpr auto settling = 1s;
constexpr std::size_t whole_samples = 16;  ///< bytes that hold whole samples of every format
/// A healthy device answers a control request within a millisecond.
constexpr auto check_limit = 500ms;

}  // namespace

SupervisedSource::SupervisedSource(SourceInfo info, SessionOpener open, Supervision supervision,
                                   const Patience& patience)
    : asked_(std::move(info)), info_(asked_), open_(std::move(open)), supervision_(supervision) {
  try {
    open_first(patience);
  } catch (const DeviceFault& fault) {
    throw Error(Category::device, fmt::format("{}: {}", info_.uri, fault.what()));
  }
}

/// A host that is busy, or a device still settling, misses one answer: ask twice before saying that it is not there.
void SupervisedSource::open_first(const Patience& patience) {
  try {
    session_ = open_(info_, patience);
    return;
  } catch (const DeviceFault& fault) {
    const bool missed = fault.kind() == Kind::silence || fault.kind() == Kind::transient || fault.kind() == Kind::stall;
    if (!missed || patience.stopped() || patience.expired()) throw;
  }
  info_ = asked_;
  session_ = open_(info_, patience);
}

SupervisedSource::~SupervisedSource() {
  stop();
}

void SupervisedSource::start(const Patience& patience) {
  stop();
  ended_.reset();
  last_rung_ = Rung::none;
  try {
    if (!session_) reopen(patience);
    session_->begin(patience);
  } catch (const DeviceFault& fault) {
    recover_start(fault, patience);
  } catch (const Error&) {
    if (session_) session_->end();
    throw;
  }
  next_check_ = Clock::now() + supervision_.check_every;
  running_ = true;
}

/// The ladder of the stream's middle, for a start that failed. Throws the Error that start() ends with.
void SupervisedSource::recover_start(const DeviceFault& fault, const Patience& patience) {
  ++faults_;
  last_fault_ = fault.what();
  Outcome outcome{Rung::none, {0, fault.kind() == Kind::alarm ? ReadState::alarm : ReadState::fault, fault.what()}};
  const bool final = fault.kind() == Kind::alarm || fault.kind() == Kind::changed;
  if (!final && session_ && !patience.stopped() && !patience.expired()) {
    const Rung rung = std::max(Rung::initialise, first_rung(fault.kind()));
    outcome = climb(fault, rung, patience.within(supervision_.give_up));
  }
  if (outcome.rung != Rung::none) {
    last_rung_ = outcome.rung;
    good_bytes_ = 0;
    return;
  }
  // A session that could not begin is opened afresh by the next start().
  if (session_) session_->end();
  session_.reset();
  if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", info_.uri));
  const auto category = outcome.read.state == ReadState::alarm ? Category::health : Category::device;
  throw Error(category, fmt::format("{} does not start: {}", info_.uri, outcome.read.detail));
}

Read SupervisedSource::read(std::span<std::byte> out, const Patience& patience) {
  if (ended_) return *ended_;
  if (!running_) return {0, ReadState::fault, "not started"};
  if (recovery_.valid()) return await_recovery(patience);
  try {
    if (Clock::now() >= next_check_) {
      session_->check(Patience{patience.stop}.within(check_limit));
      next_check_ = Clock::now() + supervision_.check_every;
    }
    const std::size_t got = session_->read(out, patience);
    good_bytes_ += got;
    if (good_bytes_ >= supervision_.forgive_bytes) last_rung_ = Rung::none;
    if (got == out.size()) return {got, ReadState::ok, {}};
    if (patience.stopped()) return {got, ReadState::stopped, "asked to stop"};
    return {got, ReadState::timeout, fmt::format("{}: fewer bytes than asked before the deadline", info_.uri)};
  } catch (const DeviceFault& fault) {
    std::fill(out.begin(), out.end(), std::byte{});
    ++faults_;
    last_fault_ = fault.what();
    if (fault.kind() == Kind::alarm) return end(ReadState::alarm, fault.what());
    if (fault.kind() == Kind::changed) return end(ReadState::disconnected, fault.what());
    begin_recovery(fault);
    return await_recovery(patience);
  } catch (const Error& error) {
    std::fill(out.begin(), out.end(), std::byte{});
    if (error.category() != Category::interrupted) return end(ReadState::fault, error.what());
    return {0, ReadState::stopped, error.what()};
  }
}

Json SupervisedSource::status() {
  Json json{{"faults", faults_}, {"restarts", restarts_}};
  if (!last_fault_.empty()) json["last_fault"] = last_fault_;
  if (recovery_.valid()) {
    json["recovering"] = true;
  } else if (session_ && running_ && !ended_) {
    try {
      json["device"] = session_->status(Patience{}.within(1s));
    } catch (const std::exception& error) {
      json["device_error"] = error.what();
    }
  }
  return json;
}

void SupervisedSource::stop() noexcept {
  if (recovery_.valid()) {
    recovery_stop_.request_stop();
    recovery_.wait();
    recovery_ = {};
  }
  if (running_ && session_) session_->end();
  running_ = false;
}

SupervisedSource::Rung SupervisedSource::first_rung(Kind kind) noexcept {
  switch (kind) {
    case Kind::transient: return Rung::resume;
    case Kind::stall: return Rung::clear_halt;
    case Kind::silence:
    case Kind::protocol: return Rung::initialise;
    case Kind::gone: return Rung::reopen;
    case Kind::changed:
    case Kind::alarm: break;
  }
  return Rung::none;
}

const char* SupervisedSource::name_of(Rung rung) noexcept {
  switch (rung) {
    case Rung::resume: return "asking again";
    case Rung::clear_halt: return "clearing the halt";
    case Rung::initialise: return "initialising it again";
    case Rung::reset: return "resetting it";
    case Rung::reopen: return "opening it again";
    case Rung::none: break;
  }
  return "nothing";
}

void SupervisedSource::begin_recovery(const DeviceFault& fault) {
  // A device that fails again before it has been good for a while needs a stronger remedy than the last one.
  const Rung stronger = std::min(Rung::reopen, static_cast<Rung>(static_cast<int>(last_rung_) + 1));
  const Rung rung = std::max(first_rung(fault.kind()), stronger);
  recovery_stop_ = {};
  const Patience patience = Patience{recovery_stop_.get_token()}.within(supervision_.give_up);
  recovery_ = std::async(std::launch::async, [this, fault, rung, patience] { return climb(fault, rung, patience); });
}

Read SupervisedSource::await_recovery(const Patience& patience) {
  while (recovery_.wait_for(patience.left(20ms)) != std::future_status::ready) {
    if (patience.stopped()) return {0, ReadState::stopped, "asked to stop"};
    if (patience.expired()) return {0, ReadState::timeout, fmt::format("{} is being brought back", info_.uri)};
  }
  Outcome outcome = recovery_.get();
  if (outcome.rung == Rung::none) return end(outcome.read.state, outcome.read.detail);
  last_rung_ = outcome.rung;
  good_bytes_ = 0;
  ++restarts_;
  next_check_ = Clock::now() + supervision_.check_every;
  return outcome.read;
}

SupervisedSource::Outcome SupervisedSource::climb(DeviceFault fault, Rung rung, const Patience& patience) {
  const std::string cause = fault.what();
  while (true) {
    try {
      if (step(rung, patience)) {
        // A device that is back may be slow: its first bytes have as long again as bringing it back had.
        const auto limit =
            rung == Rung::reopen ? std::max(patience.deadline, Clock::now() + supervision_.give_up) : patience.deadline;
        discard_first({.stop = patience.stop, .deadline = limit});
        return {rung, {0, ReadState::restarted, fmt::format("{}; {} helped", cause, name_of(rung))}};
      }
    } catch (const DeviceFault& again) {
      fault = again;
      if (again.kind() == Kind::alarm) return {Rung::none, {0, ReadState::alarm, again.what()}};
      if (again.kind() == Kind::changed) return {Rung::none, {0, ReadState::disconnected, again.what()}};
      if (again.kind() == Kind::gone && rung < Rung::reopen) rung = Rung::reset;
    } catch (const std::exception& error) {
      return {Rung::none, {0, ReadState::fault, fmt::format("{}; {}: {}", cause, name_of(rung), error.what())}};
    }
    if (patience.stopped() || patience.expired()) break;
    if (rung == Rung::reopen) {
      pause(patience.within(between_openings));
    } else {
      rung = static_cast<Rung>(static_cast<int>(rung) + 1);
    }
  }
  const ReadState state = fault.kind() == Kind::gone ? ReadState::disconnected : ReadState::fault;
  return {Rung::none, {0, state, fmt::format("{}; {} did not help: {}", cause, name_of(rung), fault.what())}};
}

bool SupervisedSource::step(Rung rung, const Patience& patience) {
  switch (rung) {
    case Rung::none: return false;
    case Rung::resume: return session_->resume(patience);
    case Rung::clear_halt: return session_->clear_halt(patience);
    case Rung::initialise:
      session_->end();
      session_->begin(patience);
      return true;
    case Rung::reset:
      session_->end();
      if (!session_->reset(patience)) return false;
      session_->begin(patience);
      return true;
    case Rung::reopen:
      if (session_) session_->end();
      reopen(patience);
      session_->begin(patience);
      return true;
  }
  return false;
}

std::size_t SupervisedSource::discard_bytes() const {
  const double quarter_second = info_.nominal_rate * info_.format.container_bits / 8 / 4;
  if (quarter_second <= 0 || quarter_second >= static_cast<double>(supervision_.discard_bytes)) {
    return supervision_.discard_bytes;
  }
  return (static_cast<std::size_t>(quarter_second) / whole_samples + 1) * whole_samples;
}

/// The first samples after a recovery may be left over from before it, or from a source not yet settled. A device may
/// be slower than it should be: then what comes in `settling` is enough; but something has to come.
void SupervisedSource::discard_first(const Patience& patience) {
  SecretBytes dregs(discard_bytes());
  if (session_->read(dregs.bytes(), patience.within(settling)) > 0) return;
  if (session_->read(dregs.bytes().first(whole_samples), patience) > 0) return;
  throw DeviceFault(Kind::silence, fmt::format("{}: silent after its recovery", info_.uri));
}

void SupervisedSource::reopen(const Patience& patience) {
  session_.reset();
  HotplugWatch watch;
  while (true) {
    try {
      SourceInfo now = asked_;
      auto session = open_(now, patience);
      if (const auto change = change_between(info_, now)) {
        throw DeviceFault(Kind::changed, fmt::format("{}: after it was opened again {}", info_.uri, *change));
      }
      session_ = std::move(session);
      return;
    } catch (const DeviceFault& fault) {
      // A device on its way back fails in many ways; only the deadline tells which is final.
      if (fault.kind() == Kind::changed || patience.stopped() || patience.expired()) throw;
    } catch (const Error& error) {
      // The assessment it was opened with is no longer of this device.
      if (error.category() == Category::refused) throw DeviceFault(Kind::changed, error.what());
      // The same for a node whose permissions the system has not set yet.
      if (error.category() != Category::device || patience.stopped() || patience.expired()) throw;
    }
    watch.wait(patience.within(between_openings));
  }
}

Read SupervisedSource::end(ReadState state, std::string detail) {
  if (session_) session_->end();
  // Opened afresh by the next start(): this one may hold a device that is gone.
  session_.reset();
  ended_ = Read{0, state, std::move(detail)};
  return *ended_;
}

}  // namespace lightseed
