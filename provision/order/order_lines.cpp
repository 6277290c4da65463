// SPDX-License-Identifier: Apache-2.0
#include "provision/order/order_lines.h"

#include <algorithm>
#include <utility>

namespace lightseed {

OrderLines::OrderLines(std::vector<OrderLine> lines) : size_(lines.size()) {
  stored_ = std::make_shared<const Stored>(Stored{.memory = std::move(lines), .file = nullptr});
}

OrderLines::Iterator OrderLines::begin() const {
  return Iterator(*this);
}

OrderLine OrderLines::operator[](std::size_t index) const {
  return *part(index, 1).begin();
}

OrderLines OrderLines::part(std::size_t first, std::size_t count) const {
  OrderLines part = *this;
  part.first_ += first;
  part.size_ = count;
  return part;
}

OrderLines OrderLines::joined(std::span<const OrderLines> parts) {
  if (parts.empty()) return {};
  OrderLines whole = parts.front();
  bool in_one = true;
  for (const OrderLines& part : parts.subspan(1)) {
    in_one = in_one && part.stored_ == whole.stored_ && part.first_ == whole.first_ + whole.size_;
    whole.size_ += part.size_;
  }
  if (in_one) return whole;
  OrderLineCollector all;
  for (const OrderLines& part : parts) {
    for (const OrderLine& line : part)
      all.add(line);
  }
  return all.finish();
}

std::vector<OrderLine> OrderLines::copy() const {
  std::vector<OrderLine> lines;
  lines.reserve(size_);
  for (const OrderLine& line : *this)
    lines.push_back(line);
  return lines;
}

void OrderLines::Iterator::take_piece() {
  if (lines_.empty()) return;
  const Stored& stored = *lines_.stored_;
  if (stored.file == nullptr) {
    piece_ = std::span(stored.memory).subspan(lines_.first_, lines_.size_);
  } else {
    const std::size_t lines_a_piece = stored.file->lines_a_piece();
    stored.file->read(lines_.first_ / lines_a_piece, read_);
    const auto rest = std::span<const OrderLine>(read_).subspan(lines_.first_ % lines_a_piece);
    piece_ = rest.first(std::min(lines_.size_, rest.size()));
  }
  lines_ = lines_.part(piece_.size(), lines_.size_ - piece_.size());
}

void OrderLineCollector::add(const OrderLine& line) {
  if (file_ == nullptr && size_ == memory_.lines) begin_file();
  lines_.push_back(line);
  ++size_;
  if (file_ == nullptr || lines_.size() < memory_.piece) return;
  file_->append(lines_);
  lines_.clear();
}

void OrderLineCollector::begin_file() {
  file_ = std::make_unique<LineFile>(memory_.piece);
  std::span<const OrderLine> rest = lines_;
  for (; rest.size() >= memory_.piece; rest = rest.subspan(memory_.piece))
    file_->append(rest.first(memory_.piece));
  std::vector<OrderLine> kept;  // without the memory of those that were written
  kept.reserve(memory_.piece);
  kept.assign(rest.begin(), rest.end());
  lines_ = std::move(kept);
}

OrderLines OrderLineCollector::finish() {
  OrderLines all;
  if (file_ != nullptr && !lines_.empty()) file_->append(std::exchange(lines_, {}));
  all.size_ = size_;
  all.stored_ = std::make_shared<const OrderLines::Stored>(
      OrderLines::Stored{.memory = std::move(lines_), .file = std::move(file_)});
  return all;
}

}  // namespace lightseed
