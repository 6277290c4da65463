// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "provision/certificate_log.h"

namespace lightseed::cli {
namespace {

int run_ledger_head(const Context& context) {
  const std::time_t now = std::time(nullptr);
  const Signer signer(context.text("signer"), context.text("signer-key"), now, ask_passphrase(context));
  std::optional<LogHeadRecord> before;
  if (context.has("since")) before = read_log_head(context.text("since"), TrustAnchor(signer.certificate())).record;
  const auto ledger = open_ledger(context.text("ledger"), {});
  const LogHeadRecord head = log_head_of(*ledger, before, now);
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::open);
  out.write(bytes_of(seal_log_head(head, signer)));
  out.commit();
  if (context.json()) {
    Json body{{"file", target}, {"ledger", to_json(head.position)}, {"size", head.size}, {"root", head.root}};
    if (before) body["grew_from"] = before->size;
    context.print_json("ledger-head", body);
  }
  context.note(fmt::format("head of a log of {}: {}; give it to who should be able to say later what was issued",
                           counted(head.size, "certificate"), head.root));
  if (!before) context.note("that the log only grew cannot be seen from it: --since takes the head before it");
  return 0;
}

}  // namespace

Command ledger_head_command() {
  Command command{
      .name = "ledger head",
      .group = "The ledger",
      .summary = "sign the head of the log of certificates",
      .description =
          "The certificates that a ledger issued are a log, an append-only Merkle tree (RFC 6962). This signs how many "
          "there are and the root over them. Export one each day to somewhere the issuing host cannot reach. With "
          "--since it also carries the hashes by which everybody sees that the log grew from an earlier head, and "
          "signs nothing where it did not: a ledger that was cut off, rewritten or put back is found out.",
      .examples = {"lightseed ledger head --ledger ledger.db --signer signer.crt \\\n    --signer-key signer.key "
                   "--since monday.json -o tuesday.json"},
      .options = {{.name = "ledger", .value = "DB", .text = "the ledger", .required = true},
                  {.name = "since", .value = "FILE", .text = "an earlier head by the same signer"},
                  {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or -", .required = true}},
      .run = run_ledger_head};
  for (Option& option : signer_options("the head"))
    command.options.push_back(std::move(option));
  return command;
}

}  // namespace lightseed::cli
