// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "cli/command.h"
#include "core/atomic_file.h"

namespace lightseed::cli {

/// A report in a new file, or on stdout as "-". It is opened before the work, so that hours of it do not end at a name
/// that is taken, and appears whole after it.
class ReportFile {
 public:
  /// Throws Error(usage) for an empty name, Error(io) for one that is taken.
  ReportFile(const Context& context, const std::string& option);

  [[nodiscard]] bool wanted() const noexcept { return out_ != nullptr || file_; }
  [[nodiscard]] bool on_stdout() const noexcept { return out_ != nullptr; }

  void write(const std::string& text);

 private:
  std::ostream* out_ = nullptr;
  std::optional<AtomicFile> file_{};
};

}  // namespace lightseed::cli
