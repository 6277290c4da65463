// SPDX-License-Identifier: Apache-2.0
#include "stats/health/record_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.h"
#include "stats/health/cutoffs.h"
#include "stats/health/dark_check.h"
#include "stats/health/false_alarms.h"
#include "stats/health/gate.h"
#include "stats/health/standard_tests.h"

namespace lightseed::health {
namespace {

/// A monitor that is said to cry more often than once in so many windows is no monitor; and a high rate would make
/// every alarm look like chance.
constexpr double most_monitor_rate_log2 = -20;
/// Two years at a gigasample a second.
constexpr std::uint64_t most_samples = std::uint64_t{1} << 56;
/// The rates come from a library's binomial distribution, which need not round alike everywhere.
constexpr double rate_tolerance = 1e-6;

class Judgement {
 public:
  Judgement(const HealthRecord& record, const SampleFormat& format) : record_(record), format_(format) {}

  std::vector<std::string> all(double claim) {
    settings(claim);
    if (faults_.empty()) tests();
    counts();
    alarms();
    return std::move(faults_);
  }

 private:
  const HealthRecord& record_;
  const SampleFormat& format_;
  std::vector<std::string> faults_;

  template <typename... Parts>
  void unless(bool good, fmt::format_string<Parts...> text, Parts&&... parts) {
    if (!good) faults_.push_back(fmt::format(text, std::forward<Parts>(parts)...));
  }

  void settings(double claim) {
    unless(record_.standard == standard, "the health tests' standard is {:.80}, and only {} is known", record_.standard,
           standard);
    // Cut-offs for more entropy than is claimed are stricter; for less they would let a sick source pass.
    unless(record_.claim >= claim, "the health tests assume {} bits a sample, the claim is {}", record_.claim, claim);
    unless(record_.claim > 0 && record_.claim <= format_.bits, "the health tests assume {} bits in a sample of {} bits",
           record_.claim, format_.bits);
    unless(record_.alpha_log2 >= least_alpha_log2 && record_.alpha_log2 <= most_alpha_log2,
           "the health tests' false-alarm rate of 2^{} is not from 2^{} to 2^{} (SP 800-90B 4.4.1)", record_.alpha_log2,
           least_alpha_log2, most_alpha_log2);
  }

  void same_test(std::size_t index, const HealthTestRecord& wanted) {
    if (index >= record_.tests.size() || record_.tests[index].id != wanted.id) {
      faults_.push_back(fmt::format("the {} test is missing", wanted.id));
      return;
    }
    const HealthTestRecord& said = record_.tests[index];
    unless(said.readings == wanted.readings, "the {} test has no such readings", wanted.id);
    unless(said.window == wanted.window, "the {} window is {}, not {}", wanted.id, said.window, wanted.window);
    unless(said.cutoff == wanted.cutoff, "the {} cut-off does not follow from the claim and alpha", wanted.id);
    unless(said.alpha_log2.has_value() == wanted.alpha_log2.has_value() &&
               std::abs(said.alpha_log2.value_or(0) - wanted.alpha_log2.value_or(0)) < rate_tolerance,
           "the {} test's false-alarm rate does not follow from its cut-off", wanted.id);
  }

  void tests() {
    const Tests wanted = standard_tests(format_, record_.claim, record_.alpha_log2);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      same_test(i, wanted[i]->record());
    std::set<std::string> names;
    for (std::size_t i = 0; i < record_.tests.size(); ++i) {
      const HealthTestRecord& test = record_.tests[i];
      unless(names.insert(test.id).second, "the health test {} stands there twice", test.id);
      unless(i < wanted.size() || !test.alpha_log2 || *test.alpha_log2 <= most_monitor_rate_log2,
             "the health test {} is said to raise false alarms at a rate of 2^{}", test.id,
             test.alpha_log2.value_or(0));
    }
  }

  void counts() {
    unless(record_.start_up_samples >= 1024, "the start-up test had {} samples, fewer than 1024",
           record_.start_up_samples);
    unless(record_.start_up_samples % adaptive_proportion_window(format_.bits) == 0,
           "a start-up test has whole windows, and {} samples are none", record_.start_up_samples);
    unless(record_.start_up_samples <= most_samples && record_.samples_admitted <= most_samples &&
               record_.samples_discarded <= most_samples,
           "nobody reads more than 2^56 samples");
    const auto in_use = [](const auto& event) { return !event.at_start_up; };
    const auto ended = std::count_if(record_.alarms.begin(), record_.alarms.end(), in_use) +
                       std::count_if(record_.recoveries.begin(), record_.recoveries.end(), in_use);
    const auto wanted =
        static_cast<std::uint64_t>(ended) + (record_.running ? 1 : 0) + interrupting_dark_checks_in(record_.tests);
    unless(record_.start_up_tests_passed == wanted,
           "{} start-up tests were passed; the recoveries, alarms and looks in the dark on record ask for {}",
           record_.start_up_tests_passed, wanted);
    unless(record_.samples_admitted == 0 || record_.start_up_tests_passed > 0,
           "samples were admitted before any start-up test was passed");
  }

  /// Doubles are exact enough: the bound is generous, and a liar's numbers may be near 2^64.
  [[nodiscard]] double most_samples_seen() const {
    const auto failed = std::count_if(record_.alarms.begin(), record_.alarms.end(),
                                      [](const HealthAlarm& alarm) { return alarm.at_start_up; });
    return static_cast<double>(record_.samples_admitted) + static_cast<double>(record_.samples_discarded) +
           static_cast<double>(record_.start_up_samples) *
               (static_cast<double>(record_.start_up_tests_passed) + static_cast<double>(failed));
  }

  void alarms() {
    AlarmHistory history(false_alarms_per_sample(record_.tests));
    const double most_seen = most_samples_seen();
    std::optional<std::uint64_t> last;
    for (const HealthAlarm& alarm : record_.alarms) {
      unless(std::any_of(record_.tests.begin(), record_.tests.end(),
                         [&](const HealthTestRecord& test) { return test.id == alarm.test; }),
             "an alarm is on record of a test that is not");
      unless(!last || alarm.sample > *last, "the alarms are not in the order of their samples");
      unless(static_cast<double>(alarm.sample) <= most_seen, "an alarm is on record at sample {}, after the last one",
             alarm.sample);
      // The alarm that makes a failure persistent is the last one: the gate stays closed.
      if (history.persistent()) break;
      if (!last || alarm.sample > *last) history.add(alarm.sample);
      last = alarm.sample;
    }
    const bool closed = !record_.running && !record_.alarms.empty() && last == record_.alarms.back().sample;
    unless(!history.persistent() || closed, "{} health alarms are on record, more than a healthy source has by chance",
           record_.alarms.size());
  }
};

}  // namespace

std::vector<std::string> faults_of(const HealthRecord& record, double claim, const SampleFormat& format) try {
  return Judgement(record, format).all(claim);
} catch (const Error& e) {
  return {fmt::format("the health record cannot be right: {}", e.what())};
}

}  // namespace lightseed::health
