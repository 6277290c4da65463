#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/atomic_file.h"

namespace lightseed::cli {

/// Where a verb's bytes go: a new file that appears whole, or stdout as "-".
class Payload {
 public:
  /// Throws Error(io) when the file exists, Error(usage) when stdout is a terminal: binary would garble it.
  Payload(const std::string& target, AtomicFile::Mode mode);

  void write(std::span<const std::byte> bytes);
  void commit();

 private:
  std::optional<AtomicFile> file_;
};

}  // namespace lightseed::cli
