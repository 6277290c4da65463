#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace lightseed::cli {

/// One line on stderr that shows how far long work is; silent when stderr is no terminal.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// At most ten updates a second reach the terminal. `total` 0: not known.
  void show(std::uint64_t done, std::uint64_t total, const char* unit);

 private:
  std::string what_;
  bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace lightseed::cli
