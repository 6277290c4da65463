// SPDX-License-Identifier: Apache-2.0
#include "pipeline/raw_steps.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

/// So many readings are ahead at most, of the one that is in use: the reader need not wait when a block takes longer,
/// and they stay in the cache.
constexpr std::size_t most_ahead = 4;

}  // namespace

RawSteps::RawSteps(std::size_t most_left, std::size_t step, ReadStep read, Notice notice)
    : most_left_((most_left + 7) / 8 * 8), step_(step), read_(std::move(read)), notice_(std::move(notice)) {
  slots_.resize(1);
  slots_.front().memory = SecretBytes(most_left_ + step_);
}

RawSteps::~RawSteps() {
  end();
}

void RawSteps::end() noexcept {
  if (!reader_.joinable()) return;
  ending_ = true;
  stop_.request_stop();
  empty_.release();  // it may wait for a slot
  reader_.join();
  if (ahead_left_ > 0 && !ended_) {
    ended_ = std::make_exception_ptr(Error(Category::internal, "samples are asked for after the reading was ended"));
  }
}

void RawSteps::read_into(Slot& slot, std::uint64_t steps, const Patience& patience) try {
  for (slot.size = 0; slot.size < steps * step_; slot.size += step_)
    read_(slot.memory.bytes().subspan(most_left_ + slot.size, step_), patience);
} catch (const Error& error) {
  slot.failure = std::current_exception();
  if (error.category() == Category::health) alarm_ = true;
} catch (...) {
  slot.failure = std::current_exception();
}

void RawSteps::read_ahead(std::uint64_t steps, std::size_t together, const Patience& patience) {
  const std::uint64_t readings = (steps + together - 1) / together;
  slots_.resize(std::min<std::uint64_t>(readings, most_ahead) + 1);
  for (Slot& slot : slots_)
    slot.memory = SecretBytes(most_left_ + together * step_);
  taken_ = slots_.size() - 1;
  empty_.release(static_cast<std::ptrdiff_t>(taken_));
  forwarded_.emplace(patience.stop, [this] { stop_.request_stop(); });
  try {
    reader_ = std::jthread([this, steps, together, until = Patience{stop_.get_token(), patience.deadline}] {
      reader_id_ = std::this_thread::get_id();
      for (std::uint64_t left = steps; left > 0; left -= std::min<std::uint64_t>(left, together)) {
        empty_.acquire();
        if (ending_) return;  // what it would get is no slot
        Slot& slot = slots_[reading_];
        read_into(slot, std::min<std::uint64_t>(left, together), until);
        const bool failed = slot.failure != nullptr;
        reading_ = (reading_ + 1) % slots_.size();
        full_.release();
        if (failed) return;
      }
    });
    ahead_left_ = readings;
  } catch (const std::system_error&) {
    slots_.resize(1);
    taken_ = 0;
  }
}

/// Told is what was said before it, too.
void RawSteps::end_by_alarm() {
  reader_.join();
  ended_ = slots_[(reading_ + slots_.size() - 1) % slots_.size()].failure;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    tell_sentences(slots_[(reading_ + i) % slots_.size()]);
  std::rethrow_exception(ended_);
}

void RawSteps::tell_sentences(Slot& slot) {
  for (const std::string& sentence : std::exchange(slot.sentences, {}))
    notice_(sentence);
}

std::span<const std::byte> RawSteps::next(std::span<const std::byte> left, const Patience& patience) {
  if (ended_) std::rethrow_exception(ended_);
  const bool ahead = ahead_left_ > 0;
  const std::size_t at = (taken_ + 1) % slots_.size();
  Slot& slot = slots_[at];
  if (ahead) full_.acquire();
  if (ahead && alarm_) end_by_alarm();
  const std::span<std::byte> before = slot.memory.bytes().first(most_left_).last(left.size());
  std::ranges::copy(left, before.begin());
  if (ahead) empty_.release();
  if (!ahead) read_into(slot, 1, patience);
  taken_ = at;
  if (ahead) --ahead_left_;
  const std::exception_ptr failure = std::exchange(slot.failure, nullptr);
  if (ahead) ended_ = failure;
  tell_sentences(slot);
  // Steps that were read before it come first.
  if (failure && slot.size == 0) std::rethrow_exception(failure);
  return {before.data(), left.size() + slot.size};
}

std::optional<std::span<const std::uint64_t>> RawSteps::as_words(std::span<const std::byte> raw) const {
  const SecretBytes& memory = slots_[taken_].memory;
  const auto from = static_cast<std::size_t>(raw.data() - memory.data());
  if (from % 8 != 0 || raw.size() % 8 != 0) return std::nullopt;
  return memory.words().subspan(from / 8, raw.size() / 8);
}

bool RawSteps::in_reader() const noexcept {
  return std::this_thread::get_id() == reader_id_;
}

void RawSteps::tell(const std::string& sentence) {
  if (in_reader()) {
    slots_[reading_].sentences.push_back(sentence);
  } else {
    notice_(sentence);
  }
}

}  // namespace lightseed
