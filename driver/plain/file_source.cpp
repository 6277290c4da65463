// SPDX-License-Identifier: Apache-2.0
#include "driver/plain/file_source.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/plain/stated_format.h"
#include "driver/sidecar.h"

namespace lightseed {
namespace {

class FileSource final : public Source {
 public:
  explicit FileSource(SourceUri uri) : path_(uri.path()) {
    info_.driver = "file:";
    info_.uri = uri.text();
    if (std::filesystem::exists(sidecar_path(path_))) {
      describe_by_sidecar();
    } else {
      describe_by_parameters(uri);
    }
    uri.reject_unknown();
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error) && !error) {
      throw Error(Category::usage, fmt::format("{0} is no file that can be replayed; a character device is read as "
                                               "dev:{0}, a serial port as tty:{0}",
                                               path_));
    }
    const auto size = std::filesystem::file_size(path_, error);
    if (error) throw system_error("open", path_, error.value());
    if (!expected_sha256_.empty() && size != expected_bytes_) {
      throw Error(Category::io, fmt::format("{} has {} bytes but its side-car says {}; the capture is not whole", path_,
                                            size, expected_bytes_));
    }
    // Under another name, or beside an edited side-car, the bytes are still what they were recorded as.
    info_.provenance = worst(info_.provenance, provenance_nearby(path_));
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  [[nodiscard]] bool waits() const noexcept override { return false; }

  void start(const Patience&) override {
    if (!expected_sha256_.empty() && hex(sha256_of_file(path_)) != expected_sha256_) {
      throw Error(Category::io, fmt::format("{} does not have the SHA-256 its side-car states; "
                                            "one of the two was changed after the capture",
                                            path_));
    }
    file_.reset(std::fopen(path_.c_str(), "rbe"));
    if (file_ == nullptr) throw system_error("open", path_, errno);
  }

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (patience.stopped()) return {0, ReadState::stopped, "asked to stop"};
    if (file_ == nullptr) return {0, ReadState::fault, "not started"};
    const std::size_t got = std::fread(out.data(), 1, out.size(), file_.get());
    if (got == out.size()) return {got};
    if (std::ferror(file_.get()) != 0) return {got, ReadState::fault, system_error("read", path_, errno).what()};
    const std::size_t container = info_.format.container_bits == 16 ? 2 : 1;
    return {got - got % container, ReadState::end_of_data, fmt::format("end of {}", path_)};
  }

  void stop() noexcept override { file_.reset(); }

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  std::string path_;
  SourceInfo info_;
  std::string expected_sha256_;
  std::uint64_t expected_bytes_ = 0;
  std::unique_ptr<std::FILE, Close> file_;

  void describe_by_sidecar() {
    const Sidecar sidecar = read_sidecar(sidecar_path(path_));
    if (sidecar.source.driver.starts_with("sim:") && sidecar.source.provenance != Provenance::simulated) {
      throw Error(Category::refused,
                  fmt::format("{} says that what {} made is {}: it was changed; take the side-car "
                              "that the capture wrote",
                              sidecar_path(path_).string(), sidecar.source.driver, name_of(sidecar.source.provenance)));
    }
    const std::string uri = info_.uri;
    info_ = sidecar.source;
    info_.driver = "file:";
    info_.uri = uri;
    info_.provenance = worst(Provenance::recorded, sidecar.source.provenance);
    info_.nominal_rate = 0;
    info_.parameters = Json{{"recording_of", to_json(sidecar.source)}, {"sha256", sidecar.sha256}};
    expected_sha256_ = sidecar.sha256;
    expected_bytes_ = sidecar.bytes;
  }

  void describe_by_parameters(SourceUri& uri) {
    info_.model = "file without a side-car";
    info_.provenance = Provenance::recorded;
    info_.format = take_stated_format(uri);
    info_.claim.bits_per_sample = uri.take_number("entropy", 0, 0, info_.format.bits);
    info_.claim.basis = MinEntropy::Basis::stated;
    info_.claim.method = "stated by the operator in the source's name; nothing else is known of this file";
  }
};

}  // namespace

SourceDriver file_driver() {
  return {
      .name = "file:",
      .summary = "replays a capture: file:raw.bin, or file:raw.bin?bits=8&entropy=6.3 without a side-car",
      .list = [] { return std::vector<Listing>{}; },
      .open = [](SourceUri uri) -> std::unique_ptr<Source> { return std::make_unique<FileSource>(std::move(uri)); }};
}

}  // namespace lightseed
