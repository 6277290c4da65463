// SPDX-License-Identifier: Apache-2.0
#include "driver/usb/device_kind.h"

#include <algorithm>
#include <cctype>

namespace lightseed {

bool UsbMatch::fits(std::uint16_t v, std::uint16_t p, const std::string& product_text,
                    const std::string& serial) const {
  return v == vendor && p == product && product_text.find(product_contains) != std::string::npos &&
         serial.starts_with(serial_prefix);
}

bool DeviceKind::fits(const UsbUnit& unit) const {
  return std::any_of(matches.begin(), matches.end(), [&](const UsbMatch& match) {
    return match.fits(unit.vendor, unit.product, unit.product_text, unit.serial_text);
  });
}

bool DeviceKind::fits(const UsbDescription& description) const {
  return std::any_of(matches.begin(), matches.end(), [&](const UsbMatch& match) {
    return match.fits(description.vendor, description.product, description.product_text, description.serial_text);
  });
}

bool says_emulated(const std::string& product_text) {
  std::string upper = product_text;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper.find("EMULATED") != std::string::npos || upper.find("SIMULATED") != std::string::npos;
}

MinEntropy unassessed_claim(SourceUri& uri, double bits, unsigned sample_bits) {
  MinEntropy claim;
  claim.basis = MinEntropy::Basis::stated;
  claim.bits_per_sample = uri.take_number("entropy", bits, 0, sample_bits);
  if (uri.has("entropy")) {
    claim.method = "stated by the operator in the source's name";
    return claim;
  }
  claim.method = "conservative default: this unit has not been assessed, and the vendor's claim is no basis";
  claim.assumptions = {"the unit behaves as its kind should; assess a capture of it and give assessment=FILE"};
  return claim;
}

}  // namespace lightseed
