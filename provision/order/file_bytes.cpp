// SPDX-License-Identifier: Apache-2.0
#include "provision/order/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/hex.h"

namespace lightseed {

FileBytes::FileBytes(std::filesystem::path path) : path_(std::move(path)), file_(nullptr, std::fclose) {
  // Without O_NONBLOCK the opening of a FIFO would wait for a writer, for ever.
  const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) throw system_error("open", path_.string(), errno);
  file_.reset(fdopen(fd, "rb"));
  if (file_ == nullptr) {
    const int error = errno;
    close(fd);
    throw system_error("open", path_.string(), error);
  }
  struct stat status {};
  if (fstat(fd, &status) != 0) throw system_error("open", path_.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error(Category::io, fmt::format("{} is {}, not a file", path_.string(),
                                          S_ISDIR(status.st_mode) ? "a directory" : "a pipe or a device"));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

bool FileBytes::append_to(std::string& buffer) {
  constexpr std::size_t step = std::size_t{1} << 20;
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
