// SPDX-License-Identifier: Apache-2.0
#include "cli/report_file.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed::cli {

ReportFile::ReportFile(const Context& context, const std::string& option) {
  if (!context.has(option)) return;
  const std::string& path = context.text(option);
  if (path.empty()) throw Error(Category::usage, fmt::format("--{} wants the name of a file", option));
  if (path == "-") {
    out_ = &context.out();
  } else {
    file_.emplace(path, AtomicFile::Mode::open);
  }
}

void ReportFile::write(const std::string& text) {
  if (out_ != nullptr) *out_ << text;
  if (file_) {
    file_->write(text);
    file_->commit();
  }
}

}  // namespace lightseed::cli
