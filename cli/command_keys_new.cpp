// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <ctime>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/trial_certificate.h"

namespace lightseed::cli {
namespace {

namespace fs = std::filesystem;

struct Part {
  const char* file;  ///< without its ending
  const char* name;
  TrialUse use;
};
constexpr Part parts[] = {{"signer", "Key factory", TrialUse::sign},
                          {"card", "Card personaliser", TrialUse::receive},
                          {"network", "Authentication centre", TrialUse::receive},
                          {"second", "Key factory (SM2)", TrialUse::sign_second}};

/// The second signer comes last, and only where it is asked for.
std::span<const Part> asked_parts(const Context& context) {
  const std::span<const Part> all = parts;
  return context.has("second-signer") ? all : all.first(all.size() - 1);
}

/// Nothing is overwritten: who lost a key by a second call could open no key file again.
void require_free(const fs::path& directory, std::span<const Part> asked) {
  for (const Part& part : asked) {
    for (const char* const ending : {".crt", ".key"}) {
      const fs::path path = directory / (std::string(part.file) + ending);
      if (fs::exists(fs::symlink_status(path))) {
        throw Error(Category::io, fmt::format("{} exists and is left as it is; name another directory", path.string()));
      }
    }
  }
}

int run(const Context& context) {
  const fs::path directory = context.text("directory");
  const auto days = static_cast<int>(context.options.count("days"));
  const std::span<const Part> asked = asked_parts(context);
  // Made before the directory: what cannot be made leaves nothing behind.
  std::vector<TrialCertificate> made;
  for (const Part& part : asked)
    made.push_back(make_trial_certificate(part.use, part.name, std::time(nullptr), days));
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw Error(Category::io, fmt::format("cannot make {}: {}", directory.string(), error.message()));
  require_free(directory, asked);
  Json files = Json::array();
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Part& part = asked[i];
    AtomicFile key(directory / (std::string(part.file) + ".key"), AtomicFile::Mode::secret);
    key.write(made[i].key.bytes());
    AtomicFile certificate(directory / (std::string(part.file) + ".crt"), AtomicFile::Mode::open);
    certificate.write(made[i].certificate);
    key.commit();
    certificate.commit();
    files.push_back({{"name", part.name},
                     {"certificate", std::string(part.file) + ".crt"},
                     {"key", std::string(part.file) + ".key"}});
  }
  if (context.json())
    context.print_json("keys-new", {{"directory", directory.string()}, {"days", days}, {"files", std::move(files)}});
  context.note(fmt::format(
      "TEST certificates of signer, card and network side{} in {}, good for {} days: nobody vouches for them",
      asked.size() == std::size(parts) ? ", and of a second signer," : "", directory.string(), days));
  return 0;
}

}  // namespace

Command keys_new_command() {
  return {.name = "keys new",
          .group = "Batches of SIM keys",
          .summary = "keys and certificates for a trial",
          .description =
              "Makes a signer and two recipients, each with a P-384 key and a certificate that it signed itself. Their "
              "subject says TEST: they are for trying Lightseed out, not for production, where a certificate authority "
              "vouches for each side. Nothing that exists is overwritten.",
          .examples = {"lightseed keys new trial"},
          .options = {{.name = "directory", .value = "DIR", .text = "where they appear", .required = true},
                      {.name = "second-signer", .text = "an SM2 key and certificate for a second signature too"},
                      {.name = "days", .value = "N", .text = "how long they are good, 1 to 365", .fallback = "30"}},
          .positional = {"directory"},
          .run = run};
}

}  // namespace lightseed::cli
