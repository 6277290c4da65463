// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/fake_usbfs.h"

#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "core/wait.h"

namespace lightseed::emulated {
namespace {

/// Constant-initialised: the interposed calls run before C++ constructors do.
struct Entry {
  std::atomic<FakeUsbfs*> fake{nullptr};
  std::atomic<int> fd{-1};  ///< any_fd: opened by name
  std::atomic<unsigned long> inode{0};
  std::atomic<unsigned> running{0};  ///< calls into the fake
};
std::array<Entry, 32> table;
constexpr int any_fd = -2;

int fail(int error) {
  errno = error;
  return -1;
}

Setup setup_of(const unsigned char* bytes) {
  const auto u16 = [&](int i) { return static_cast<std::uint16_t>(bytes[i] | bytes[i + 1] << 8); };
  return {bytes[0], bytes[1], u16(2), u16(4), u16(6)};
}

unsigned long inode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_ino : 0;
}

}  // namespace

FakeUsbfs::Call FakeUsbfs::find(int fd) noexcept {
  for (Entry& entry : table) {
    if (entry.fake == nullptr) continue;
    ++entry.running;
    // From here on the fake that is read now is not destroyed.
    FakeUsbfs* const fake = entry.fake;
    const int own = entry.fd;
    // The number may have been closed and given to another file since: the inode tells.
    if (fake != nullptr && (own == fd || own == any_fd) && inode_of(fd) == entry.inode) return {fake, &entry.running};
    --entry.running;
  }
  return {};
}

FakeUsbfs::FakeUsbfs(std::shared_ptr<UsbModel> model) : model_(std::move(model)) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no pipe");
  read_end_ = ends[0];
  write_end_ = ends[1];
  enlist();
}

FakeUsbfs::FakeUsbfs(std::shared_ptr<UsbModel> model, const std::string& path)
    : model_(std::move(model)), named_(true) {
  if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no FIFO at " + path);
  read_end_ = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  write_end_ = ::fcntl(read_end_, F_DUPFD_CLOEXEC, 0);
  enlist();
  table[place_].fd = any_fd;
}

void FakeUsbfs::enlist() {
  ::fcntl(write_end_, F_SETPIPE_SZ, 4096);
  const std::array<char, 4096> filling{};
  if (::write(write_end_, filling.data(), filling.size()) != 4096) throw std::runtime_error("pipe not filled");
  while (place_ < table.size()) {
    FakeUsbfs* none = nullptr;
    if (table[place_].fake.compare_exchange_strong(none, this)) break;
    ++place_;
  }
  if (place_ == table.size()) throw std::runtime_error("too many fake devices");
  table[place_].inode = inode_of(write_end_);
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

FakeUsbfs::~FakeUsbfs() {
  worker_.request_stop();
  worker_.join();
  Entry& entry = table[place_];
  entry.fd = -1;
  entry.inode = 0;
  entry.fake = nullptr;
  while (entry.running > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::close(write_end_);
  if (read_end_ >= 0) ::close(read_end_);
}

int FakeUsbfs::open_fd() {
  const int fd = ::fcntl(write_end_, F_DUPFD_CLOEXEC, 0);
  table[place_].fd = fd;
  return fd;
}

void FakeUsbfs::set_manners(Manners manners) {
  const std::lock_guard lock(mutex_);
  manners_ = manners;
}

double FakeUsbfs::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  auto& thread = const_cast<std::jthread&>(worker_);
  if (::pthread_getcpuclockid(thread.native_handle(), &clock) != 0) return 0;
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::size_t FakeUsbfs::most_in_flight() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

std::size_t FakeUsbfs::in_flight() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

bool FakeUsbfs::gone() const {
  const std::lock_guard lock(mutex_);
  return gone_;
}

void FakeUsbfs::unplug() {
  const std::lock_guard lock(mutex_);
  lose();
}

/// Called with the lock held, as all below.
void FakeUsbfs::lose() {
  if (gone_) return;
  gone_ = true;
  for (auto& [endpoint, urbs] : pending_) {
    for (usbdevfs_urb* urb : urbs)
      finish(urb, -ESHUTDOWN, 0);
    urbs.clear();
  }
  show_reapable(Clock::now());
  // The reader's poll now says POLLERR, as usbfs does.
  if (!named_ && read_end_ >= 0) ::close(std::exchange(read_end_, -1));
}

void FakeUsbfs::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto retry = progress(Clock::now());
    const std::uint64_t seen = events_;
    wait_for(changed_, lock, {.stop = stop, .deadline = std::min(retry, Clock::now() + std::chrono::seconds(1))},
             [&] { return events_ != seen; });
  }
}

