// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lightseed {

/// Why an operation ended. The command turns each into an exit code (cli/exit_code.h); a library user may branch on it.
enum class Category {
  verdict,          ///< it ran, and the answer is no: a failed test, a bad signature
  usage,            ///< the caller asked for something malformed or out of range
  device,           ///< a device or a permission is missing
  io,               ///< reading or writing failed
  malformed,        ///< a record or file of somebody else's does not have the form it should have
  health,           ///< a health test raised an alarm
  not_enough_data,  ///< the source ended too early for a result
  refused,          ///< policy forbids it: ledger, provenance, epsilon
  busy,             ///< somebody else is at it: the same call may succeed later
  crypto,           ///< the cryptographic library cannot do what it was asked
  internal,         ///< a fault of this program: calls in the wrong order, a case that cannot happen
  interrupted,      ///< a person or a supervisor asked to stop
};

/// What ends an operation. `what()` is one sentence a person can act on: what happened, to which device,
/// file or line, and what to do. Expected events of a running stream (a short read, an alarm) are values,
/// not exceptions.
class Error : public std::runtime_error {
 public:
  Error(Category category, const std::string& message) : std::runtime_error(message), category_(category) {}

  [[nodiscard]] Category category() const noexcept { return category_; }

 private:
  Category category_;
};

/// The category's stable name, as `--json` prints it: "usage", "device", …
std::string_view name_of(Category category) noexcept;

/// An io Error that names the path and the system's reason: "cannot WHAT PATH: REASON".
Error system_error(std::string_view what, std::string_view path, int error_number);

}  // namespace lightseed
