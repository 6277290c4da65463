// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "tests/bench/clock.h"

namespace lightseed::bench {
namespace {

std::map<std::string, Goal>& goals() {
  static std::map<std::string, Goal> all;
  return all;
}

/// Prints one line, or one JSON object, a benchmark.
class Reporter final : public benchmark::BenchmarkReporter {
 public:
  explicit Reporter(bool json) : json_(json) {}

  bool ReportContext(const Context&) override {
    if (!json_) fmt::print("{:<52} {:>10} {:<13} {:>9} {:>9}\n", "name", "value", "unit", "goal", "limit");
    return true;
  }

  /// All repetitions of one benchmark; the best one counts.
  void ReportRuns(const std::vector<Run>& runs) override {
    const Run* best = nullptr;
    for (const Run& run : runs) {
      if (run.error_occurred) {
        fmt::print(stderr, "{}: {}\n", run.benchmark_name(), run.error_message);
        failed_ = true;
        return;
      }
      if (run.run_type == Run::RT_Iteration && (best == nullptr || seconds(run) < seconds(*best))) best = &run;
    }
    if (best != nullptr) print(best->run_name.function_name, *best);
  }

  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  bool json_;
  bool failed_ = false;

  /// Of one iteration.
  static double seconds(const Run& run) {
    const auto own = run.counters.find("seconds");
    return own != run.counters.end() ? own->second.value
                                     : run.cpu_accumulated_time / static_cast<double>(run.iterations);
  }

  void print(const std::string& name, const Run& run) const {
    const Goal& goal = goals().at(name);
    const double limit = goal.limit ? goal.limit() / goal.scale : 0;
    const double wanted = goal.goal_of_limit > 0 ? goal.goal_of_limit * limit : goal.goal;
    const double value =
        goal.lower_is_better ? seconds(run) : run.counters.at("quantity").value / seconds(run) / goal.scale;
    if (json_) {
      Json line{{"name", name}, {"value", value}, {"unit", goal.unit}};
      line["goal"] = wanted > 0 ? Json(wanted) : Json();
      if (limit > 0) line["limit"] = limit;
      if (!goal.limit_why.empty()) line["limit_why"] = goal.limit_why;
      fmt::print("{}\n", line.dump());
      return;
    }
    const auto number = [](double x) { return x > 0 ? fmt::format("{:.4g}", x) : std::string("-"); };
    const bool met = wanted <= 0 || (goal.lower_is_better ? value <= wanted : value >= wanted);
    fmt::print("{:<52} {:>10.4g} {:<13} {:>9} {:>9} {}{}\n", name, value, goal.unit,
               (wanted > 0 && goal.lower_is_better ? "<= " : "") + number(wanted), number(limit),
               met ? "" : "BELOW GOAL ", goal.limit_why.empty() ? "" : "(" + goal.limit_why + ")");
    std::fflush(stdout);
  }
};

}  // namespace

bool add(const std::string& name, Goal goal, Body body) {
  goals()[name] = std::move(goal);
  benchmark::RegisterBenchmark(
      name.c_str(), [body = std::move(body)](benchmark::State& state) { state.counters["quantity"] = body(state); });
  return true;
}

}  // namespace lightseed::bench

/// lightseed_bench [--json] [FILTER]: FILTER is a regular expression over the names.
int main(int argc, char** argv) {
  bool json = false;
  std::vector<std::string> arguments{argv[0]};
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::string_view(argv[i]).starts_with("--")) {
      arguments.emplace_back(argv[i]);
    } else {
      arguments.push_back(fmt::format("--benchmark_filter={}", argv[i]));
    }
  }
  std::vector<char*> pointers;
  for (std::string& argument : arguments)
    pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return 2;
  lightseed::bench::Reporter reporter(json);
  return benchmark::RunSpecifiedBenchmarks(&reporter) == 0 || reporter.failed() ? 1 : 0;
}
