// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_source.h"

#include "core/error.h"

namespace lightseed {
namespace {

void require_ok(const Read& read) {
  if (read.state == ReadState::ok) return;
  const char* const more = read.state == ReadState::end_of_data ? ", too early for what was asked" : "";
  throw Error(category_of(read.state), read.detail + more);
}

}  // namespace

GatedSource::GatedSource(Source& source, const GateOptions& options)
    : source_(source), flow_(gated_flow(source, options)) {}

GatedSource::~GatedSource() {
  flow_->stop();
}

void GatedSource::start(const Patience& patience) {
  require_ok(flow_->start(patience));
}

void GatedSource::read(std::span<std::byte> out, const Patience& patience) {
  require_ok(flow_->read(out, patience));
  bytes_admitted_ += out.size();
}

void GatedSource::finish(const Patience& patience) {
  require_ok(flow_->finish(patience));
}

}  // namespace lightseed