/// Moves what can be moved now; returns when to try again.
Clock::time_point FakeUsbfs::progress(Clock::time_point now) {
  auto retry = Clock::time_point::max();
  for (auto& [endpoint, urbs] : pending_) {
    if (endpoint == 0) continue;  // control requests that nobody will answer
    while (!urbs.empty() && !gone_) {
      usbdevfs_urb* urb = urbs.front();
      const std::span room(static_cast<std::byte*>(urb->buffer), static_cast<std::size_t>(urb->buffer_length));
      const Bulk bulk =
          (endpoint & 0x80U) != 0 ? model_->bulk_in(endpoint, room, now) : model_->bulk_out(endpoint, room, now);
      if (bulk.result == Bulk::Result::gone) {
        lose();
        return Clock::time_point::max();
      }
      if (bulk.result == Bulk::Result::nak) {
        retry = std::min(retry, bulk.retry);
        break;
      }
      urbs.pop_front();
      const int status = bulk.result == Bulk::Result::done        ? 0
                         : bulk.result == Bulk::Result::stall     ? -EPIPE
                         : bulk.result == Bulk::Result::bus_error ? -EPROTO
                                                                  : -EOVERFLOW;
      finish(urb, status, bulk.bytes);
    }
  }
  for (const Done& done : done_)
    if (done.visible > now) retry = std::min(retry, done.visible);
  show_reapable(now);
  return retry;
}

void FakeUsbfs::finish(usbdevfs_urb* urb, int status, std::size_t bytes, Clock::time_point visible) {
  urb->status = status;
  urb->actual_length = static_cast<int>(bytes);
  done_.push_back({urb, visible});
  show_reapable(Clock::now());
}

/// Empties the pipe while something can be reaped and fills it again when nothing can.
void FakeUsbfs::show_reapable(Clock::time_point now) {
  const bool reapable = !done_.empty() && done_.front().visible <= now;
  if (reapable == reapable_ || read_end_ < 0) return;
  std::array<char, 4096> page{};
  if (reapable) {
    ::syscall(SYS_read, read_end_, page.data(), page.size());
  } else {
    if (::write(write_end_, page.data(), page.size()) < 0) return;
  }
  reapable_ = reapable;
}

int FakeUsbfs::submit(usbdevfs_urb* urb) {
  // What was queued before a control request reaches the device before it.
  if (urb->type == USBDEVFS_URB_TYPE_CONTROL) progress(Clock::now());
  if (gone_) return fail(ENODEV);
  const auto size = static_cast<std::size_t>(urb->buffer_length);
  if (manners_.memory_limit != 0 && memory_ + size > manners_.memory_limit) return fail(ENOMEM);
  memory_ += size;
  urb->status = 0;
  urb->actual_length = 0;
  most_ = std::max(most_, ++waiting_);
  if (urb->type == USBDEVFS_URB_TYPE_CONTROL && manners_.control_hangs) {
    pending_[0].push_back(urb);
  } else if (urb->type == USBDEVFS_URB_TYPE_CONTROL && manners_.control_status != 0) {
    finish(urb, manners_.control_status, 0);
  } else if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
    auto* packet = static_cast<unsigned char*>(urb->buffer);
    const Setup setup = setup_of(packet);
    const std::span data(reinterpret_cast<std::byte*>(packet + 8), static_cast<std::size_t>(urb->buffer_length - 8));
    const auto answer = answer_control(*model_, setup, data, Clock::now());
    if (!answer) {
      finish(urb, -EPIPE, 0);
    } else if ((setup.type & 0x80U) != 0) {
      std::copy_n(answer->begin(), std::min(answer->size(), data.size()), data.begin());
      finish(urb, 0, std::min(answer->size(), data.size()));
    } else {
      finish(urb, 0, setup.length);
    }
  } else {
    pending_[urb->endpoint].push_back(urb);
  }
  // The model's state may have changed: let the worker ask it again.
  ++events_;
  changed_.notify_all();
  return 0;
}

