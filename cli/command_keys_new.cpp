// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/batch_options.h"
#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/trial_certificate.h"
#include "provision/outlet.h"

namespace lightseed::cli {
namespace {

namespace fs = std::filesystem;

struct Party {
  std::string file;  ///< without its ending
  std::string name;
  TrialUse use;
  SignatureKind kind = SignatureKind::ecdsa_p384;
};

/// Who sign beside the first signer, where they are asked for: each with a kind of its own.
std::vector<Party> further_signers(const Context& context) {
  constexpr std::array files{"second", "third"};
  // A setting of that name is another verb's: the certificate of who signs second.
  const std::vector<std::string> names =
      context.options.given("second-signer") ? context.options.texts("second-signer") : std::vector<std::string>();
  if (names.size() > files.size()) {
    throw Error(Category::usage, fmt::format("--second-signer is given {} times, and a certificate has at most {} "
                                             "signatures beside the first",
                                             names.size(), files.size()));
  }
  std::vector<Party> parties;
  for (const std::string& name : names) {
    const SignatureKind kind = name.empty() ? SignatureKind::sm2 : signature_kind_from(name).value();
    if (std::ranges::find(parties, kind, &Party::kind) != parties.end())
      throw Error(Category::usage,
                  fmt::format("--second-signer {0}: two of {0}; each has a kind of its own", name_of(kind)));
    parties.push_back(
        {files.at(parties.size()), fmt::format("Key factory ({})", words_for(kind).kind), TrialUse::sign, kind});
  }
  return parties;
}

/// Who signs, who releases, whoever gets keys and answers with a receipt, and the further signers.
std::vector<Party> parties_of(const Context& context) {
  std::vector<Party> parties{{"signer", "Key factory", TrialUse::sign},
                             {"releaser", "Second person of the key factory", TrialUse::sign}};
  for (const Outlet& outlet : outlets()) {
    const std::string side(outlet.name);
    parties.push_back({side, fmt::format("The {} side", side), TrialUse::receive});
    parties.push_back({side + "-receipts", fmt::format("Receipts of the {} side", side), TrialUse::sign});
  }
  for (Party& party : further_signers(context))
    parties.push_back(std::move(party));
  return parties;
}

/// Nothing is overwritten: who lost a key by a second call could open no key file again.
void require_free(const fs::path& directory, const std::vector<Party>& parties) {
  for (const Party& party : parties) {
    for (const char* const ending : {".crt", ".key"}) {
      const fs::path path = directory / (party.file + ending);
      if (fs::exists(fs::symlink_status(path))) {
        throw Error(Category::io, fmt::format("{} exists and is left as it is; name another directory", path.string()));
      }
    }
  }
}

void write_files(const fs::path& directory, const std::vector<Party>& parties,
                 const std::vector<TrialCertificate>& made) {
  std::vector<std::unique_ptr<AtomicFile>> files;
  files.reserve(2 * made.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    files.push_back(std::make_unique<AtomicFile>(directory / (parties[i].file + ".key"), AtomicFile::Mode::secret));
    files.back()->write(made[i].key.bytes());
    files.push_back(std::make_unique<AtomicFile>(directory / (parties[i].file + ".crt"), AtomicFile::Mode::open));
    files.back()->write(made[i].certificate);
  }
  std::vector<AtomicFile*> together;
  together.reserve(files.size());
  for (const auto& file : files)
    together.push_back(file.get());
  AtomicFile::commit_together(together);
}

int run_keys_new(const Context& context) {
  const fs::path directory = context.text("directory");
  const auto days = static_cast<int>(context.options.count("days"));
  const std::vector<Party> parties = parties_of(context);
  // Made before the directory: what cannot be made leaves nothing behind.
  std::vector<TrialCertificate> made;
  made.reserve(parties.size());
  for (const Party& party : parties)
    made.push_back(make_trial_certificate(party.use, party.name, std::time(nullptr), days, party.kind));
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw Error(Category::io, fmt::format("cannot make {}: {}", directory.string(), error.message()));
  require_free(directory, parties);
  write_files(directory, parties, made);
  Json files = Json::array();
  for (const Party& party : parties)
    files.push_back({{"name", party.name}, {"certificate", party.file + ".crt"}, {"key", party.file + ".key"}});
  if (context.json())
    context.print_json("keys-new", {{"directory", directory.string()}, {"days", days}, {"files", std::move(files)}});
  context.note(fmt::format("TEST certificates of {} parties in {}, good for {} days: nobody vouches for them",
                           parties.size(), directory.string(), days));
  for (const Party& party : parties)
    context.note(fmt::format("  {0}.crt, {0}.key: {1}", party.file, party.name));
  return 0;
}

}  // namespace

Command keys_new_command() {
  return {.name = "keys new",
          .group = "Batches of SIM keys",
          .summary = "keys and certificates for a trial",
          .description =
              "Makes a signer, a second person who releases, and for each side a recipient and a signer of receipts, "
              "each with a P-384 key and a certificate that it signed itself; with --second-signer those who sign "
              "beside the first, each with a key of its kind. Their subject says TEST: they are for trying Lightseed "
              "out, not for production, where a certificate authority "
              "vouches for each side. Nothing that exists is overwritten.",
          .examples = {"lightseed keys new trial"},
          .options = {{.name = "directory", .value = "DIR", .text = "where they appear", .required = true},
                      {.name = "second-signer",
                       .value = "[KIND]",
                       .text = "a key and certificate for a second signature too, of SM2 unless told; twice: for a "
                               "third",
                       .many = true,
                       .choices = further_kind_names()},
                      {.name = "days", .value = "N", .text = "how long they are good, 1 to 365", .fallback = "30"}},
          .positional = {"directory"},
          .run = run_keys_new};
}

}  // namespace lightseed::cli
