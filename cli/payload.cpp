// SPDX-License-Identifier: Apache-2.0
#include "cli/payload.h"

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed::cli {

Payload::Payload(const Context& context, const std::string& target, AtomicFile::Mode mode) : console_(context.console) {
  if (target != "-") {
    file_.emplace(target, mode);
  } else if (context.json()) {
    throw Error(Category::usage, "--json and -o - would both write to stdout; give the output a file");
  } else if (context.console.settings().out_is_terminal) {
    throw Error(Category::usage, "stdout is a terminal; write to a file with -o FILE, or pipe the bytes on");
  }
}

void Payload::write(std::span<const std::byte> bytes) {
  if (file_) {
    file_->write(bytes);
    return;
  }
  // At once: what a source delivers slowly is not held back.
  console_.bytes().write(text_of(bytes).data(), static_cast<std::streamsize>(bytes.size())).flush();
}

void Payload::commit() {
  if (file_) file_->commit();
}

}  // namespace lightseed::cli
