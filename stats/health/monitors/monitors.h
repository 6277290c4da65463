// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/health_record.h"
#include "stats/health/health_test.h"
#include "stats/health/reference.h"

namespace lightseed::health {

/// The monitors of a source that has a model: what RCT and APT of SP 800-90B cannot see. Each is a file of this folder
/// and a line in model_monitors.cpp, and judges blocks of 65,536 samples (block_monitor.h). `alpha_log2` is the rate of
/// false alarms a block, at most, of a source that is as the reference says.

std::unique_ptr<HealthTest> mean_monitor(const Reference& reference, double alpha_log2);
std::unique_ptr<HealthTest> variance_monitor(const Reference& reference, double alpha_log2);
/// Correlation of lags 1 to 32: the largest difference from the reference's.
std::unique_ptr<HealthTest> correlation_monitor(const Reference& reference, double alpha_log2);
/// A line in the power spectrum.
std::unique_ptr<HealthTest> spectrum_monitor(const Reference& reference, double alpha_log2);
/// The share of ones in each bit of the code.
std::unique_ptr<HealthTest> bit_bias_monitor(const Reference& reference, double alpha_log2);
/// The share of the two end codes.
std::unique_ptr<HealthTest> saturation_monitor(const Reference& reference, double alpha_log2);
/// The same samples twice. Nothing for a claim so low that pieces of a thousand samples could be alike by chance.
inline constexpr double least_claim_for_replay = 0.0625;
std::unique_ptr<HealthTest> replay_monitor(const Reference& reference, double alpha_log2);
/// Small lasting changes of mean and variance: cumulated sums.
std::unique_ptr<HealthTest> drift_monitor(const Reference& reference, double alpha_log2);

/// A code that never comes, and two neighbouring bits exchanged.
std::unique_ptr<HealthTest> codes_monitor(const Reference& reference, double alpha_log2);

/// All that make sense for the source, in the table's order.
std::vector<std::unique_ptr<HealthTest>> model_monitors(const Reference& reference);

/// The record is of one of model_monitors().
bool is_model_monitor(std::string_view id);

/// Names of the monitors that a source of so many bits a sample and such a claim has, in the order of its record.
std::vector<std::string_view> model_monitor_names(unsigned bits, double claim);

/// These are the monitors of such a source: all of them, or all that there were before codes_monitor() was.
bool are_model_monitors(std::span<const std::string_view> names, unsigned bits, double claim);
/// The one that records of before do not have.
inline constexpr std::string_view youngest_monitor = "model-codes";

/// What is wrong with such a record at a gate that was open: a window or rate that is not its own, readings that are
/// missing or contradict each other, a reading at which the gate would have closed. One sentence a fault.
std::vector<std::string> faults_of_model_monitor(const HealthTestRecord& record);

}  // namespace lightseed::health
