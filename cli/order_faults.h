// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/json.h"
#include "provision/order/fault.h"

namespace lightseed::cli {

/// Faults of an order as every verb prints them: an array of file, line, column, reason.
Json order_faults_json(const std::string& file, std::span<const OrderFault> faults);

}  // namespace lightseed::cli
