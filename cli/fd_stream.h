// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <exception>
#include <ostream>
#include <streambuf>
#include <string>

namespace lightseed::cli {

/// The reader of our output has gone, as `head` does when it has enough. Nobody is left to tell, and nothing failed.
struct ReaderGone : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "the reader of the output has gone"; }
};

/// A stream on a file descriptor that says why a write failed, which std::cout cannot. Throws ReaderGone or Error(io)
/// from the output that fails, naming `name`.
class FdStream : public std::ostream {
 public:
  FdStream(int fd, std::string name);
  ~FdStream() override;
  FdStream(const FdStream&) = delete;
  FdStream& operator=(const FdStream&) = delete;

 private:
  class Buffer : public std::streambuf {
   public:
    Buffer(int fd, std::string name);

   protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

   private:
    int fd_;
    std::string name_;
    std::array<char, 1 << 16> waiting_;

    void put(const char* text, std::size_t size);
    void write_waiting();
  };

  Buffer buffer_;
};

}  // namespace lightseed::cli
