// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <cstdint>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"

namespace {

using namespace lightseed;

/// Somebody's certificate on P-384; the fuzzer has no key for it.
constexpr std::string_view certificate =
    "MIIBrzCCATWgAwIBAgIUDWQT+iOm2vGIV1FTxFCy2Aa5Cy4wCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjcx"
    "MDI0MzdaGA8yMTI2MTEwMzEwMjQzN1owDzENMAsGA1UEAwwEZnV6ejB2MBAGByqGSM49AgEGBSuBBAAiA2IABIua34BqYW9Oo37h"
    "sCOAv251ZiwtEHy4e/glOFLF+IYaBY2vDgiL46wRkd6YzN3cPwrHW9VttYyAe8fHiQ7aWrNnDNgtSgcYLL2qLNFqYDp+4BpIrqoz"
    "FFcc+93MAJoz/6NQME4wHQYDVR0OBBYEFIjWziitI7U/rpfZwyPslpNnta2hMB8GA1UdIwQYMBaAFIjWziitI7U/rpfZwyPslpNn"
    "ta2hMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDaAAwZQIxALJIIs4LHd1wZfYBG7nbh0HnyMA5wxfgLIX6kv6SrlAPqKZCctu5"
    "mmxP5jz3ezqHTgIwWm45ArBdp7OpXtMa5/rZIaglVTPi4KqfC9Cz7UVgRDAUnVoBL0Xd+BwwktjMIoJ0";

const TrustAnchor& anchor() {
  static const TrustAnchor trust(X509Certificate::from_der(bytes_of(*from_base64(certificate)), "fuzzed"));
  return trust;
}

}  // namespace

/// An envelope from anybody: without the key nothing ever opens, and base64 has one spelling.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(std::as_bytes(std::span(data, size)));
  if (const auto bytes = from_base64(text); bytes && base64(bytes_of(*bytes)) != text) __builtin_trap();
  try {
    (void)unseal("text/x", text, anchor(), {.malleability = Malleability::allow});
    __builtin_trap();
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
