// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/mutations.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <utility>

#include "stats/health/monitors/monitors.h"
#include "tests/provision/is_believed.h"

namespace lightseed::test {
namespace {

class Mutator {
 public:
  explicit Mutator(const Json& statement) : statement_(statement) {}

  void visit(const Json& value, const std::string& at) {
    if (value.is_object()) {
      visit_object(value, at);
    } else if (value.is_array()) {
      visit_array(value, at);
    } else {
      for (auto& [what, lie] : lies_about(value))
        put(at, what, lie);
    }
  }

  std::vector<Mutation> take() { return std::move(all_); }

 private:
  const Json& statement_;
  std::vector<Mutation> all_;

  void put(const std::string& at, const std::string& what, const Json& lie) {
    Mutation mutation{at, what, statement_};
    mutation.statement[Json::json_pointer(at)] = lie;
    all_.push_back(std::move(mutation));
  }

  static std::vector<std::pair<std::string, Json>> lies_about(const Json& value) {
    if (value.is_number_float()) {
      const double number = value.get<double>();
      return {{"larger", number + 0.5}, {"smaller", number - 0.5}, {"huge", 1e300}, {"a text", "7"}, {"null", nullptr}};
    }
    if (value.is_number()) {
      const auto number = value.get<std::int64_t>();
      return {{"one more", number + 1},
              {"one less", number - 1},
              {"a float", static_cast<double>(number)},
              {"half more", static_cast<double>(number) + 0.5},
              {"2^63", std::uint64_t{1} << 63},
              {"a text", "7"}};
    }
    if (value.is_string()) {
      return {{"longer", value.get<std::string>() + " GSMA SAS accredited"}, {"empty", ""}, {"a number", 7}};
    }
    if (value.is_boolean()) return {{"turned", !value.get<bool>()}, {"a number", 1}};
    return {{"a text", "no"}, {"an object", Json::object()}};
  }

  void visit_object(const Json& object, const std::string& at) {
    Json more = object;
    more["accreditation"] = "GSMA SAS";
    put(at, "a member added", more);
    for (const auto& [name, value] : object.items()) {
      Json less = object;
      less.erase(name);
      put(at, "without " + name, less);
      visit(value, at + "/" + name);
    }
  }

  void visit_array(const Json& array, const std::string& at) {
    Json more = array;
    more.push_back(array.empty() ? Json("more") : array.back());
    put(at, "an item more", more);
    if (array.empty()) return;
    Json less = array;
    less.erase(less.size() - 1);
    put(at, "an item less", less);
    for (std::size_t i = 0; i < array.size(); ++i)
      visit(array[i], at + "/" + std::to_string(i));
  }
};

constexpr std::string_view free_in_every_edition[] = {
    "/subject/",
    "/predicate/batch/id",
    "/predicate/batch/key_bytes",
    "/predicate/batch/keys_per_sim",  // where as many blocks come out; a key shows it
    "/predicate/batch/order/",
    "/predicate/batch/created",
    "/predicate/source/uri",
    "/predicate/source/model",
    "/predicate/source/serial",
    "/predicate/source/firmware",
    "/predicate/source/nominal_rate",
    "/predicate/source/parameters",
    "/predicate/source/status",
    "/predicate/source/started",
    "/predicate/source/stopped",
    "/predicate/entropy/measured/method",
    "/predicate/entropy/measured/assumptions",
    "/predicate/entropy/measured/details",
    "/predicate/expansion/bytes_per_seed",
    "/predicate/protection/files/",
    "/predicate/protection/signer/",
    "/predicate/software/",
    "/predicate/keys/merkle/root"};

bool begins_like_one(std::string_view member, std::span<const std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return member.starts_with(prefix); });
}

}  // namespace

bool is_free(std::string_view member, std::span<const std::string_view> free_in_edition) {
  return begins_like_one(member, free_in_every_edition) || begins_like_one(member, free_in_edition);
}

bool leaves_out_youngest_monitor(const Mutation& lie, const Json& honest) {
  constexpr const char* tests = "/predicate/health/tests";
  return lie.member == tests && lie.what == "an item less" &&
         honest.at(Json::json_pointer(tests)).back().at("id") == health::youngest_monitor;
}

std::size_t tell_lies(const std::string& name, const Json& honest,
                      const std::function<bool(const std::string&)>& wanted,
                      std::span<const std::string_view> free_in_edition) {
  std::size_t told = 0;
  for (const Mutation& lie : mutations_of(honest)) {
    if (!wanted(lie.member) || lie.statement == honest) continue;
    ++told;
    if (!is_believed(lie.statement.dump(1) + "\n")) continue;
    INFO(name << ": " << lie.member << ": " << lie.what);
    CHECK((is_free(lie.member, free_in_edition) || leaves_out_youngest_monitor(lie, honest)));
  }
  return told;
}

std::vector<Mutation> mutations_of(const Json& statement) {
  Mutator mutator(statement);
  mutator.visit(statement, "");
  return mutator.take();
}

}  // namespace lightseed::test
