// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/batch_options.h"
#include "cli/calibration_options.h"
#include "cli/issue_plan.h"
#include "cli/key_options.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "cli/waiting.h"
#include "cli/words.h"
#include "provision/issue.h"
#include "provision/issue_order.h"
#include "provision/release.h"

namespace lightseed::cli {
namespace {

Json to_json(const IssueResult& result) {
  Json files = Json::array();
  for (const KeyFile& file : result.files) {
    files.push_back({{"name", file.name},
                     {"side", file.outlet},
                     {"sha256", file.sha256},
                     {"bytes", file.bytes},
                     {"blocks", file.blocks}});
  }
  Json body{{"batch", result.batch},
            {"already_issued", result.already_issued},
            {"directory", result.directory.string()},
            {"purpose", result.purpose},
            {"provenance", name_of(result.provenance)}};
  if (const auto words = banner(result.provenance); !words.empty()) body["banner"] = words;
  body["key_bytes_total"] = result.key_bytes;
  body["merkle_root"] = result.merkle_root;
  body["certificate"] = result.certificate;
  if (!result.already_issued) body["ledger"] = to_json(result.ledger);
  body["files"] = files;
  if (result.audit) {
    body["audit"] = {{"name", result.audit->name},
                     {"sha256", result.audit->sha256},
                     {"bytes", result.audit->bytes},
                     {"bits", result.audit->says.bits},
                     {"first_bits", result.audit->says.first_bits},
                     {"verdict", name_of(result.audit->says.verdict())}};
  }
  return body;
}

/// Whom the batch is for: one option an outlet.
std::vector<OutletRequest> recipients_of(const Context& context, std::time_t now) {
  std::vector<OutletRequest> recipients;
  for (const Outlet& outlet : outlets()) {
    const std::string option = recipient_option(outlet).name;
    if (context.has(option))
      recipients.push_back({std::string(outlet.name), Recipient::read(context.text(option), now)});
  }
  return recipients;
}

/// Who signs too, where that is asked for: each certificate with the key that has its place.
std::vector<FurtherSigner> further_signers_of(const Context& context, std::time_t now, const AskPassphrase& ask) {
  const std::vector<std::string> certificates = context.options.texts("second-signer");
  const std::vector<std::string> keys = context.options.texts("second-signer-key");
  if (certificates.size() != keys.size()) {
    throw Error(Category::usage,
                fmt::format("--second-signer and --second-signer-key come together, a certificate and its key: there "
                            "are {} and {}",
                            counted(certificates.size(), "certificate"), counted(keys.size(), "key")));
  }
  std::vector<FurtherSigner> signers;
  for (std::size_t i = 0; i < certificates.size(); ++i)
    signers.emplace_back(certificates[i], keys[i], now, ask);
  require_together(signers);
  return signers;
}

/// An order of more SIMs is cut into parts though nobody asked for it: the certificate of a batch lists its files.
constexpr std::uint64_t most_sims_a_batch = 1'000'000;

/// How many SIMs a part has; nothing for an order that becomes one batch.
std::optional<std::uint64_t> sims_a_part(const Context& context, const IssueRequest& request) {
  if (context.has("part-sims")) return context.options.count("part-sims");
  if (request.order.lines.size() > most_sims_a_batch) return most_sims_a_batch;
  return std::nullopt;
}

Json to_json(const OrderIssueResult& result, const std::string& order_id) {
  Json body{{"order", order_id},
            {"parts", result.parts},
            {"parts_issued_before", result.issued_before},
            {"directory", result.directory.string()},
            {"purpose", result.purpose},
            {"provenance", name_of(result.provenance)}};
  if (const auto words = banner(result.provenance); !words.empty()) body["banner"] = words;
  body["sims"] = result.sims;
  body["key_bytes_total"] = result.key_bytes;
  body["merkle_root"] = result.merkle_root;
  body["certificate"] = result.certificate;
  return body;
}

/// Whom what was issued waits for, and that it does.
void tell_held(const Context& context, std::string_view releaser, std::string_view what) {
  if (releaser.empty()) return;
  context.warn(
      fmt::format("HELD: {} until {} releases it (`lightseed batch release`); before, its sides open nothing "
                  "and the ledger takes no answer of theirs",
                  what, releaser));
}

void tell(const Context& context, const IssueResult& result, std::size_t sims) {
  if (context.json()) context.print_json("batch-issue", to_json(result));
  if (const auto words = banner(result.provenance); !words.empty()) context.warn(std::string(words));
  context.note(fmt::format("{} {} in {}: {}, {} of keys, {}, Merkle root {}",
                           result.already_issued ? "issued before, nothing generated: batch" : "batch", result.batch,
                           result.directory.string(), counted(sims, "SIM"), counted(result.key_bytes, "byte"),
                           counted(result.files.size(), "file"), result.merkle_root));
  if (result.audit) context.note("audit of the keys: " + words_for(result.audit->says));
}

void tell(const Context& context, const OrderIssueResult& result, const std::string& order_id) {
  if (context.json()) context.print_json("batch-issue-order", to_json(result, order_id));
  if (const auto words = banner(result.provenance); !words.empty()) context.warn(std::string(words));
  context.note(fmt::format("order {} in {}: {}, {} of them issued before, {}, {} of keys, Merkle root {}", order_id,
                           result.directory.string(), counted(result.parts, "part"), result.issued_before,
                           counted(result.sims, "SIM"), counted(result.key_bytes, "byte"), result.merkle_root));
}

int run_batch_issue(const Context& context) {
  Waiting waiting(context, longest_wait(context));
  const auto& path = [&](const char* name) -> const std::string& { return context.text(name); };
  if (path("output") == "-") {
    throw Error(Category::usage, "a batch is a directory of several files: -o names it, and - would be stdout");
  }
  const std::time_t now = std::time(nullptr);
  const AskPassphrase ask = ask_passphrase(context);
  // Everything a person can get wrong is looked at before a device is touched.
  IssueRequest request{
      .order = read_order(path("order"), order_id_of(context)),
      .keys_per_sim = context.options.count("keys-per-sim"),
      .key_bytes = context.options.count("key-bytes"),
      .outlets = recipients_of(context, now),
      .signer = Signer(path("signer"), path("signer-key"), now, ask),
      .further_signers = further_signers_of(context, now, ask),
      .releaser = context.has("releaser") ? std::optional(X509Certificate::read(path("releaser"), ask)) : std::nullopt,
      .ledger = path("ledger"),
      .directory = path("output"),
      .log2_epsilon = static_cast<double>(log2_epsilon(context)),
      .extractor = context.text("extractor"),
      .prefer = preference_from(context.text("prefer")),
      .expansion = expansion_settings(context),
      .seed_source = context.options.text_or("seed-source", ""),
      .iid_claim = context.has("iid-claim"),
      .calibration_binds = calibration_binds(context),
      .top_up = context.has("top-up"),
      .without_ledger_memory = context.has("accept-missing-head"),
      .audit = context.has("audit"),
      .unlocked_memory = context.has("allow-unlocked-memory")};
  for (const std::string& notice : request.order.notices)
    context.note(fmt::format("{}: {}", path("order"), notice));
  // First raw samples are waited for, then SIMs come.
  std::optional<Progress> tested, issuing;
  const IssueServices services{.open_source =
                                   [&] {
                                     tested.emplace(context.console, "testing and assessing the source");
                                     return open_source(context, path("source"));
                                   },
                               .open_seed_source = [&] { return context.sources.open(path("seed-source")); },
                               .stop = context.stop,
                               .progress =
                                   [&](std::uint64_t done, std::uint64_t total) {
                                     tested.reset();
                                     if (!issuing) issuing.emplace(context.console, "issuing");
                                     issuing->show(done, total, "SIMs");
                                   },
                               .raw_progress =
                                   [&](std::string_view, std::uint64_t samples, std::uint64_t wanted) {
                                     if (tested) tested->show(samples, wanted, "raw samples");
                                   },
                               .notice = [&](const std::string& words) { context.warn(words); },
                               .while_busy = [&](const Error& busy) { return waiting.once_more(busy); }};
  const auto part = sims_a_part(context, request);
  if (context.has("dry-run")) {
    part ? show_order_plan(context, request, *part, services) : show_issue_plan(context, request, services);
    return 0;
  }
  const std::string order_id = request.order.id;
  const std::size_t sims = request.order.lines.size();
  const std::string releaser = request.releaser ? request.releaser->subject() : "";
  if (part) {
    const OrderIssueResult result = issue_order(std::move(request), *part, services);
    tested.reset();
    issuing.reset();
    tell(context, result, order_id);
    tell_held(context, releaser, "each part waits");
  } else {
    const IssueResult result = issue(request, services);
    tested.reset();
    issuing.reset();
    tell(context, result, sims);
    if (!std::filesystem::exists(result.directory / release_name(result.batch)))
      tell_held(context, releaser, "the batch waits");
  }
  return 0;
}

}  // namespace

Command batch_issue_command() {
  Command command{
      .name = "batch issue",
      .group = "Batches of SIM keys",
      .summary = "make the keys of an order, with a certificate",
      .description =
          "Reads an order (a table with columns iccid, imsi and perhaps msisdn, profile; `order check` tells how it is "
          "understood), makes the keys of every SIM from the source, and writes them twice, encrypted for the card "
          "side and for the network side, with a signed "
          "certificate beside them. The files appear in DIR all at once. The ledger remembers every block: one order "
          "id "
          "is issued once; the same call again finds the same files. SIMs that have keys from another order are "
          "refused, unless --top-up says that they are to get more. A "
          "large order is cut into parts that are issued one after another, bound by a certificate of the order; what "
          "ends a run costs the part it was in, and the same call goes on. DB.head beside the ledger remembers where "
          "its "
          "history "
          "ended, so that an older copy put back is seen: back both up together.\n--mode puts a DRBG between the "
          "extractor and the "
          "keys, as for `generate`; the certificate says so.\nA recipient is a certificate (EC or RSA), or kek:ID:FILE "
          "for a key-encryption key of 64 hex digits.",
      .examples = {"lightseed batch issue --order order.csv --source sim:homodyne \\\n"
                   "    --keys-per-sim 1000 --key-bytes 16 \\\n"
                   "    --card-recipient perso.crt --network-recipient auc.crt \\\n"
                   "    --signer signer.crt --signer-key signer.key --ledger ledger.db -o batch"},
      .options =
          {{.name = "order", .value = "CSV", .text = "the SIMs", .required = true},
           {.name = "order-id",
            .value = "ID",
            .text = "names the order for ever; the file's name without its ending unless told"},
           {.name = "source", .value = "URI", .text = "where samples come from", .required = true},
           {.name = "keys-per-sim", .value = "N", .text = "one-time keys for each SIM", .required = true},
           {.name = "key-bytes", .value = "N", .text = "bytes of a key, 16 to 64", .fallback = "16"},
           {.name = "second-signer",
            .value = "CRT",
            .text = fmt::format("certificate of one who signs the certificate too, with a key of another kind ({}); "
                                "twice: a second and a third",
                                fmt::join(further_kind_names(), ", ")),
            .many = true},
           {.name = "second-signer-key",
            .value = "KEY",
            .text = "its private key, mode 0600; in the order of the certificates",
            .many = true},
           {.name = "releaser",
            .value = "CRT",
            .text = "dual control: the batch waits until whoever has this certificate's key releases it (`batch "
                    "release`)"},
           {.name = "ledger",
            .value = "DB",
            .text = "the ledger: a file, made when missing, or postgresql://HOST/DATABASE",
            .required = true},
           {.name = "output",
            .letter = 'o',
            .value = "DIR",
            .text = "where the batch appears: a new or empty directory",
            .required = true},
           {.name = "part-sims",
            .value = "N",
            .text = "cut the order into parts of so many SIMs, each a batch in DIR; more than 1000000 are always cut"},
           {.name = "audit",
            .text = "audit the keys as they are made, for sanity: the record lies beside the certificate, which names "
                    "it; keys that FAIL are burned"},
           {.name = "dry-run",
            .text = "look at everything, say what would be made, make and change nothing; no sample is read"},
           wait_option("wait while another run has the ledger or DIR"),
           {.name = "accept-missing-head",
            .text = "issue although DB.head is gone: this ledger is surely the newest, no older copy"},
           {.name = "allow-unlocked-memory",
            .text = "make production keys although the system locks too little memory: secrets may reach swap space"},
           {.name = "top-up",
            .text = "give more keys to SIMs of the order that have some already; without it they are refused"}},
      .run = run_batch_issue};
  std::vector<Option> parties;
  for (const Outlet& outlet : outlets())
    parties.push_back(recipient_option(outlet));
  for (Option& option : signer_options("the batch"))
    parties.push_back(std::move(option));
  const auto behind = std::ranges::find(command.options, "second-signer", &Option::name);
  command.options.insert(behind, parties.begin(), parties.end());
  for (Option& option : key_options())
    command.options.push_back(std::move(option));
  for (Option& option : calibration_options())
    command.options.push_back(std::move(option));
  command.options.push_back(dark_check_option());
  command.options.push_back(binding_option());
  return command;
}

}  // namespace lightseed::cli
