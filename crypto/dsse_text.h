// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// The text of a DSSE envelope, to the byte: written by a template and taken apart by cutting along it. No JSON parser
/// sees a text before its signature was checked, so a hostile one costs no memory.

/// One entry of "signatures", in base64 as it stands there.
struct SignatureText {
  std::string_view keyid, signature;
  std::optional<std::string_view> certificate;
};

/// An envelope, taken apart or about to be written. Views into somebody else's text.
struct EnvelopeFields {
  std::string_view payload;  ///< base64
  SignatureText first;
  std::vector<SignatureText> further{};  ///< at most two
};

/// The envelope as written, with one space a level. Nothing in it needs escaping: base64, hexadecimal, and a type of
/// this program's.
std::string envelope_text(std::string_view type, const EnvelopeFields& fields);

/// The inverse; nothing where `envelope` is not byte for byte what envelope_text() would write for this type.
std::optional<EnvelopeFields> cut_envelope(std::string_view type, std::string_view envelope);

}  // namespace lightseed
