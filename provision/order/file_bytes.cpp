// SPDX-License-Identifier: Apache-2.0
#include "provision/order/file_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/hex.h"

namespace lightseed {

FileBytes::FileBytes(const std::filesystem::path& path) : FileBytes(path, open_regular_file(path)) {}

FileBytes::FileBytes(std::filesystem::path path, RegularFile opened)
    : path_(std::move(path)), file_(std::move(opened.file)) {}

bool FileBytes::append_to(std::string& buffer) {
  // Small orders are many, and a string's new bytes are cleared.
  const auto step = static_cast<std::size_t>(std::clamp<std::uint64_t>(bytes_, 4 << 10, 1 << 20));
  const std::size_t before = buffer.size();
  buffer.resize(before + step);
  const std::size_t got = std::fread(buffer.data() + before, 1, step, file_.get());
  buffer.resize(before + got);
  if (std::ferror(file_.get()) != 0) throw system_error("read", path_.string(), errno);
  digest_.update(std::string_view(buffer).substr(before));
  bytes_ += got;
  if (bytes_ > most) {
    throw Error(Category::io, fmt::format("{} is larger than {} bytes; is it the right file?", path_.string(), most));
  }
  return got > 0;
}

std::string FileBytes::sha256() const {
  return hex(digest_.digest());
}

}  // namespace lightseed
