// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/usb_stream.h"

#include <fmt/format.h>
#include <libusb.h>
#include <string.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/wait.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using Clock = SteadyClock;

void wipe(std::span<std::byte> bytes) noexcept {
  ::explicit_bzero(bytes.data(), bytes.size());
}

}  // namespace

std::span<std::byte> UsbStream::Slot::buffer() const noexcept {
  return std::as_writable_bytes(std::span(transfer->buffer, static_cast<std::size_t>(transfer->length)));
}

UsbStream::Plan UsbStream::plan_for(UsbDescription::Endpoint endpoint, double bytes_per_second) {
  // 64 KiB a transfer is where the bus and usbfs stop getting faster.
  const double packets = std::clamp(bytes_per_second * 0.025 / endpoint.max_packet, 1.0, 65536.0 / endpoint.max_packet);
  Plan plan;
  plan.endpoint = endpoint.address;
  plan.transfer_bytes = static_cast<std::size_t>(std::ceil(packets)) * endpoint.max_packet;
  plan.in_flight = bytes_per_second > 125e3 ? 8 : 4;
  plan.slots = 2 * plan.in_flight;
  return plan;
}

UsbStream::UsbStream(std::shared_ptr<UsbDevice> device, Plan plan)
    : device_(std::move(device)), plan_(std::move(plan)), memory_(plan_.slots * plan_.transfer_bytes) {
  slots_.resize(plan_.slots);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i].stream = this;
    slots_[i].transfer = libusb_alloc_transfer(0);
    if (slots_[i].transfer == nullptr) throw std::bad_alloc();
    auto* buffer = reinterpret_cast<unsigned char*>(memory_.data() + i * plan_.transfer_bytes);
    libusb_fill_bulk_transfer(slots_[i].transfer, device_->handle(), plan_.endpoint, buffer,
                              static_cast<int>(plan_.transfer_bytes), &UsbStream::on_done, &slots_[i], 0);
    free_.push_back(&slots_[i]);
  }
}

UsbStream::~UsbStream() {
  stop();
  for (const Slot& slot : slots_)
    libusb_free_transfer(slot.transfer);
}

void UsbStream::start() {
  stop();
  const std::lock_guard lock(mutex_);
  quiet_ = {};
  limit_ = plan_.in_flight;
  running_ = true;
  fault_.reset();
  submit_free();
  if (!fault_) return;
  running_ = false;
  throw DeviceFault(*fault_);
}

void UsbStream::stop() noexcept {
  std::unique_lock lock(mutex_);
  running_ = false;
  for (const Slot& slot : slots_)
    libusb_cancel_transfer(slot.transfer);  // not in flight: LIBUSB_ERROR_NOT_FOUND, harmless
  // Not bounded by a deadline: the kernel gives every cancelled transfer back, and until then its memory and the
  // handle must stay.
  changed_.wait(lock, [this] { return in_flight_ == 0; });
  if (reading_ != nullptr) ready_.push_front(std::exchange(reading_, nullptr));
  for (Slot* slot : ready_) {
    discarded_ += slot->size - slot->taken;
    wipe(slot->buffer());
    free_.push_back(slot);
  }
  ready_.clear();
}

void UsbStream::on_done(libusb_transfer* transfer) {
  Slot& slot = *static_cast<Slot*>(transfer->user_data);
  slot.stream->done(slot);
}

void UsbStream::done(Slot& slot) {
  const std::lock_guard lock(mutex_);
  --in_flight_;
  ++transfers_;
  // A cancelled transfer may come back as completed: what counts is whether we still run, not its status.
  if (!running_ || fault_) {
    discarded_ += static_cast<std::size_t>(slot.transfer->actual_length);
    wipe(slot.buffer());
    free_.push_back(&slot);
    changed_.notify_all();
    return;
  }
  const auto where = [&] { return fmt::format("{}: endpoint 0x{:02x}", device_->name(), plan_.endpoint); };
  switch (slot.transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
    case LIBUSB_TRANSFER_TIMED_OUT:
      slot.size = static_cast<std::size_t>(slot.transfer->actual_length);
      slot.taken = 0;
      bytes_ += slot.size;
      if (slot.size == 0) {
        ++empty_;
        free_.push_back(&slot);
      } else {
        if (slot.size < plan_.transfer_bytes) ++short_;
        ready_.push_back(&slot);
        changed_.notify_all();
      }
      submit_free();
      return;
    case LIBUSB_TRANSFER_STALL: fail({Kind::stall, where() + " is halted"}); break;
    case LIBUSB_TRANSFER_NO_DEVICE: fail({Kind::gone, where() + ": the device is gone"}); break;
    case LIBUSB_TRANSFER_OVERFLOW:
      fail({Kind::protocol, where() + ": the device sent more than was asked (babble)"});
      break;
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_ERROR: fail({Kind::transient, where() + ": a transfer failed on the bus"}); break;
  }
  discarded_ += static_cast<std::size_t>(slot.transfer->actual_length);
  wipe(slot.buffer());
  free_.push_back(&slot);
}

