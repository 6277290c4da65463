// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_source.h"

#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

void require_ok(const Read& read) {
  if (read.state != ReadState::ok) throw Error(category_of(read.state), read.detail);
}

}  // namespace

GatedSource::GatedSource(Source& source, double claim, GateOptions options)
    : reader_(source, claim, std::move(options)) {}

GatedSource::~GatedSource() {
  reader_.stop();
}

void GatedSource::start(const Patience& patience) {
  require_ok(reader_.start(patience));
}

void GatedSource::read(std::span<std::byte> out, const Patience& patience) {
  require_ok(reader_.read(out, patience));
  hash_.update(out);
  bytes_admitted_ += out.size();
}

}  // namespace lightseed
