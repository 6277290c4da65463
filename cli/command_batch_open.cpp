// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/payload.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/secret_bytes.h"
#include "provision/open_batch.h"

namespace lightseed::cli {
namespace {

/// Writes blocks in one of the formats. Keys pass through locked memory alone.
class KeyWriter {
 public:
  KeyWriter(Payload& out, const std::string& format) : out_(out), csv_(format == "csv"), line_(line_room) {}

  void write(const PackagedBlock& block) {
    // Whoever reads a pipe must not take the head of a batch that does not open for one without keys.
    if (csv_ && !std::exchange(begun_, true)) out_.write(bytes_of("iccid,imsi,block,index,key\n"));
    if (!csv_) {
      out_.write(block.keys);
      return;
    }
    const std::size_t key_bytes = block.keys.size() / block.key_count;
    const std::string front = fmt::format("{},{},{},", block.header.iccid, block.header.imsi, hex(block.header.id));
    for (std::uint64_t i = 0; i < block.key_count; ++i)
      write_line(fmt::format("{}{},", front, i), block.keys.subspan(i * key_bytes, key_bytes));
  }

 private:
  static constexpr std::size_t line_room = 512;  // keys have at most 64 bytes
  Payload& out_;
  bool csv_;
  bool begun_ = false;
  SecretBytes line_;

  void write_line(const std::string& front, std::span<const std::byte> key) {
    static constexpr char digits[] = "0123456789abcdef";
    if (front.size() + 2 * key.size() + 1 > line_.size()) {
      throw Error(Category::verdict, "a block's ICCID, IMSI or key is longer than any can be");
    }
    std::byte* at = line_.data();
    std::memcpy(at, front.data(), front.size());
    at += front.size();
    for (const std::byte byte : key) {
      *at++ = static_cast<std::byte>(digits[std::to_integer<unsigned>(byte) >> 4]);
      *at++ = static_cast<std::byte>(digits[std::to_integer<unsigned>(byte) & 15]);
    }
    *at++ = std::byte{'\n'};
    out_.write(std::span(line_.data(), at));
  }
};

int run_batch_open(const Context& context) {
  const std::string format = context.text("format");
  OpenRequest request{.stop = context.stop};
  if (context.has("iccid")) request.iccid = context.text("iccid");
  if (context.has("side")) request.outlet = context.text("side");
  if (format == "raw" && !request.iccid) {
    throw Error(Category::usage, "raw keys of many SIMs could not be told apart: name one with --iccid, or take csv");
  }
  request.signatures = signature_demands(context);
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const RecipientKey key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  const std::string target = context.text("output");
  Payload out(context, target, AtomicFile::Mode::secret);
  KeyWriter writer(out, format);
  std::uint64_t blocks = 0, keys = 0;
  const CertifiedBatch batch =
      open_batch(context.text("directory"), trusted, key, request, [&](const PackagedBlock& block) {
        writer.write(block);
        ++blocks;
        keys += block.key_count;
      });
  out.commit();
  const auto words = banner(batch.provenance);
  if (context.json()) {
    Json body{{"batch", batch.id}, {"file", target}, {"sims", blocks}, {"keys", keys}};
    if (!words.empty()) body["banner"] = words;
    context.print_json("batch-open", body);
  }
  context.note(fmt::format("{} of {} of batch {}", counted(keys, "key"), counted(blocks, "SIM"), batch.id));
  if (!words.empty()) context.warn(std::string(words));
  return 0;
}

}  // namespace

Command batch_open_command() {
  Command command{
      .name = "batch open",
      .group = "Batches of SIM keys",
      .summary = "the keys of a batch, for whom they are encrypted",
      .description =
          "Checks the certificate's seal and each key file's digest, opens the files with the recipient's key, and "
          "writes the keys of one SIM or of all: as CSV, a line a key in hexadecimal, or raw. The output is a new "
          "file that its owner alone can read, or a pipe; never a terminal.",
      .examples = {"lightseed batch open batch --trust signer.crt \\\n    --recipient-key card.key -o keys.csv",
                   "lightseed batch open batch --trust signer.crt \\\n    --recipient-key card.key --iccid "
                   "8988211000000000011 \\\n    --format raw -o - | wc -c"},
      .options =
          {{.name = "directory", .value = "DIR", .text = "the batch", .required = true},
           trust_option(),
           recipient_key_option(true),
           passphrase_option(),
           {.name = "iccid", .value = "ICCID", .text = "this SIM alone"},
           {.name = "side",
            .value = "SIDE",
            .text = "the side to open, where the key opens both",
            .choices = outlet_names()},
           {.name = "format",
            .value = "NAME",
            .text = "how keys are written",
            .fallback = "csv",
            .choices = {"csv", "raw"}},
           {.name = "output", .letter = 'o', .value = "FILE", .text = "a new file, or - for a pipe", .required = true}},
      .positional = {"directory"},
      .run = run_batch_open};
  add_behind(command.options, "trust", signature_options());
  return command;
}

}  // namespace lightseed::cli
