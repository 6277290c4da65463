// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/atomic_file.h"

namespace lightseed::cli {

/// Where a verb's bytes go: a new file that appears whole, or stdout as "-".
class Payload {
 public:
  /// Throws Error(io) when the file exists, Error(usage) when stdout is a terminal, which bytes would garble, or when
  /// --json wants it too.
  Payload(const Context& context, const std::string& target, AtomicFile::Mode mode);

  /// So many bytes will come: throws Error(io) when the file's disk has less room, before anything was begun.
  void expect(std::uint64_t bytes) const;

  void write(std::span<const std::byte> bytes);
  /// With files that describe it: they appear before it, or none of them does.
  void commit(std::vector<AtomicFile*> described_by = {});

 private:
  Console& console_;
  std::string target_;
  std::optional<AtomicFile> file_;
};

}  // namespace lightseed::cli
