// SPDX-License-Identifier: Apache-2.0
#include "core/secret_bytes.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <utility>

#include "tests/address_sanitizer.h"

using namespace lightseed;

namespace {

// What the pages looked like when they were given back to the system; the linker sends SecretBytes' munmap here.
bool watching = false;
std::size_t pages_given_back = 0;
bool all_were_zero = true;

/// What `check` says in a child that may lock no more than these many bytes. Root may lock without limit: the child is
/// nobody.
bool holds_with_memory_lock_limit(rlim_t soft, rlim_t hard, const std::function<bool()>& check) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{soft, hard};
    const bool poor = setrlimit(RLIMIT_MEMLOCK, &limit) == 0 && (geteuid() != 0 || setuid(65534) == 0);
    _exit(poor && check() ? 0 : 1);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

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

/// AddressSanitizer takes mlock() for itself and locks nothing; scripts/test runs these as released as well.
constexpr bool locks_are_real = !LIGHTSEED_UNDER_ASAN;

TEST_CASE("what cannot be locked is counted") {
  if (!locks_are_real) return;
  CHECK(holds_with_memory_lock_limit(0, 0, [] {
    const std::size_t before = SecretBytes::unlocked_bytes();
    const SecretBytes one(1), two(5000);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return !one.locked() && !two.locked() &&
           SecretBytes::unlocked_bytes() - before == page + (5000 + page - 1) / page * page;
  }));
}

TEST_CASE("the soft limit of locked memory is raised when a secret meets it") {
  if (!locks_are_real) return;
  CHECK(holds_with_memory_lock_limit(0, 1 << 20, [] {
    const std::size_t before = SecretBytes::unlocked_bytes();
    const SecretBytes secret(100'000);
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    return secret.locked() && SecretBytes::unlocked_bytes() == before && limit.rlim_cur == 1 << 20;
  }));
}
