#pragma once

#include <string>
#include <string_view>

#include "crypto/signer.h"

namespace lightseed {

/// DSSE envelopes (Dead Simple Signing Envelope v1) around JSON: the exact body bytes are signed and shipped, so
/// no canonical JSON is needed.

/// What is signed: "DSSEv1" SP len(type) SP type SP len(body) SP body.
std::string pre_authentication_encoding(std::string_view type, std::string_view body);

/// An envelope with one signature, as a JSON text that ends in a newline. The keyid is the certificate's fingerprint.
std::string seal(std::string_view type, std::string_view body, const Signer& signer);

/// The body of an envelope of this type signed by `trusted`.
///
/// Strict on purpose: the text must be byte for byte what seal() writes, so that no byte of the file can change
/// unnoticed, signed or not. Throws Error(verdict) that says what is wrong.
std::string unseal(std::string_view type, std::string_view envelope, const X509Certificate& trusted);

}  // namespace lightseed