int FakeUsbfs::discard(usbdevfs_urb* urb) {
  auto& urbs = pending_[urb->type == USBDEVFS_URB_TYPE_CONTROL ? 0 : urb->endpoint];
  const auto it = std::find(urbs.begin(), urbs.end(), urb);
  if (it == urbs.end()) return fail(EINVAL);
  urbs.erase(it);
  const auto visible = manners_.late_cancel.count() > 0 ? Clock::now() + manners_.late_cancel : Clock::time_point{};
  if (manners_.cancel_completes && (urb->endpoint & 0x80U) != 0) {
    std::memset(urb->buffer, 0xEE, static_cast<std::size_t>(urb->buffer_length));
    finish(urb, 0, static_cast<std::size_t>(urb->buffer_length), visible);
  } else {
    finish(urb, -ENOENT, 0, visible);
  }
  ++events_;
  changed_.notify_all();
  return 0;
}

int FakeUsbfs::reap(void* argument) {
  const auto now = Clock::now();
  if (done_.empty() || done_.front().visible > now) return fail(gone_ && done_.empty() ? ENODEV : EAGAIN);
  usbdevfs_urb* urb = done_.front().urb;
  done_.pop_front();
  --waiting_;
  memory_ -= static_cast<std::size_t>(urb->buffer_length);
  *static_cast<void**>(argument) = urb;
  show_reapable(now);
  return 0;
}

int FakeUsbfs::control(void* argument) {
  if (gone_) return fail(ENODEV);
  auto* transfer = static_cast<usbdevfs_ctrltransfer*>(argument);
  const Setup setup{transfer->bRequestType, transfer->bRequest, transfer->wValue, transfer->wIndex, transfer->wLength};
  const std::span data(static_cast<std::byte*>(transfer->data), transfer->wLength);
  const auto answer = answer_control(*model_, setup, data, Clock::now());
  if (!answer) return fail(EPIPE);
  std::copy_n(answer->begin(), std::min(answer->size(), data.size()), data.begin());
  return static_cast<int>(answer->size());
}

int FakeUsbfs::handle_ioctl(unsigned long request, void* argument) {
  const std::lock_guard lock(mutex_);
  switch (request) {
    case USBDEVFS_GET_CAPABILITIES: *static_cast<std::uint32_t*>(argument) = 0x1F; return 0;
    case USBDEVFS_GET_SPEED: return 3;
    case USBDEVFS_CONNECTINFO:
      *static_cast<usbdevfs_connectinfo*>(argument) = {static_cast<unsigned>(place_) + 1, 0};
      return 0;
    case USBDEVFS_CONTROL: return control(argument);
    case USBDEVFS_SUBMITURB: return submit(static_cast<usbdevfs_urb*>(argument));
    case USBDEVFS_DISCARDURB: return discard(static_cast<usbdevfs_urb*>(argument));
    case USBDEVFS_REAPURBNDELAY: return reap(argument);
    default: break;
  }
  if (gone_) return fail(ENODEV);
  switch (request) {
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM: return manners_.claim_is_busy ? fail(EBUSY) : 0;
    case USBDEVFS_RELEASEINTERFACE:
    case USBDEVFS_SETINTERFACE:
    case USBDEVFS_SETCONFIGURATION: return 0;
    case USBDEVFS_CLEAR_HALT:
      model_->clear_halt(static_cast<std::uint8_t>(*static_cast<unsigned*>(argument)));
      return 0;
    case USBDEVFS_RESET:
      if (manners_.reset_loses_device) {
        lose();
        return fail(ENODEV);
      }
      model_->reset();
      return 0;
    case USBDEVFS_GETDRIVER: return fail(ENODATA);
    default: return fail(ENOTTY);
  }
}

long FakeUsbfs::handle_read(void* buffer, std::size_t size) {
  const std::lock_guard lock(mutex_);
  const Bytes all = model_->descriptors();
  const auto from = std::min(static_cast<std::size_t>(offset_), all.size());
  const std::size_t part = std::min(size, all.size() - from);
  std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(from), part, static_cast<std::byte*>(buffer));
  offset_ += static_cast<long>(part);
  return static_cast<long>(part);
}

long FakeUsbfs::handle_seek(long offset) {
  const std::lock_guard lock(mutex_);
  return offset_ = offset;
}

}  // namespace lightseed::emulated
