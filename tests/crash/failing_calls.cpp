// SPDX-License-Identifier: Apache-2.0
// Preloaded into a command by crash_campaign.py: one of its calls to the operating system fails, as on a full disk or a
// broken one. LIGHTSEED_FAIL_CALL names the call, LIGHTSEED_FAIL_AT says which one of them (from 1 on),
// LIGHTSEED_FAIL_ERRNO is what it says. Without LIGHTSEED_FAIL_AT nothing fails; the number of calls to each goes to
// the file LIGHTSEED_COUNT_CALLS when the command ends. Writes count where they go to files.
#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr std::array<const char*, 7> names{"write", "pwrite64", "fsync", "fdatasync", "link", "linkat", "rename"};
std::array<std::atomic<unsigned>, names.size()> calls{};

/// This call is the one that fails; errno says why.
bool fails(const char* name) {
  std::size_t i = 0;
  while (std::strcmp(names[i], name) != 0)
    ++i;
  const unsigned number = ++calls[i];
  const char* const chosen = std::getenv("LIGHTSEED_FAIL_CALL");
  const char* const at = std::getenv("LIGHTSEED_FAIL_AT");
  const char* const error = std::getenv("LIGHTSEED_FAIL_ERRNO");
  if (chosen == nullptr || at == nullptr || error == nullptr || std::strcmp(chosen, name) != 0) return false;
  if (std::strtoul(at, nullptr, 10) != number) return false;
  errno = static_cast<int>(std::strtol(error, nullptr, 10));
  return true;
}

bool is_file(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

template <typename Call>
Call* real(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) std::abort();
  Call* call = nullptr;
  std::memcpy(&call, &found, sizeof call);
  return call;
}

struct Counted {
  ~Counted() {
    const char* const path = std::getenv("LIGHTSEED_COUNT_CALLS");
    std::FILE* const file = path == nullptr ? nullptr : std::fopen(path, "w");
    if (file == nullptr) return;
    for (std::size_t i = 0; i < names.size(); ++i)
      std::fprintf(file, "%s %u\n", names[i], calls[i].load());
    std::fclose(file);
  }
} counted;

}  // namespace

extern "C" {

ssize_t write(int fd, const void* bytes, size_t size) {
  static auto* const call = real<ssize_t(int, const void*, size_t)>("write");
  return is_file(fd) && fails("write") ? -1 : call(fd, bytes, size);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  static auto* const call = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return is_file(fd) && fails("pwrite64") ? -1 : call(fd, bytes, size, at);
}

int fsync(int fd) {
  static auto* const call = real<int(int)>("fsync");
  return fails("fsync") ? -1 : call(fd);
}

int fdatasync(int fd) {
  static auto* const call = real<int(int)>("fdatasync");
  return fails("fdatasync") ? -1 : call(fd);
}

int linkat(int from_dir, const char* from, int to_dir, const char* to, int flags) noexcept {
  static auto* const call = real<int(int, const char*, int, const char*, int)>("linkat");
  return fails("linkat") ? -1 : call(from_dir, from, to_dir, to, flags);
}

int link(const char* from, const char* to) noexcept {
  static auto* const call = real<int(const char*, const char*)>("link");
  return fails("link") ? -1 : call(from, to);
}

int rename(const char* from, const char* to) noexcept {
  static auto* const call = real<int(const char*, const char*)>("rename");
  return fails("rename") ? -1 : call(from, to);
}
}
