// SPDX-License-Identifier: Apache-2.0
#include "provision/time_stamp.h"

#include <fmt/format.h>

#include <ctime>
#include <system_error>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/error.h"
#include "provision/certificate.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

/// By how much the clocks of the issuing host and of the authority may differ. A batch is created before its run ends,
/// so honest time stamps come later than that even with clocks that differ a little.
constexpr std::time_t clocks_differ = 60;

Sha256Digest digest_of(const SealedCertificate& sealed) {
  return sha256_from_hex(sealed.sha256, "the certificate's digest");
}

TimeStamp judged_stamp(const std::string& response, const SealedCertificate& sealed,
                       const std::optional<TimeStampTrust>& authorities) {
  TimeStamp stamp = authorities ? judge_time_stamp(response, digest_of(sealed), *authorities)
                                : read_time_stamp(response, digest_of(sealed));
  const std::time_t created = moment_from(sealed.reading.batch.created).value_or(0);
  if (stamp.moment + clocks_differ < created) {
    throw Error(Category::verdict, fmt::format("it says {}, and the batch says that it was created at {}: one of them "
                                               "is wrong",
                                               utc_text(stamp.moment), sealed.reading.batch.created));
  }
  return stamp;
}

Error disbelieved(const fs::path& path, const Error& why) {
  return Error(Category::verdict, fmt::format("{} is no time stamp to be believed: {}", path.string(), why.what()));
}

}  // namespace

std::string time_stamp_name(std::string_view batch) {
  return fmt::format("{}.tsr", batch);
}

std::string query_time_stamp(const fs::path& directory, const TrustAnchor& trust) {
  return time_stamp_query(digest_of(read_sound_certificate(directory, trust)));
}

TimeStamp keep_time_stamp(const fs::path& directory, const TrustAnchor& trust, const fs::path& query,
                          const fs::path& response, const TimeStampTrust& authorities) {
  const SealedCertificate sealed = read_sound_certificate(directory, trust);
  const std::string asked = read_text_file(query, largest_time_stamp);
  const std::string text = read_text_file(response, largest_time_stamp);
  TimeStamp stamp = [&] {
    try {
      require_answer_to(asked, text);
      return judged_stamp(text, sealed, authorities);
    } catch (const Error& why) {
      throw disbelieved(response, why);
    }
  }();
  const fs::path place = directory / time_stamp_name(sealed.reading.batch.id);
  std::error_code error;
  if (fs::symlink_status(place, error).type() != fs::file_type::not_found) {
    if (read_text_file(place, largest_time_stamp) == text) return stamp;
    throw Error(Category::refused,
                fmt::format("{} is there already and is another time stamp; it is left as it is", place.string()));
  }
  AtomicFile file(place, AtomicFile::Mode::open);
  file.write(text);
  file.commit();
  return stamp;
}

std::optional<TimeStamp> time_stamp_of(const fs::path& directory, const SealedCertificate& sealed,
                                       const std::optional<TimeStampTrust>& authorities) {
  const fs::path path = directory / time_stamp_name(sealed.reading.batch.id);
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  const std::string text = read_text_file(path, largest_time_stamp);
  try {
    return judged_stamp(text, sealed, authorities);
  } catch (const Error& why) {
    throw disbelieved(path, why);
  }
}

}  // namespace lightseed