/// Called with the lock held.
void UsbStream::submit_free() {
  while (running_ && !fault_ && in_flight_ < limit_) {
    if (free_.empty()) {
      if (in_flight_ == 0) ++parked_;
      return;
    }
    Slot* slot = free_.front();
    const int error = libusb_submit_transfer(slot->transfer);
    if (error == 0) {
      free_.pop_front();
      ++in_flight_;
    } else if (error == LIBUSB_ERROR_NO_MEM && in_flight_ > 0) {
      limit_ = in_flight_;  // usbfs has a memory limit for all devices together; go on with fewer
    } else {
      fail(usb_fault(error, fmt::format("{}: endpoint 0x{:02x}", device_->name(), plan_.endpoint)));
    }
  }
}

/// Called with the lock held.
void UsbStream::fail(DeviceFault fault) {
  ++faults_;
  fault_ = std::move(fault);
  for (const Slot& slot : slots_)
    libusb_cancel_transfer(slot.transfer);
  changed_.notify_all();
}

void UsbStream::give_back(Slot& slot) {
  wipe(slot.buffer());
  const std::lock_guard lock(mutex_);
  free_.push_back(&slot);
  submit_free();
}

bool UsbStream::next_slot(const Patience& patience) {
  const auto before = Clock::now();
  std::unique_lock lock(mutex_);
  const auto silent_at = before + (plan_.silence - quiet_);
  wait_for(changed_, lock, {.stop = patience.stop, .deadline = std::min(patience.deadline, silent_at)},
           [this] { return fault_ || !ready_.empty(); });
  if (fault_) throw DeviceFault(*fault_);
  if (!ready_.empty()) {
    reading_ = ready_.front();
    ready_.pop_front();
    lock.unlock();
    if (plan_.unframe) {
      reading_->size = plan_.unframe(reading_->buffer().first(reading_->size));
      if (reading_->size == 0) {
        quiet_ += Clock::now() - before;
        give_back(*std::exchange(reading_, nullptr));
        if (quiet_ < plan_.silence) return true;
      }
    }
    if (reading_ != nullptr) {
      quiet_ = {};
      return true;
    }
  } else {
    quiet_ += Clock::now() - before;
    if (quiet_ < plan_.silence) return false;
  }
  quiet_ = {};
  throw DeviceFault(Kind::silence, fmt::format("{}: endpoint 0x{:02x} sent nothing for {} ms", device_->name(),
                                               plan_.endpoint, plan_.silence.count()));
}

std::size_t UsbStream::read(std::span<std::byte> out, const Patience& patience) {
  std::size_t got = 0;
  while (got < out.size()) {
    if (reading_ == nullptr) {
      if (patience.stopped()) return got;
      if (!next_slot(patience)) {
        if (patience.stopped() || patience.expired()) return got;
        continue;
      }
      if (reading_ == nullptr) {
        if (patience.expired()) return got;
        continue;
      }
    }
    const std::size_t part = std::min(out.size() - got, reading_->size - reading_->taken);
    std::memcpy(out.data() + got, reading_->buffer().data() + reading_->taken, part);
    got += part;
    reading_->taken += part;
    if (reading_->taken == reading_->size) give_back(*std::exchange(reading_, nullptr));
  }
  return got;
}

std::size_t UsbStream::read_ready(std::span<std::byte> out) {
  const Patience none = Patience{}.within(std::chrono::milliseconds(0));
  std::size_t got = 0;
  // A ring full of transfers without payload is passed over; more than a ring came meanwhile, and can wait.
  for (std::size_t i = 0; i <= slots_.size() && got < out.size(); ++i)
    got += read(out.subspan(got), none);
  return got;
}

Json UsbStream::counters() const {
  const std::lock_guard lock(mutex_);
  return Json{{"transfers", transfers_},   {"bytes", bytes_},        {"short_transfers", short_},
              {"empty_transfers", empty_}, {"faults", faults_},      {"discarded_bytes", discarded_},
              {"parked", parked_},         {"in_flight", in_flight_}};
}

}  // namespace lightseed
