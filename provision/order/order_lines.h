// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "provision/order/line_file.h"
#include "provision/order/order_line.h"
#include "provision/order/order_memory.h"

namespace lightseed {

/// The SIMs of an order, in their order, however many there are: a few lie in memory, many in a temporary file that
/// goes with the last copy. They do not change any more; copies and parts share them, and several threads may read.
/// What reads throws Error(io) when the file cannot be read.
class OrderLines {
 public:
  OrderLines() = default;
  explicit OrderLines(std::vector<OrderLine> lines);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// One of them. A piece is read for it where they lie in a file: who wants many takes a Walk.
  [[nodiscard]] OrderLine operator[](std::size_t index) const;
  [[nodiscard]] OrderLine front() const { return (*this)[0]; }

  /// `count` lines from `first` on, which must be there.
  [[nodiscard]] OrderLines part(std::size_t first, std::size_t count) const;

  /// All lines of all of them, as one. Nothing is copied where parts of the same follow each other.
  [[nodiscard]] static OrderLines joined(std::span<const OrderLines> parts);

  /// All of them, in memory.
  [[nodiscard]] std::vector<OrderLine> copy() const;

  class Walk;

 private:
  friend class OrderLineCollector;

  struct Stored {
    std::vector<OrderLine> memory;         ///< all of them, or
    std::unique_ptr<const LineFile> file;  ///< all of them
  };

  std::shared_ptr<const Stored> stored_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

/// Goes through lines once, piece by piece.
class OrderLines::Walk {
 public:
  explicit Walk(OrderLines lines) : lines_(std::move(lines)) {}

  /// The next lines, as many as are at hand, until the next call; none at the end.
  std::span<const OrderLine> next();

 private:
  OrderLines lines_;
  std::size_t done_ = 0;
  std::vector<OrderLine> piece_;
};

/// Takes lines in and makes OrderLines of them.
class OrderLineCollector {
 public:
  explicit OrderLineCollector(const OrderMemory& memory = {}) : memory_(memory) {}

  /// Throws Error(io) when they become too many for memory, and the temporary file cannot be made or written.
  void add(const OrderLine& line);

  /// All that were added. To be called once. Throws Error(io).
  [[nodiscard]] OrderLines finish();

 private:
  OrderMemory memory_;
  std::vector<OrderLine> lines_;  ///< not written yet
  std::unique_ptr<LineFile> file_;
  std::size_t size_ = 0;

  void begin_file();
};

}  // namespace lightseed
