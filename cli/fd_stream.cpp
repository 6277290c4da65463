// SPDX-License-Identifier: Apache-2.0
#include "cli/fd_stream.h"

#include <cerrno>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/write_all.h"

namespace lightseed::cli {

FdStream::Buffer::Buffer(int fd, std::string name) : fd_(fd), name_(std::move(name)) {
  setp(waiting_.data(), waiting_.data() + waiting_.size());
}

void FdStream::Buffer::put(const char* text, std::size_t size) {
  const int error = write_all(fd_, bytes_of({text, size}));
  if (error == EPIPE) throw ReaderGone();
  if (error != 0) throw system_error("write to", name_, error);
}

void FdStream::Buffer::write_waiting() {
  const auto size = static_cast<std::size_t>(pptr() - pbase());
  // Emptied first: what could not be written is not tried again when the stream ends.
  setp(waiting_.data(), waiting_.data() + waiting_.size());
  put(waiting_.data(), size);
}

FdStream::Buffer::int_type FdStream::Buffer::overflow(int_type c) {
  write_waiting();
  if (!traits_type::eq_int_type(c, traits_type::eof())) {
    *pptr() = traits_type::to_char_type(c);
    pbump(1);
  }
  return traits_type::not_eof(c);
}

std::streamsize FdStream::Buffer::xsputn(const char* text, std::streamsize size) {
  if (size < epptr() - pptr()) return std::streambuf::xsputn(text, size);
  write_waiting();
  put(text, static_cast<std::size_t>(size));
  return size;
}

int FdStream::Buffer::sync() {
  write_waiting();
  return 0;
}

FdStream::FdStream(int fd, std::string name) : std::ostream(nullptr), buffer_(fd, std::move(name)) {
  rdbuf(&buffer_);
  // Lets the buffer's exceptions through.
  exceptions(std::ios::badbit);
}

FdStream::~FdStream() {
  try {
    buffer_.pubsync();
  } catch (const std::exception&) {
    // Whoever wants to know flushes before.
  }
}

}  // namespace lightseed::cli
