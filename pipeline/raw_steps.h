// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <semaphore>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/patience.h"
#include "core/secret_bytes.h"

namespace lightseed {

/// Admitted samples in steps of one size, each behind what is left of the one before.
///
/// Steps are read when they are asked for, or ahead, in a thread of its own: then a source is read and judged while
/// blocks are extracted from earlier steps. Steps come in order; what ends the reading is thrown where it happened,
/// behind all steps that were admitted before it, but for a health alarm, which ends it as soon as it is known. No more
/// than the steps that were announced are read. Where the system has no thread, steps are read when they are asked for.
class RawSteps {
 public:
  /// Fills a step, or throws.
  using ReadStep = std::function<void(std::span<std::byte> out, const Patience& patience)>;
  using Notice = std::function<void(const std::string& sentence)>;

  /// What is left of a step has at most `most_left` bytes; `step` is a multiple of 8.
  RawSteps(std::size_t most_left, std::size_t step, ReadStep read, Notice notice);
  ~RawSteps();
  RawSteps(const RawSteps&) = delete;
  RawSteps& operator=(const RawSteps&) = delete;

  /// The next `steps` of them are read ahead, `together` at a time, until the patience is at its end. Once, before the
  /// first one.
  void read_ahead(std::uint64_t steps, std::size_t together, const Patience& patience);

  /// `left`, the end of what the last call returned, and a step behind it, or the steps that were read together;
  /// nothing of what it returned is valid any longer, also where this throws what ended the reading.
  std::span<const std::byte> next(std::span<const std::byte> left, const Patience& patience);

  /// Ends the reading ahead, if there is any: what was not asked for yet is gone, and next() says so.
  void end() noexcept;

  /// What next() returned, or a part of it, as words; nothing where they do not lie so.
  [[nodiscard]] std::optional<std::span<const std::uint64_t>> as_words(std::span<const std::byte> raw) const;

  /// For those who read: a notice, which whoever asks for the step that is being read is to see.
  void tell(const std::string& sentence);
  /// For those who read: whether they do in the thread that reads ahead.
  [[nodiscard]] bool in_reader() const noexcept;

 private:
  struct Slot {
    SecretBytes memory;    ///< most_left bytes, then steps
    std::size_t size = 0;  ///< of the steps
    std::exception_ptr failure;
    std::vector<std::string> sentences;
  };
  using StopCallback = std::stop_callback<std::function<void()>>;

  std::size_t most_left_, step_;
  ReadStep read_;
  Notice notice_;
  std::vector<Slot> slots_;
  std::size_t reading_ = 0;       ///< the slot that is being read into
  std::size_t taken_ = 0;         ///< the slot before the next one: of what next() returned last, if it was called
  std::uint64_t ahead_left_ = 0;  ///< steps that the reader will have read or failed at, and that were not asked for
  std::exception_ptr ended_;      ///< what ended the reading ahead, when it was met
  std::thread::id reader_id_{};
  std::counting_semaphore<> empty_{0}, full_{0};  ///< slots
  std::atomic<bool> ending_ = false;
  std::atomic<bool> alarm_ = false;  ///< the reader has ended, or is about to
  std::stop_source stop_;
  std::optional<StopCallback> forwarded_;
  std::jthread reader_;

  void read_into(Slot& slot, std::uint64_t steps, const Patience& patience);
  void tell_sentences(Slot& slot);
  [[noreturn]] void end_by_alarm();
};

}  // namespace lightseed
