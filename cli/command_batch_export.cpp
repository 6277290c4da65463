// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/error.h"
#include "crypto/milenage.h"
#include "provision/export/export_batch.h"

namespace lightseed::cli {
namespace {

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const ExportFormat& format : exports())
    names.emplace_back(format.name);
  return names;
}

std::string all_formats() {
  std::string words;
  for (const ExportFormat& format : exports())
    words += fmt::format("{}{}: {}", words.empty() ? "" : "; ", format.name, format.text);
  return words;
}

ExportRequest request_of(const Context& context) {
  ExportRequest request{.format = export_named(context.text("format")),
                        .profile = read_export_profile(context.text("profile"))};
  request.open.stop = context.stop;
  if (context.has("iccid")) request.open.iccid = context.text("iccid");
  if (context.has("side")) request.open.outlet = context.text("side");
  if (context.has("op")) request.op = read_hex_key(context.text("op"), std::array{OpcDerivation::bytes});
  if (context.has("transport-key")) {
    for (const std::string& text : context.options.texts("transport-key"))
      request.keys.push_back(TransportKeySpec::read(text));
  }
  return request;
}

Json json_of(const ExportResult& result, const std::string& format, const std::string& target) {
  Json keys = Json::array();
  for (const UsedTransportKey& key : result.keys)
    keys.push_back({{"use", key.use}, {"name", key.name}, {"check", key.check}, {"method", key.method}});
  Json body{{"batch", result.batch.id},
            {"format", format},
            {"file", target},
            {"sims", result.sims},
            {"credentials", result.credentials},
            {"left_out", result.left_out},
            {"transport_keys", keys}};
  if (const auto words = banner(result.batch.provenance); !words.empty()) body["banner"] = words;
  return body;
}

int run_batch_export(const Context& context) {
  ExportRequest request = request_of(context);
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const RecipientKey key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  const std::string target = context.text("output"), format(request.format.name);
  Payload out(context, target, AtomicFile::Mode::secret);
  const ExportResult result = export_batch(context.text("directory"), trusted, key, std::move(request),
                                           [&](std::span<const std::byte> bytes) { out.write(bytes); });
  out.commit();
  if (context.json()) context.print_json("batch-export", json_of(result, format, target));
  context.note(fmt::format("{} of batch {} as {}", counted(result.sims, "SIM"), result.batch.id, format));
  if (!result.left_out.empty()) {
    context.warn(fmt::format("{} has no place for {}: not written", format, fmt::join(result.left_out, ", ")));
  }
  for (const UsedTransportKey& used : result.keys)
    context.note(fmt::format("transport key {} for {}: {} ({})", used.name, used.use, used.check, used.method));
  if (const auto words = banner(result.batch.provenance); !words.empty()) context.warn(std::string(words));
  return 0;
}

}  // namespace

Command batch_export_command() {
  return {
      .name = "batch export",
      .group = "Batches of SIM keys",
      .summary = "a batch's keys in the format of another program",
      .description =
          "Opens a batch as `batch open` does, cuts each SIM's credentials from its block as a profile says "
          "(docs/exports.md), "
          "and writes them in a format that another program reads. " +
          all_formats() + ". The output is a new file that its owner alone can read, or a pipe; never a terminal.",
      .examples = {"lightseed batch export batch --trust signer.crt \\\n    --recipient-key auc.key --format osmo-hlr "
                   "\\\n    --profile profile.json -o subscribers.sql"},
      .options =
          {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
           trust_option(),
           recipient_key_option(true),
           passphrase_option(),
           {.name = "format", .value = "NAME", .text = "what is written", .required = true, .choices = format_names()},
           {.name = "profile", .value = "FILE", .text = "what is cut from a SIM's block, as JSON", .required = true},
           {.name = "op",
            .value = "FILE",
            .text = "the operator's OP, for OPc: 32 hexadecimal digits in a file that its owner alone can read"},
           {.name = "transport-key",
            .value = "USE:NAME:FILE",
            .text =
                "a key that credentials are encrypted under, in a file that its owner alone can read, or in a token: "
                "then FILE is a PKCS#11 URI, and the key never leaves it (docs/keys.md); what it is for (USE) depends "
                "on the format, NAME is what both ends call it",
            .many = true},
           {.name = "iccid", .value = "ICCID", .text = "this SIM alone"},
           {.name = "side",
            .value = "SIDE",
            .text = "the side to open, where the key opens both",
            .choices = outlet_names()},
           {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or - for a pipe", .required = true}},
      .positional = {"directory"},
      .run = run_batch_export};
}

}  // namespace lightseed::cli
