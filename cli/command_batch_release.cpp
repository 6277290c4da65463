// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "cli/batch_options.h"
#include "cli/ledger_change.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "provision/release.h"

namespace lightseed::cli {
namespace {

/// Signs a release where a key is given, and reads the one that is there where none is.
SealedRelease release_of(const Context& context, const TrustAnchor& trust) {
  const std::string& directory = context.text("directory");
  if (!context.has("signer")) {
    const SealedCertificate sealed = read_sealed_certificate(directory, trust);
    if (auto release = require_released(directory, sealed)) return std::move(*release);
    throw Error(Category::refused,
                fmt::format("batch {} was not issued under dual control: it waits for nobody's release",
                            sealed.reading.batch.id));
  }
  const std::time_t now = std::time(nullptr);
  const Signer releaser(context.text("signer"), context.text("signer-key"), now, ask_passphrase(context));
  Progress progress(context.console, "verifying");
  return release_batch(
      {.directory = directory,
       .now = now,
       .stop = context.stop,
       .progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, "bytes"); }},
      trust, releaser);
}

int run_batch_release(const Context& context) {
  if (context.has("signer") != context.has("signer-key"))
    throw Error(Category::usage, "--signer and --signer-key come together: a certificate and its key");
  if (!context.has("signer") && !context.has("ledger")) {
    throw Error(Category::usage, "nothing to do: --signer and --signer-key sign a release, --ledger enters one");
  }
  const auto trusted = TrustAnchor::read(context.text("trust"));
  // A ledger that cannot be had is found out before anything is signed.
  std::optional<TakenLedger> taken;
  if (context.has("ledger")) taken.emplace(take_ledger(context));
  const SealedRelease release = release_of(context, trusted);
  std::optional<bool> entered;
  if (taken) entered = enter_release(context.text("directory"), trusted, *taken->ledger);
  if (context.json()) {
    Json body{{"batch", release.record.batch},
              {"file", release_name(release.record.batch)},
              {"release_sha256", release.sha256},
              {"releaser", release.releaser},
              {"released", release.record.moment}};
    if (entered) body["entered_before"] = !*entered;
    context.print_json("batch-release", body);
  }
  context.note(fmt::format("batch {} is released by {} since {}{}", release.record.batch, release.releaser,
                           release.record.moment,
                           !entered   ? "; --ledger enters that: before, the ledger takes no answer of a side"
                           : *entered ? ", and the ledger knows"
                                      : " (entered before, nothing changed)"));
  return 0;
}

}  // namespace

Command batch_release_command() {
  Command command{
      .name = "batch release",
      .group = "Life of a batch",
      .summary = "let a batch go that was issued under dual control",
      .description =
          "For the second of two people. A batch that was issued with --releaser waits: its sides do not open it, and "
          "the ledger takes no answer of theirs. With --signer and --signer-key, which must be those that the "
          "certificate names and never the key that signed the batch, the batch is looked at as `batch verify` does "
          "and a signed release appears beside the certificate, as BATCH.release.json; send it along. With --ledger "
          "the release is entered there. One call does both, or each host one: the releaser's key need not be where "
          "the ledger is. The same call again changes nothing.\n"
          "An order in parts is released part by part.",
      .examples = {"lightseed batch release batch --trust signer.crt \\\n    --signer releaser.crt --signer-key "
                   "releaser.key --ledger ledger.db",
                   "lightseed batch release batch --trust signer.crt --ledger ledger.db"},
      .options = {{.name = "directory", .value = "DIR", .text = "the batch", .required = true}, trust_option()},
      .positional = {"directory"},
      .run = run_batch_release};
  for (auto& options : {signer_options("the release"), ledger_change_options()}) {
    for (Option option : options) {
      option.required = false;
      command.options.push_back(std::move(option));
    }
  }
  return command;
}

}  // namespace lightseed::cli
