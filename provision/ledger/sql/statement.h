// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace lightseed {

/// A prepared SQL statement of whatever database keeps the ledger. Values are `?` or `?1`, counted from 1; text and
/// blobs are copied when bound. Columns are counted from 0.
class Statement {
 public:
  /// What a database does for one.
  class Engine {
   public:
    virtual ~Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    virtual void bind_text(int index, std::string_view text) = 0;
    virtual void bind_number(int index, std::int64_t number) = 0;
    virtual void bind_blob(int index, std::span<const std::byte> blob) = 0;
    virtual bool step() = 0;
    virtual std::int64_t run() = 0;
    virtual void reset() = 0;
    [[nodiscard]] virtual std::string text(int column) const = 0;
    [[nodiscard]] virtual std::int64_t number(int column) const = 0;
    virtual std::int64_t run_each(std::size_t count, const std::function<void(std::size_t)>& bind,
                                  const std::function<void(std::size_t)>& row) = 0;

   protected:
    Engine() = default;
  };
  explicit Statement(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  Statement& bind(int index, std::string_view text) {
    engine_->bind_text(index, text);
    return *this;
  }
  Statement& bind(int index, std::int64_t number) {
    engine_->bind_number(index, number);
    return *this;
  }
  Statement& bind(int index, std::span<const std::byte> blob) {
    engine_->bind_blob(index, blob);
    return *this;
  }

  /// Steps once: true when a row is there.
  bool step() { return engine_->step(); }
  /// Runs to the end and makes the statement ready for new values. Returns the number of rows changed.
  std::int64_t run() { return engine_->run(); }
  /// Ready for new values.
  void reset() { engine_->reset(); }

  /// The bytes of a text or a blob.
  [[nodiscard]] std::string text(int column) const { return engine_->text(column); }
  [[nodiscard]] std::int64_t number(int column) const { return engine_->number(column); }

  /// Runs the statement for each of `count` sets of values, one after another: `bind` binds the values of one, `row` is
  /// called for each of its rows and may read the columns, but not use the database. A server is not waited for
  /// between one and the next, and several may be bound before the rows of the first are seen. Returns the number of
  /// rows changed.
  std::int64_t run_each(
      std::size_t count, const std::function<void(std::size_t)>& bind,
      const std::function<void(std::size_t)>& row = [](std::size_t) {}) {
    return engine_->run_each(count, bind, row);
  }

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace lightseed
