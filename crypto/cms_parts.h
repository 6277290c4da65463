// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/der.h"

namespace lightseed {

/// An AuthEnvelopedData taken apart: views into it.
///
/// ContentInfo { type, [0] AuthEnvelopedData { version, recipients, EncryptedContentInfo { content type, algorithm,
/// [0] ciphertext }, tag } }
struct EnvelopeParts {
  std::span<const std::byte> version_and_recipients;      ///< two elements
  std::span<const std::byte> recipients;                  ///< content of the set
  std::span<const std::byte> content_type_and_algorithm;  ///< two elements
  std::span<const std::byte> ciphertext;
  std::span<const std::byte> tag;  ///< 16 bytes
};

namespace cms {

inline constexpr const char* oid_data = "1.2.840.113549.1.7.1";
inline constexpr const char* oid_signed_data = "1.2.840.113549.1.7.2";
inline constexpr const char* oid_auth_enveloped_data = "1.2.840.113549.1.9.16.1.23";  // RFC 5083 section 2
inline constexpr const char* oid_key_package = "1.2.840.113549.1.9.16.1.25";          // RFC 6031 section 2
inline constexpr std::size_t tag_bytes = 16;                                          // of AES-GCM

/// Reads an AlgorithmIdentifier that must be this one without parameters; NULL is the old way of having none.
void take_algorithm(DerReader algorithm, const char* oid, std::string_view name);

}  // namespace cms

/// Takes a whole file apart, strictly. Throws Error(verdict).
EnvelopeParts envelope_parts(std::span<const std::byte> der, std::string_view what);

/// The head of an AuthEnvelopedData: all that stands before `ciphertext` bytes. Behind them comes the tag as an OCTET
/// STRING.
Der envelope_head(const EnvelopeParts& parts, std::size_t ciphertext);

/// The same message without its content: what OpenSSL needs to find the content key. The ciphertext is not copied.
Der envelope_without_content(const EnvelopeParts& parts);

}  // namespace lightseed
