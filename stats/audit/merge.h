// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "evidence/audit_part_record.h"
#include "evidence/audit_record.h"

namespace lightseed::stats {

/// The parts of one audit, made of shards of one file in any order, as the record of one audit of the whole file.
///
/// The first shard's part holds the digest of the whole file and of what each other shard should have read, so parts of
/// files that differ anywhere do not pass. Throws Error(usage) when a part is missing or there twice, or when parts are
/// of different audits (file, options, release), and Error(malformed) for one that cannot be what it says.
AuditRecord merge(std::vector<AuditPart> parts);

}  // namespace lightseed::stats
