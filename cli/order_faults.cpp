// SPDX-License-Identifier: Apache-2.0
#include "cli/order_faults.h"

namespace lightseed::cli {

Json order_faults_json(const std::string& file, std::span<const OrderFault> faults) {
  Json all = Json::array();
  for (const OrderFault& fault : faults)
    all.push_back({{"file", file}, {"line", fault.line}, {"column", fault.column}, {"reason", fault.reason}});
  return all;
}

}  // namespace lightseed::cli
