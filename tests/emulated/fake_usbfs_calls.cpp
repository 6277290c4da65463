// SPDX-License-Identifier: Apache-2.0
// Linked into the executable, these win over libc's for the shared libusb, and send everything that is not a
// FakeUsbfs straight to the kernel.
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

#include "tests/emulated/fake_usbfs.h"

using lightseed::emulated::FakeUsbfs;

extern "C" {

int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (const FakeUsbfs::Call fake = FakeUsbfs::find(fd)) return fake->handle_ioctl(request, argument);
  return static_cast<int>(::syscall(SYS_ioctl, fd, request, argument));
}

ssize_t read(int fd, void* buffer, size_t size) {
  if (const FakeUsbfs::Call fake = FakeUsbfs::find(fd)) return fake->handle_read(buffer, size);
  return ::syscall(SYS_read, fd, buffer, size);
}

off_t lseek(int fd, off_t offset, int whence) noexcept {
  if (const FakeUsbfs::Call fake = FakeUsbfs::find(fd)) return fake->handle_seek(offset);
  return ::syscall(SYS_lseek, fd, offset, whence);
}
}
