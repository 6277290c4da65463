// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "core/secret_bytes.h"
#include "driver/transport/session.h"

namespace lightseed {

/// The part of a Session that every device shares which is asked for a block and answers with it: handing out what the
/// last block holds, asking for the next, and waiting for it across calls.
///
/// A block that was asked for is never asked for again: when the caller's patience ends first, the next call goes on
/// waiting for it, or the answers and the questions would get out of step. Silence is measured from the last byte that
/// came, not from the question, so that a slow device is not taken for a silent one.
template <typename Base = Session>
class BlockSession : public Base {
 public:
  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      if (taken_ == block_.size() && !fetch(patience)) return got;
      const std::size_t part = std::min(out.size() - got, block_.size() - taken_);
      std::memcpy(out.data() + got, block_.data() + taken_, part);
      ::explicit_bzero(block_.data() + taken_, part);
      taken_ += part;
      got += part;
    }
    return got;
  }

 protected:
  using Clock = SteadyClock;

  enum class Heard {
    nothing,  ///< the patience ended
    part,     ///< something came: go on listening
    block,    ///< the block is whole
    refused,  ///< there is no block this time: ask again
  };

  BlockSession(std::size_t block_bytes, std::chrono::milliseconds silence)
      : block_(block_bytes), taken_(block_bytes), silence_(silence) {}

  /// Sends the question for one block.
  virtual void request_block(const Patience& patience) = 0;
  /// Listens until something comes. `block` is where the samples go; it holds what earlier calls have put there.
  virtual Heard hear_block(std::span<std::byte> block, const Patience& patience) = 0;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;

  /// An answer is on its way: this is no time for other questions.
  [[nodiscard]] bool waiting() const noexcept { return waiting_; }

  /// Nothing that was asked for before counts.
  void forget() noexcept {
    block_.wipe();
    taken_ = block_.size();
    waiting_ = false;
  }

  /// Gets one block, whole. False when the patience ended; it is then still on its way.
  bool fetch(const Patience& patience) {
    while (true) {
      if (!waiting_) {
        if (patience.stopped() || patience.expired()) return false;
        // A question is sent whole, however little time the caller has.
        request_block(Patience{patience.stop}.within(std::chrono::seconds(1)));
        waiting_ = true;
        heard_at_ = Clock::now();
      }
      const Patience limit{patience.stop, std::min(patience.deadline, heard_at_ + silence_)};
      switch (hear_block(block_.bytes(), limit)) {
        case Heard::nothing:
          if (patience.stopped() || Clock::now() < heard_at_ + silence_) return false;
          throw DeviceFault(DeviceFault::Kind::silence, name() + ": a block that was asked for does not come");
        case Heard::part: heard_at_ = Clock::now(); break;
        case Heard::refused: waiting_ = false; break;
        case Heard::block:
          waiting_ = false;
          taken_ = 0;
          return true;
      }
    }
  }

  /// Throws away the block that fetch() has got.
  void drop_block() noexcept {
    block_.wipe();
    taken_ = block_.size();
  }

 private:
  SecretBytes block_;
  std::size_t taken_;
  bool waiting_ = false;
  SteadyClock::duration silence_;
  Clock::time_point heard_at_{};
};

}  // namespace lightseed
