// SPDX-License-Identifier: Apache-2.0
#include "cli/payload.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <filesystem>
#include <utility>

#include "cli/size_words.h"
#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed::cli {

Payload::Payload(const Context& context, const std::string& target, AtomicFile::Mode mode)
    : console_(context.console), target_(target) {
  if (target != "-") {
    file_.emplace(target, mode);
  } else if (context.json()) {
    throw Error(Category::usage, "--json and -o - would both write to stdout; give the output a file");
  } else if (context.console.settings().out_is_terminal) {
    throw Error(Category::usage, "stdout is a terminal; write to a file with -o FILE, or pipe the bytes on");
  }
}

void Payload::expect(std::uint64_t bytes) const {
  if (!file_) return;
  std::filesystem::path folder = std::filesystem::path(target_).parent_path();
  if (folder.empty()) folder = ".";
  struct statvfs room {};
  // A file system that counts no blocks does not know its room.
  if (statvfs(folder.c_str(), &room) != 0 || room.f_blocks == 0) return;
  const std::uint64_t free = static_cast<std::uint64_t>(room.f_bavail) * static_cast<std::uint64_t>(room.f_frsize);
  if (bytes <= free) return;
  throw Error(Category::io, fmt::format("{} will take {}, and its disk has room for {}; nothing was begun", target_,
                                        size_words(bytes), size_words(free)));
}

void Payload::write(std::span<const std::byte> bytes) {
  if (file_) {
    file_->write(bytes);
    return;
  }
  // At once: what a source delivers slowly is not held back.
  console_.bytes().write(text_of(bytes).data(), static_cast<std::streamsize>(bytes.size())).flush();
}

void Payload::commit(std::vector<AtomicFile*> described_by) {
  if (file_) described_by.push_back(&*file_);
  AtomicFile::commit_together(described_by);
}

}  // namespace lightseed::cli
