#include "core/secret_bytes.h"

#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <utility>

using namespace lightseed;

namespace {

// What the pages looked like when they were given back to the system; the linker sends SecretBytes' munmap here.
bool watching = false;
std::size_t pages_given_back = 0;
bool all_were_zero = true;

}  // namespace

extern "C" int __real_munmap(void* address, std::size_t length);
extern "C" int __wrap_munmap(void* address, std::size_t length) {
  if (watching) {
    ++pages_given_back;
    const auto* const bytes = static_cast<const unsigned char*>(address);
    all_were_zero = all_were_zero && std::all_of(bytes, bytes + length, [](unsigned char b) { return b == 0; });
  }
  return __real_munmap(address, length);
}

TEST_CASE("a secret is zero at first, page aligned and out of core dumps") {
  const SecretBytes secret(10'000);
  CHECK(std::all_of(secret.bytes().begin(), secret.bytes().end(), [](std::byte b) { return b == std::byte{0}; }));
  CHECK(reinterpret_cast<std::uintptr_t>(secret.data()) % 4096 == 0);
  CHECK(secret.words().size() == 1250);
}

TEST_CASE("a secret is wiped before its pages go back") {
  pages_given_back = 0;
  all_were_zero = true;
  watching = true;
  {
    SecretBytes secret(5000);
    std::memset(secret.data(), 0xA5, secret.size());
    SecretBytes moved = std::move(secret);
    CHECK(moved.data()[4999] == std::byte{0xA5});
    SecretBytes other(100);
    std::memset(other.data(), 0x5A, other.size());
    other = std::move(moved);  // gives the 100 bytes back
    CHECK(other.size() == 5000);
  }
  watching = false;
  CHECK(pages_given_back == 2);
  CHECK(all_were_zero);
}

TEST_CASE("wipe() zeroes in place") {
  SecretBytes secret(64);
  std::memset(secret.data(), 1, secret.size());
  secret.wipe();
  CHECK(std::all_of(secret.bytes().begin(), secret.bytes().end(), [](std::byte b) { return b == std::byte{0}; }));
}
