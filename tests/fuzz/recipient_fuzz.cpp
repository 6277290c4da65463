// SPDX-License-Identifier: Apache-2.0
#include "crypto/recipient.h"

#include <ctime>

#include "core/error.h"
#include "evidence/object_reader.h"
#include "tests/fuzz/as_file.h"

/// A recipient's certificate file, PEM or DER, from anybody: refused, or something was encrypted for it and what the
/// evidence says of it can be read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  constexpr std::time_t within_the_corpus = 1'800'000'000;  // 2027: its certificates are valid then
  const test::AsFile file(data, size);
  try {
    const Recipient recipient = Recipient::read(file.path(), within_the_corpus);
    const Json said = to_json(recipient.record());
    if (to_json(recipient_record_from(ObjectReader(said, ""))) != said) __builtin_trap();
  } catch (const Error& e) {
    if (e.category() == Category::internal || e.category() == Category::crypto) __builtin_trap();
  }
  return 0;
}
