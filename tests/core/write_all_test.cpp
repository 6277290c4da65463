// SPDX-License-Identifier: Apache-2.0
#include "core/write_all.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <string>
#include <thread>

#include "core/byte_views.h"

using namespace lightseed;

TEST_CASE("write all: more than a pipe holds arrives whole, in order") {
  std::string sent;
  for (int i = 0; i < 200'000; ++i)
    sent += std::to_string(i);
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  std::string arrived;
  std::thread reader([&] {
    std::array<char, 4099> some{};
    for (ssize_t got = 0; (got = read(ends[0], some.data(), some.size())) > 0;)
      arrived.append(some.data(), static_cast<std::size_t>(got));
  });
  CHECK(write_all(ends[1], bytes_of(sent)) == 0);
  close(ends[1]);
  reader.join();
  close(ends[0]);
  CHECK(arrived == sent);
}

TEST_CASE("write all: a call that takes a part is followed by another, and what fails then is told") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_NONBLOCK) == 0);
  const int room = fcntl(ends[1], F_GETPIPE_SZ);
  const std::string more(static_cast<std::size_t>(room) + 1, 'x');
  CHECK(write_all(ends[1], bytes_of(more)) == EAGAIN);  // the pipe is full to the last byte
  std::string arrived(more.size(), '?');
  CHECK(read(ends[0], arrived.data(), arrived.size()) == room);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("write all: the error of a disk that is full, and of a file that is not open") {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(full >= 0);
  CHECK(write_all(full, bytes_of("x")) == ENOSPC);
  CHECK(write_all(full, {}) == 0);
  close(full);
  CHECK(write_all(-1, bytes_of("x")) == EBADF);
}
