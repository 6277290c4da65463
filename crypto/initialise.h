// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed::crypto {

/// Prepares the process for secrets; main() calls it before anything else, once, before OpenSSL's first allocation and
/// before there are threads.
///
/// - OpenSSL wipes every piece of memory it gives back: what is decrypted and wrapped passes through its buffers.
/// - Its secure heap (1 MiB, locked, out of core dumps) holds private numbers: scalars, primes, their intermediates.
/// - It reads no configuration file: one named in OPENSSL_CONF could load foreign code into this process.
/// - OPENSSL_… leaves the environment, so that no program started from here is led astray by it either.
///
/// Without it everything works, less guarded: a program that uses the library may have its own ways.
void initialise();

/// The secure heap is there and locked.
bool secure_heap_is_locked() noexcept;

}  // namespace lightseed::crypto
