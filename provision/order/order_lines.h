// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>
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

  class Iterator;

  /// To go through all of them: `for (const OrderLine& line : lines)`.
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

  /// One of them. A piece is read for it where they lie in a file: who wants many goes through them.
  [[nodiscard]] OrderLine operator[](std::size_t index) const;
  [[nodiscard]] OrderLine front() const { return (*this)[0]; }

  /// `count` lines from `first` on, which must be there.
  [[nodiscard]] OrderLines part(std::size_t first, std::size_t count) const;

  /// All lines of all of them, as one. Nothing is copied where parts of the same follow each other.
  [[nodiscard]] static OrderLines joined(std::span<const OrderLines> parts);

  /// All of them, in memory.
  [[nodiscard]] std::vector<OrderLine> copy() const;

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

/// Goes through lines once, and holds one piece of them where they lie in a file. A line is there until the next step.
class OrderLines::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = OrderLine;

  explicit Iterator(OrderLines lines) : lines_(std::move(lines)) { take_piece(); }
  Iterator(const Iterator&) = delete;
  Iterator& operator=(const Iterator&) = delete;
  Iterator(Iterator&&) noexcept = default;
  Iterator& operator=(Iterator&&) noexcept = default;
  ~Iterator() = default;

  const OrderLine& operator*() const noexcept { return piece_.front(); }
  const OrderLine* operator->() const noexcept { return &piece_.front(); }
  Iterator& operator++() {
    piece_ = piece_.subspan(1);
    if (piece_.empty()) take_piece();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(std::default_sentinel_t /*end*/) const noexcept { return piece_.empty(); }

 private:
  OrderLines lines_;  ///< behind the piece
  std::vector<OrderLine> read_;
  std::span<const OrderLine> piece_;  ///< of memory, or of what was read

  void take_piece();
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
