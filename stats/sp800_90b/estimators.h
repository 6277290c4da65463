// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stats/sp800_90b/estimator.h"

namespace lightseed::sp800_90b {

/// All of 6.3, in the standard's order.
std::span<const Estimator> estimators();

/// nullptr for an unknown id.
const Estimator* find_estimator(std::string_view id);

/// Their ids, in that order.
std::span<const std::string_view> estimator_ids();

/// Those that take one pass and no memory to speak of: a screen, and what sees every sample of a long input.
std::span<const std::string_view> one_pass_ids();

/// Whether `id` is asked for: nothing in `only` asks for all.
bool wanted(std::string_view id, const std::vector<std::string>& only);

/// Throws Error(usage) with the list for an id that nobody has.
void check_ids(const std::vector<std::string>& only);

/// The estimate of an estimator that needs more data.
Estimate too_short(const Estimator& estimator);

}  // namespace lightseed::sp800_90b
