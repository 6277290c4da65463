// SPDX-License-Identifier: Apache-2.0
#include "evidence/json_text.h"

#include <fmt/format.h>

#include <cmath>
#include <set>
#include <vector>

#include "core/error.h"

namespace lightseed {
namespace {

/// Walks the text before anything is built of it, so that a hostile one costs no memory: nlohmann's own parser keeps
/// the last of two equal members and recurses when it frees deep values.
class Inspection final : public nlohmann::json_sax<Json> {
 public:
  Inspection(std::string_view what, const JsonLimits& limits) : what_(what), limits_(limits) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t number, const string_t& text) override {
    if (!std::isfinite(number)) fail(fmt::format("{:.40} is no finite number", text));
    return true;
  }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    open();
    return true;
  }
  bool key(string_t& name) override {
    if (members_.back().size() == limits_.members)
      fail(fmt::format("an object has more than {} members", limits_.members));
    if (!members_.back().insert(name).second) fail(fmt::format("member \"{:.60}\" stands twice in one object", name));
    return true;
  }
  bool end_object() override {
    members_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    open();
    return true;
  }
  bool end_array() override {
    members_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    fail(fmt::format("it is no JSON from byte {} on", position));
  }

 private:
  std::string_view what_;
  const JsonLimits& limits_;
  std::vector<std::set<std::string>> members_;

  void open() {
    if (members_.size() == limits_.depth) fail(fmt::format("it is nested deeper than {} levels", limits_.depth));
    members_.emplace_back();
  }
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(Category::malformed, fmt::format("{}: {}", what_, why));
  }
};

}  // namespace

Json parse_json(std::string_view text, std::string_view what, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    throw Error(Category::malformed,
                fmt::format("{}: {} bytes are more than the {} that it may have", what, text.size(), limits.bytes));
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    throw Error(Category::malformed, fmt::format("{}: it begins with a byte order mark", what));
  }
  Inspection inspection(what, limits);
  Json::sax_parse(text, &inspection);
  return Json::parse(text);
}

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lightseed
