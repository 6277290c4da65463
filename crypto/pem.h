// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// One encapsulated text of a PEM file (RFC 7468): its label and where its base64 stands.
struct PemBlock {
  std::string label;        ///< "CERTIFICATE", "PRIVATE KEY", …
  std::string_view base64;  ///< a view into the text it was found in, with line ends
  bool encrypted = false;   ///< the old way, by a header "Proc-Type: 4,ENCRYPTED"
};

/// All of them, in their order; text around them is passed over, as everybody does. A block without an end is none.
std::vector<PemBlock> find_pem(std::string_view text);

/// What a file that was taken for `wanted` ("a certificate") looks like, as the end of a sentence that begins with the
/// file's name: "is a private key, not a certificate". Never a reason of OpenSSL's.
std::string what_it_is_instead(std::string_view content, const std::vector<PemBlock>& blocks, std::string_view wanted);

}  // namespace lightseed
