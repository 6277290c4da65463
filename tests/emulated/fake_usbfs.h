// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/emulated/usb_model.h"

struct usbdevfs_urb;

namespace lightseed::emulated {

/// Bench A: a usbfs node that lives in this process. libusb itself runs above it, unchanged.
///
/// The executable that links fake_usbfs_calls.cpp answers ioctl, read and lseek on open_fd()'s descriptors from the
/// model; every other descriptor reaches the kernel. The descriptor is the write end of a pipe that is kept full, so
/// that poll() says POLLOUT exactly when a finished URB waits, and POLLERR once the device is unplugged.
class FakeUsbfs {
 public:
  explicit FakeUsbfs(std::shared_ptr<UsbModel> model);
  /// Bench B: the node is a named FIFO at `path`, made here, which the driver finds and opens by itself. A FIFO cannot
  /// say POLLERR: an unplugged device shows in what its URBs and calls return.
  FakeUsbfs(std::shared_ptr<UsbModel> model, const std::string& path);
  ~FakeUsbfs();
  FakeUsbfs(const FakeUsbfs&) = delete;
  FakeUsbfs& operator=(const FakeUsbfs&) = delete;

  /// Opens the node; whoever gets the descriptor closes it. One at a time.
  [[nodiscard]] int open_fd();

  /// Pulls the cable: what is in flight ends with ESHUTDOWN, every later call with ENODEV.
  void unplug();

  [[nodiscard]] bool gone() const;

  /// Oddities of real controllers.
  struct Manners {
    bool cancel_completes = false;             ///< a cancelled transfer comes back as completed, with data
    std::chrono::milliseconds late_cancel{0};  ///< a cancelled transfer comes back this much later
    std::size_t memory_limit = 0;              ///< SUBMITURB fails with ENOMEM beyond these bytes; 0: none
    bool claim_is_busy = false;                ///< CLAIMINTERFACE fails with EBUSY
    bool reset_loses_device = false;           ///< RESET ends with ENODEV
    bool control_hangs = false;                ///< control requests are never answered
    int control_status = 0;                    ///< they all end with this, e.g. -EOVERFLOW; 0: the model answers
  };
  void set_manners(Manners manners);

  /// Runs `action` while the model is not being used.
  template <typename Action>
  void with_model(Action action) {
    const std::lock_guard lock(mutex_);
    action();
  }

  /// CPU time of the emulation's own thread, in seconds: not the driver's.
  [[nodiscard]] double cpu_seconds() const;
  [[nodiscard]] std::size_t most_in_flight() const;
  /// URBs submitted and neither finished nor reaped.
  [[nodiscard]] std::size_t in_flight() const;

  /// The interposed calls; -1 with errno set, as the kernel does it.
  int handle_ioctl(unsigned long request, void* argument);
  long handle_read(void* buffer, std::size_t size);
  long handle_seek(long offset);

  /// A call into a fake: the fake lasts until it is over, also where a thread that nobody waits for any more makes it.
  class Call {
   public:
    Call() = default;
    Call(FakeUsbfs* fake, std::atomic<unsigned>* running) noexcept : fake_(fake), running_(running) {}
    ~Call() {
      if (running_ != nullptr) --*running_;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    explicit operator bool() const noexcept { return fake_ != nullptr; }
    FakeUsbfs* operator->() const noexcept { return fake_; }

   private:
    FakeUsbfs* fake_ = nullptr;
    std::atomic<unsigned>* running_ = nullptr;
  };

  /// The fake behind a descriptor, or nothing.
  static Call find(int fd) noexcept;

 private:
  struct Done {
    usbdevfs_urb* urb;
    Clock::time_point visible;  ///< not reaped earlier
  };

  std::shared_ptr<UsbModel> model_;
  int read_end_ = -1, write_end_ = -1;
  bool named_ = false;
  std::size_t place_ = 0;  ///< in the table of fakes
  long offset_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool gone_ = false, reapable_ = false;
  std::map<std::uint8_t, std::deque<usbdevfs_urb*>> pending_;
  std::deque<Done> done_;
  std::size_t waiting_ = 0, most_ = 0, memory_ = 0;
  std::uint64_t events_ = 0;  ///< calls that may let the worker move something
  Manners manners_;
  std::jthread worker_;

  void enlist();
  void work(const std::stop_token& stop);
  Clock::time_point progress(Clock::time_point now);
  void finish(usbdevfs_urb* urb, int status, std::size_t bytes, Clock::time_point visible = {});
  void show_reapable(Clock::time_point now);
  void lose();
  int submit(usbdevfs_urb* urb);
  int discard(usbdevfs_urb* urb);
  int reap(void* argument);
  int control(void* argument);
};

}  // namespace lightseed::emulated
