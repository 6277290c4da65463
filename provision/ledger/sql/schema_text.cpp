// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/schema_text.h"

namespace lightseed {
namespace {

// Of schemas 1 to 5, behind their table `batch`. delivery's primary key is the promise "at most once"; the partial
// index is the promise "one live batch an order".
constexpr const char* block_tables = R"sql(
CREATE UNIQUE INDEX one_live_batch_per_order ON batch (order_id) WHERE state <> 'BURNED';
CREATE TABLE block (
  id BLOB PRIMARY KEY,
  batch TEXT NOT NULL REFERENCES batch (id),
  iccid TEXT NOT NULL,
  charge INTEGER NOT NULL,
  file INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  UNIQUE (iccid, charge)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_batch ON block (batch);
CREATE TABLE delivery (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* history_tables = R"sql(
CREATE TABLE ledger (
  id TEXT PRIMARY KEY,
  created TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  moment TEXT NOT NULL,
  what TEXT NOT NULL,
  batch TEXT NOT NULL,
  subject TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  blocks_sha256 TEXT NOT NULL,
  previous_digest TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL UNIQUE
) STRICT;
)sql";

constexpr const char* batch_table_2 = R"sql(
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
)sql";

// Of schema 6. A block names its batch by a small number: by the 36 letters of the batch's id, which stood in it, in
// its delivery and in an index, ten million SIMs took a gigabyte more. All other tables name the id, and so does the
// history: the number is of this database alone.
constexpr const char* batch_tables_6 = R"sql(
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_live_batch_per_order ON batch (order_id) WHERE state <> 'BURNED';
CREATE TABLE block (
  id BLOB PRIMARY KEY,
  batch INTEGER NOT NULL REFERENCES batch (number),
  iccid TEXT NOT NULL,
  charge INTEGER NOT NULL,
  file INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  UNIQUE (iccid, charge)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_batch ON block (batch);
CREATE TABLE delivery (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch INTEGER NOT NULL REFERENCES batch (number)
) STRICT, WITHOUT ROWID;
)sql";

// What schema 3 adds to schema 2: a batch's SIMs as its history vouches for them (provision/ledger/allotment.h).
constexpr const char* allotment_tables = R"sql(
CREATE TABLE allotment (
  batch TEXT PRIMARY KEY REFERENCES batch (id),
  pages BLOB NOT NULL
) STRICT;
CREATE TABLE allotment_page (
  batch TEXT NOT NULL REFERENCES allotment (batch),
  page INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (batch, page)
) STRICT;
)sql";

// What schema 4 adds to schema 3: what became of blocks once their batch was issued (provision/ledger/life.h). Each row
// names the event that tells of it.
constexpr const char* life_tables = R"sql(
CREATE TABLE answer (
  batch TEXT NOT NULL REFERENCES batch (id),
  outlet TEXT NOT NULL,
  receipt_sha256 TEXT NOT NULL UNIQUE,
  leaves_sha256 TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (sequence),
  PRIMARY KEY (batch, outlet)
) STRICT;
CREATE TABLE ending (
  block BLOB PRIMARY KEY REFERENCES block (id),
  batch TEXT NOT NULL REFERENCES batch (id),
  state TEXT NOT NULL CHECK (state IN ('REJECTED', 'REVOKED')),
  event INTEGER NOT NULL REFERENCES event (sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX ending_by_event ON ending (event);
CREATE INDEX ending_by_batch ON ending (batch, state);
CREATE TABLE used (
  block BLOB NOT NULL REFERENCES block (id),
  first INTEGER NOT NULL CHECK (first >= 0),
  last INTEGER NOT NULL CHECK (last >= first),
  batch TEXT NOT NULL REFERENCES batch (id),
  event INTEGER NOT NULL REFERENCES event (sequence),
  PRIMARY KEY (block, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_by_event ON used (event);
CREATE INDEX used_by_batch ON used (batch, block);
CREATE TABLE destruction (
  batch TEXT PRIMARY KEY REFERENCES batch (id),
  record_sha256 TEXT NOT NULL,
  event INTEGER NOT NULL REFERENCES event (sequence)
) STRICT;
)sql";

// What schema 5 adds to schema 4: messages to other programs (provision/ledger/message.h). `delivered` is a moment, or
// empty while the message waits.
constexpr const char* outbox_tables = R"sql(
CREATE TABLE outbox (
  event INTEGER NOT NULL REFERENCES event (sequence),
  part INTEGER NOT NULL CHECK (part >= 0),
  outlet TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  sims INTEGER NOT NULL,
  first_iccid TEXT NOT NULL,
  last_iccid TEXT NOT NULL,
  delivered TEXT NOT NULL,
  PRIMARY KEY (event, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (event, part) WHERE delivered = '';
)sql";

constexpr const char* schema_1 = R"sql(
CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  order_id TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('GENERATED', 'CERTIFIED', 'ISSUED', 'BURNED')),
  directory TEXT NOT NULL,
  staging TEXT NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  certificate_sha256 TEXT NOT NULL DEFAULT '',
  created TEXT NOT NULL,
  changed TEXT NOT NULL
) STRICT;
)sql";

}  // namespace

std::string schema_text(std::int64_t version) {
  if (version == oldest_schema_version) return std::string(schema_1) + block_tables;
  std::string text = history_tables;
  text += version >= first_schema_with_batch_numbers ? batch_tables_6 : std::string(batch_table_2) + block_tables;
  if (version >= first_schema_with_allotments) text += allotment_tables;
  if (version >= first_schema_with_lives) text += life_tables;
  if (version >= first_schema_with_outbox) text += outbox_tables;
  return text;
}

std::string schema_additions(std::int64_t from) {
  std::string text;
  if (from < first_schema_with_allotments) text += allotment_tables;
  if (from < first_schema_with_lives) text += life_tables;
  if (from < first_schema_with_outbox) text += outbox_tables;
  return text;
}

std::string batch_tables_text() {
  return batch_tables_6;
}

}  // namespace lightseed
