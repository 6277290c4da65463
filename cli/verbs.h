// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

/// Every verb, in the order people meet them. A new verb is a file command_<name>.cpp that defines
/// `Command <name>_command()`, and its line here: nothing else.
#define LIGHTSEED_VERBS(VERB) \
  VERB(devices)               \
  VERB(capture)               \
  VERB(calibrate)             \
  VERB(monitor)               \
  VERB(generate)              \
  VERB(extract)               \
  VERB(assess)                \
  VERB(assess_iid)            \
  VERB(assess_restart)        \
  VERB(assess_conditioning)   \
  VERB(assess_cutoffs)        \
  VERB(audit)                 \
  VERB(keys_new)              \
  VERB(order_check)           \
  VERB(batch_issue)           \
  VERB(batch_watch)           \
  VERB(batch_verify)          \
  VERB(batch_show)            \
  VERB(batch_open)            \
  VERB(batch_export)          \
  VERB(batch_find)            \
  VERB(batch_status)          \
  VERB(batch_release)         \
  VERB(batch_time_stamp)      \
  VERB(batch_receipt)         \
  VERB(batch_ack)             \
  VERB(batch_used)            \
  VERB(batch_topup)           \
  VERB(batch_revoke)          \
  VERB(batch_destroy)         \
  VERB(batch_prove)           \
  VERB(batch_check_proof)     \
  VERB(ledger_verify)         \
  VERB(ledger_backup)         \
  VERB(ledger_restore)        \
  VERB(ledger_notify)         \
  VERB(ledger_head)           \
  VERB(ledger_prove)          \
  VERB(ledger_check_head)     \
  VERB(config)

namespace lightseed::cli {

#define LIGHTSEED_DECLARE_VERB(name) Command name##_command();
LIGHTSEED_VERBS(LIGHTSEED_DECLARE_VERB)
#undef LIGHTSEED_DECLARE_VERB

}  // namespace lightseed::cli
