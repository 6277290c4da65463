// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stats/input/form.h"

/// One function a form, each in a file of its own; form.cpp has the table.
namespace lightseed::stats::sample_forms {

using Head = std::span<const std::byte>;
using DecoderOwner = std::unique_ptr<FormDecoder>;

DecoderOwner raw(const InputOptions& options, Head head);

DecoderOwner int8(const InputOptions& options, Head head);
DecoderOwner int16(const InputOptions& options, Head head);
DecoderOwner int32(const InputOptions& options, Head head);

DecoderOwner packed10(const InputOptions& options, Head head);
DecoderOwner packed12(const InputOptions& options, Head head);

bool is_npy(Head head);
DecoderOwner npy(const InputOptions& options, Head head);

bool is_wav(Head head);
DecoderOwner wav(const InputOptions& options, Head head);

bool is_digits(Head head);
DecoderOwner digits(const InputOptions& options, Head head);

bool is_hex(Head head);
DecoderOwner hex(const InputOptions& options, Head head);

bool is_csv(Head head);
DecoderOwner csv(const InputOptions& options, Head head);

}  // namespace lightseed::stats::sample_forms
