#include <fmt/format.h>

#include <ctime>
#include <iostream>

#include "cli/expansion_options.h"
#include "cli/extractor_option.h"
#include "cli/iid_claim.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "provision/issue.h"

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
  return body;
}

int run(const Context& context) {
  const auto path = [&](const char* name) { return context.get<std::string>(name); };
  const std::time_t now = std::time(nullptr);
  if (context.get<std::uint64_t>("keys-per-sim") == 0)
    throw Error(Category::usage, "--keys-per-sim 0: a SIM gets one key at least");
  // Everything a person can get wrong is looked at before a device is touched.
  const IssueRequest request{.order = read_order(path("order"), context.has("order-id") ? path("order-id") : ""),
                             .keys_per_sim = context.get<std::uint64_t>("keys-per-sim"),
                             .key_bytes = context.get<std::size_t>("key-bytes"),
                             .outlets = {{"card", Recipient::read(path("card-recipient"), now)},
                                         {"network", Recipient::read(path("network-recipient"), now)}},
                             .signer = Signer(path("signer"), path("signer-key"), now),
                             .ledger = path("ledger"),
                             .directory = path("output"),
                             .log2_epsilon = static_cast<double>(context.get<int>("log2-epsilon")),
                             .extractor = context.get<std::string>("extractor"),
                             .expansion = expansion_settings(context),
                             .iid_claim = context.has("iid-claim"),
                             .top_up = context.has("top-up")};
  Progress progress("issuing");
  const IssueResult result =
      issue(request, {.open_source = [&] { return context.sources.open(path("source")); },
                      .stop = context.stop,
                      .progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total, "SIMs"); },
                      .notice = [](const std::string& words) { std::cerr << words << "\n"; }});
  if (context.json()) print_json("batch-issue", to_json(result));
  const auto words = banner(result.provenance);
  std::cerr << (words.empty() ? "" : fmt::format("{}\n", words))
            << fmt::format("{} {} in {}: {} SIMs, {} key bytes, {} files, Merkle root {}\n",
                           result.already_issued ? "issued before, nothing generated: batch" : "batch", result.batch,
                           result.directory.string(), request.order.lines.size(), result.key_bytes, result.files.size(),
                           result.merkle_root);
  return 0;
}

}  // namespace

Command batch_issue_command() {
  namespace po = boost::program_options;
  Command command{
      .name = "batch issue",
      .summary = "make the keys of an order, for card and network, with a certificate",
      .description =
          "Reads an order (CSV with a header: iccid,imsi and optionally msisdn,profile), makes the keys of every\n"
          "SIM from the source, and writes them twice, encrypted for the card side and for the network side,\n"
          "with a signed certificate beside them. The files appear in DIR all at once. The ledger remembers\n"
          "every block: one order id is issued once; the same call again finds the same files. SIMs that have keys\n"
          "from another order are refused, unless --top-up says that they are to get more.\n"
          "--mode puts a DRBG between the extractor and the keys, as for `generate`; the certificate says so.\n"
          "A recipient is a certificate (EC or RSA), or kek:ID:FILE for a key-encryption key of 64 hex digits.",
      .examples =
          {"lightseed batch issue --order order.csv --source sim:homodyne --keys-per-sim 1000 --key-bytes 16 \\\n"
           "    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt \\\n"
           "    --signer-key signer.key --ledger ledger.db -o batch"},
      .options = po::options_description("Options"),
      .run = run};
  const auto text = [] { return po::value<std::string>()->required(); };
  command.options.add_options()("order", text()->value_name("CSV"), "the SIMs")(
      "order-id", po::value<std::string>()->value_name("ID"),
      "names the order for ever; the file's name without its ending when missing")("source", text()->value_name("URI"),
                                                                                   "where samples come from")(
      "keys-per-sim", po::value<std::uint64_t>()->required(), "one-time keys for each SIM")(
      "key-bytes", po::value<std::size_t>()->default_value(16), "bytes of a key, 16 to 64")(
      "card-recipient", text()->value_name("CRT"), "who personalises the cards")(
      "network-recipient", text()->value_name("CRT"), "who runs the authentication centre")(
      "signer", text()->value_name("CRT"), "certificate of the signer, ECDSA P-384")(
      "signer-key", text()->value_name("KEY"), "its private key, PEM, mode 0600")(
      "ledger", text()->value_name("DB"), "the ledger: a file, or sqlite:FILE; made when missing")(
      "log2-epsilon", po::value<int>()->default_value(-64), "largest distance from uniform of the whole batch, log2")(
      "output,o", text()->value_name("DIR"), "where the batch appears: a new or empty directory");
  add_extractor_option(command.options);
  add_expansion_options(command.options);
  command.options.add_options()("iid-claim", iid_claim_help)(
      "top-up", "give more keys to SIMs of the order that have some already; without it they are refused");
  return command;
}

}  // namespace lightseed::cli
