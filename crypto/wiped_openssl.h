#pragma once

namespace lightseed::cli {

/// Makes OpenSSL wipe every piece of memory it gives back: key packages pass through its buffers in the clear.
/// Must run before OpenSSL's first allocation.
void wipe_openssl_memory();

}  // namespace lightseed::cli
