#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace lightseed {

/// Why an operation ended. The value is the process exit code (docs/architecture.md, "The command").
enum class Category {
  verdict = 1,          ///< it ran, and the answer is no: a failed test, a bad signature
  usage = 2,            ///< the caller asked for something malformed: an option, an order file
  device = 3,           ///< a device or a permission is missing
  io = 4,               ///< reading or writing failed
  health = 5,           ///< a health test raised an alarm
  not_enough_data = 6,  ///< the source ended too early for a result
  refused = 7,          ///< policy forbids it: ledger, provenance, epsilon
  interrupted = 130,    ///< a person or a supervisor asked to stop
};

/// What ends an operation. `what()` is one sentence a person can act on: what happened, to which device,
/// file or line, and what to do. Expected events of a running stream (a short read, an alarm) are values,
/// not exceptions.
class Error : public std::runtime_error {
 public:
  Error(Category category, const std::string& message) : std::runtime_error(message), category_(category) {}

  [[nodiscard]] Category category() const noexcept { return category_; }
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(category_); }

 private:
  Category category_;
};

/// The category's stable name, as `--json` prints it: "usage", "device", …
std::string_view name_of(Category category) noexcept;

/// An io Error that names the path and the system's reason: "cannot WHAT PATH: REASON".
Error system_error(std::string_view what, std::string_view path, int error_number);

}  // namespace lightseed
