// SPDX-License-Identifier: Apache-2.0
#include "provision/preflight.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "provision/batch_writer.h"
#include "provision/file_limits.h"
#include "provision/key_audit_file.h"
#include "provision/outlet.h"
#include "provision/release.h"
#include "provision/staging.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

fs::path hidden_sibling(const fs::path& target, const char* purpose) {
  return target.parent_path() / fmt::format(".lightseed-{}.{}", purpose, target.filename().string());
}

void require_no_mount_point(const fs::path& target) {
  struct statx status {};
  if (statx(AT_FDCWD, target.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO, &status) != 0) return;  // not there
  if ((status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0 &&
      (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
    throw Error(Category::io, fmt::format("{} is a mount point: nothing can be put in its place in one step; choose a "
                                          "directory in it",
                                          target.string()));
  }
}

/// Makes, fills, renames and removes a directory as a batch's is.
void try_directory(const fs::path& target) {
  const fs::path first = hidden_sibling(target, "try");
  const fs::path second = hidden_sibling(target, "tried");
  const auto clean = [&] {
    for (const fs::path& directory : {first, second}) {
      unlink((directory / "file").c_str());
      rmdir(directory.c_str());
    }
  };
  clean();  // of a run that was killed here
  try {
    if (mkdir(first.c_str(), 0700) != 0) throw system_error("create a directory beside", target.string(), errno);
    AtomicFile file(first / "file", AtomicFile::Mode::secret);
    file.write("x");
    file.commit();
    if (std::rename(first.c_str(), second.c_str()) != 0)
      throw system_error("rename a directory beside", target.string(), errno);
    sync_directory(second.parent_path());
  } catch (...) {
    clean();
    throw;
  }
  clean();
}

}  // namespace

void judge_memory(std::size_t unlocked, Provenance provenance, bool accepted,
                  const std::function<void(const std::string&)>& notice) {
  if (unlocked == 0) return;
  const std::string words = fmt::format(
      "the system allows too little locked memory: {} bytes of secrets could reach swap space; raise the "
      "limit (ulimit -l, LimitMEMLOCK= of a service)",
      unlocked);
  if (fit_for_production(provenance) && !accepted) {
    throw Error(Category::refused, words + ", or accept it: keys for production are not made so in silence");
  }
  notice(words);
}

void try_memory(const IssueRequest& request, Provenance provenance,
                const std::function<void(const std::string&)>& notice) {
  // Two files are under way at a time, and one of them is there twice while it is encrypted.
  const std::uint64_t file = std::min<std::uint64_t>(usual_file_bytes, key_bytes_of(request)) + (1U << 20);
  { const SecretBytes like_a_run(3 * file); }
  judge_memory(SecretBytes::unlocked_bytes(), provenance, request.unlocked_memory, notice);
}

void require_sane(const IssueRequest& request) {
  if (request.key_bytes < 16 || request.key_bytes > 64) {
    throw Error(Category::usage, fmt::format("keys of {} bytes: a key has 16 to 64", request.key_bytes));
  }
  if (request.keys_per_sim == 0 || request.keys_per_sim > largest_block_bytes / request.key_bytes) {
    throw Error(
        Category::usage,
        fmt::format("{} keys for each SIM: there can be 1 to {}, for the keys of a SIM may fill "
                    "{} MB",
                    request.keys_per_sim, largest_block_bytes / request.key_bytes, largest_block_bytes / 1'000'000));
  }
  const auto count = [&](std::string_view name) {
    return std::count_if(request.outlets.begin(), request.outlets.end(),
                         [&](const OutletRequest& asked) { return asked.outlet == name; });
  };
  for (const OutletRequest& asked : request.outlets) {
    if (count(outlet_named(asked.outlet).name) > 1) {
      throw Error(Category::usage, fmt::format("two recipients for the {} side; it has one", asked.outlet));
    }
    for (const OutletRequest& other : request.outlets) {
      // Keys of both sides in one hand: the design with two sides would guard nothing.
      if (&other != &asked) require_different(other.recipient, asked.recipient);
    }
  }
  require_together(request.further_signers);
  if (request.releaser) require_releaser(*request.releaser, request.signer.certificate(), std::time(nullptr));
  for (const Outlet& outlet : outlets()) {
    if (outlet.required && count(outlet.name) == 0)
      throw Error(Category::usage, fmt::format("the {} side ({}) has no recipient", outlet.name, outlet.recipient));
  }
}

std::vector<std::uint64_t> try_container(const IssueRequest& request) {
  const OrderLine line = request.order.lines.front();
  BlockHeader header;
  header.iccid = line.iccid;
  header.imsi = line.imsi;
  const KeyPackage package("try", std::span(&header, 1), 1, request.key_bytes);
  const SignedPackage signed_package = sign_package(package.der(), request.signer);
  std::vector<std::uint64_t> sizes;
  for (const OutletRequest& asked : request.outlets) {
    std::uint64_t& size = sizes.emplace_back(0);
    outlet_named(asked.outlet)
        .write({.batch = "try",
                .lines = std::span(&line, 1),
                .headers = std::span(&header, 1),
                .package = package,
                .signed_package = signed_package},
               asked.recipient, [&](std::span<const std::byte> bytes) { size += bytes.size(); });
  }
  return sizes;
}

void require_room_for(std::uint64_t needed, const fs::path& parent) {
  const std::uint64_t free = bytes_free_in(parent).value_or(needed);  // where it is not known, writing finds out
  if (free < needed) {
    throw Error(Category::io,
                fmt::format("the batch takes about {:.0f} MB, and {} has room for {:.0f} MB; free some "
                            "space, or choose another place",
                            static_cast<double>(needed) / 1e6, parent.string(), static_cast<double>(free) / 1e6));
  }
}

std::uint64_t most_bytes_of_blocks(const IssueRequest& request, std::uint64_t blocks) {
  return blocks * (request.keys_per_sim * request.key_bytes + bytes_around_block);
}

std::uint64_t bytes_needed(const IssueRequest& request) {
  constexpr std::uint64_t certificate = 1'000'000;
  return request.outlets.size() * most_bytes_of_blocks(request, request.order.lines.size()) + certificate +
         (request.audit ? largest_key_audit : 0);
}

std::optional<std::uint64_t> bytes_free_in(const fs::path& directory) {
  struct statvfs room {};
  if (statvfs(directory.c_str(), &room) != 0 || room.f_blocks == 0) return std::nullopt;
  return static_cast<std::uint64_t>(room.f_bavail) * static_cast<std::uint64_t>(room.f_frsize);
}

void look_at_place(const IssueRequest& request) {
  std::error_code error;
  const fs::path parent = request.directory.parent_path();
  if (!fs::is_directory(parent, error))
    throw Error(Category::io, fmt::format("{} is no directory; make it first", parent.string()));
  if (const auto names = names_in_the_way(request.directory); !names.empty()) {
    throw Error(Category::io,
                fmt::format("{} exists already and is not an empty directory: it holds {}; choose another "
                            "one",
                            request.directory.string(), names.front()));
  }
  require_no_mount_point(request.directory);
  if (faccessat(AT_FDCWD, parent.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    throw system_error("create a directory beside", request.directory.string(), errno);
  require_room_for(bytes_needed(request), parent);
}

void try_place(const IssueRequest& request) {
  look_at_place(request);
  try_directory(request.directory);
}

void require_unreserved(const fs::path& target) {
  const int fd = open(hidden_sibling(target, "reserved").c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  const bool is_taken = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(fd);
  if (is_taken) throw Error(Category::busy, fmt::format("another process is making a batch for {}", target.string()));
}

TargetReservation::TargetReservation(const fs::path& target) : path_(hidden_sibling(target, "reserved")) {
  for (;;) {
    fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd_ < 0) throw system_error("reserve a place for", target.string(), errno);
    if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      close(fd_);
      fd_ = -1;
      if (error == EWOULDBLOCK)
        throw Error(Category::busy, fmt::format("another process is making a batch for {}", target.string()));
      unlink(path_.c_str());  // a file system without locks: the ledger's lock has to do
      return;
    }
    struct stat opened {};
    struct stat named {};
    if (fstat(fd_, &opened) == 0 && lstat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino) return;
    close(fd_);  // its owner ended between our opening and locking it
  }
}

TargetReservation::~TargetReservation() {
  if (fd_ < 0) return;
  unlink(path_.c_str());
  close(fd_);
}

void remove_reservation(const fs::path& target) noexcept {
  const fs::path path = hidden_sibling(target, "reserved");
  const int fd = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  struct stat status {};
  // Reservations are empty files of ours; what else has the name is somebody's.
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0 && status.st_uid == geteuid() &&
      flock(fd, LOCK_EX | LOCK_NB) == 0)
    unlink(path.c_str());
  close(fd);
}

}  // namespace lightseed
