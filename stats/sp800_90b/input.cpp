#include "stats/sp800_90b/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <numeric>

#include "core/digest.h"
#include "core/error.h"
#include "stats/sp800_90b/histogram.h"

namespace lightseed::sp800_90b {
namespace {

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

std::vector<std::byte> read_all(const std::string& path, Sha256& hash) {
  std::unique_ptr<std::FILE, Close> opened;
  std::FILE* file = stdin;
  if (path != "-") {
    opened.reset(std::fopen(path.c_str(), "rbe"));
    file = opened.get();
    if (file == nullptr) throw system_error("open", path, errno);
  }
  std::vector<std::byte> bytes;
  for (std::size_t size = 1 << 16;; size = std::min<std::size_t>(2 * size, 1 << 24)) {
    const std::size_t before = bytes.size();
    bytes.resize(before + size);
    const std::size_t got = std::fread(bytes.data() + before, 1, size, file);
    bytes.resize(before + got);
    hash.update(std::span(bytes).subspan(before));
    if (got < size) break;
  }
  if (std::ferror(file) != 0) throw system_error("read", path, errno);
  return bytes;
}

/// The samples of the range, one 16-bit word each.
std::vector<std::uint16_t> unpack_range(std::span<const std::byte> bytes, const InputOptions& options,
                                        std::uint64_t first, std::uint64_t count) {
  const unsigned width = options.format.container_bits;
  std::vector<std::uint16_t> samples(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t bit = (first + i) * width;
    unsigned value = std::to_integer<unsigned>(bytes[bit / 8]);
    if (width == 16) {
      const auto other = std::to_integer<unsigned>(bytes[bit / 8 + 1]);
      value = options.big_endian ? value << 8 | other : other << 8 | value;
    } else if (width < 8) {
      const auto at = static_cast<unsigned>(bit % 8);
      value = value >> (options.lsb_first ? at : 8 - width - at) & ((1U << width) - 1);
    }
    if (value >> options.format.bits != 0) {
      throw Error(Category::usage, fmt::format("sample {} has the value {}, more than {} bits hold: is the number of "
                                               "bits, the container or the byte order right?",
                                               first + i, value, options.format.bits));
    }
    samples[i] = static_cast<std::uint16_t>(value);
  }
  return samples;
}

/// The eight bits whose own most common value is rarest, the more significant first: what 6.4 asks the submitter
/// to rank, done from the data.
std::vector<unsigned> best_bits(std::span<const std::uint16_t> samples, unsigned bits) {
  std::array<std::uint64_t, 16> ones{};
  for (const std::uint16_t sample : samples) {
    for (unsigned bit = 0; bit < bits; ++bit)
      ones[bit] += sample >> bit & 1;
  }
  std::vector<unsigned> order(bits);
  std::iota(order.begin(), order.end(), 0U);
  const auto mode = [&](unsigned bit) { return std::max(ones[bit], samples.size() - ones[bit]); };
  std::stable_sort(order.begin(), order.end(), [&](unsigned a, unsigned b) { return mode(a) < mode(b); });
  order.resize(8);
  std::sort(order.begin(), order.end(), std::greater<>());
  return order;
}

void check_keep(const InputOptions& options) {
  const auto& keep = options.keep;
  if (keep.empty()) return;
  const unsigned all = std::accumulate(keep.begin(), keep.end(), 0U, [&](unsigned mask, unsigned bit) {
    return bit < options.format.bits ? mask | 1U << bit : mask;
  });
  if (keep.size() > 8 || static_cast<std::size_t>(std::popcount(all)) != keep.size()) {
    throw Error(Category::usage, fmt::format("the bits to keep are up to 8 different ones of 0 to {}, not {}",
                                             options.format.bits - 1, fmt::join(keep, ",")));
  }
}

/// The mistakes that people make most, seen from the data.
std::vector<std::string> suspicions(std::span<const std::byte> bytes, const Input& input, const SampleFormat& format) {
  std::vector<std::string> warnings;
  const auto is_flag = [](std::byte byte) { return byte == std::byte{0} || byte == std::byte{1}; };
  const auto is_digit = [](std::byte byte) {
    return byte == std::byte{'0'} || byte == std::byte{'1'} || byte == std::byte{'\n'} || byte == std::byte{'\r'};
  };
  if (format.container_bits < 8 && std::all_of(bytes.begin(), bytes.end(), is_flag)) {
    warnings.emplace_back(
        "every byte of the file is 0 or 1: it looks like one bit a byte, not packed bits; try --container 8");
  }
  if (std::all_of(bytes.begin(), bytes.end(), is_digit)) {
    warnings.emplace_back("the file is text of the digits 0 and 1, not samples: convert it first");
  }
  const Histogram counts = histogram(input.symbols);
  const auto distinct = std::count_if(counts.begin(), counts.end(), [](std::uint64_t n) { return n != 0; });
  unsigned used = 0;
  for (unsigned value = 0; value < counts.size(); ++value)
    used |= counts[value] != 0 ? value : 0;
  if (distinct == 2 && input.width > 1) {
    warnings.push_back(
        fmt::format("only 2 of {} possible values come: a one-bit source? Then say --bits 1", 1U << input.width));
  } else if (distinct > 1 && static_cast<unsigned>(std::bit_width(used)) < input.width) {
    warnings.push_back(fmt::format("the samples use {} bits, not the {} declared: H_bitstring counts the idle bits",
                                   std::bit_width(used), input.width));
  }
  if (input.symbols.size() < 1'000'000) {
    warnings.push_back(
        fmt::format("{} samples are fewer than the 1000000 that SP 800-90B 3.1.1 asks for", input.symbols.size()));
  }
  return warnings;
}

}  // namespace

Input input_from(std::span<const std::byte> bytes, const InputOptions& options) {
  validate(options.format);
  check_keep(options);
  if (bytes.size() * 8 % options.format.container_bits != 0) {
    throw Error(Category::usage, fmt::format("{} bytes end in the middle of a {}-bit container: is the file cut off?",
                                             bytes.size(), options.format.container_bits));
  }
  const std::uint64_t there = options.format.samples_in(bytes.size());
  const std::uint64_t left = there - std::min(there, options.skip);
  const std::uint64_t count = options.count.value_or(left);
  if (count == 0 || count > left) {
    throw Error(Category::not_enough_data,
                fmt::format("there are {} samples, {} after the {} to skip; {} are asked for", there, left,
                            options.skip, count == 0 ? std::string("some") : fmt::format("{}", count)));
  }
  Input input;
  input.bytes = bytes.size();
  input.first = options.skip;
  input.width = options.format.bits;
  const auto samples = unpack_range(bytes, options, options.skip, count);
  if (options.keep.empty() && options.format.bits <= 8) {
    input.symbols.assign(samples.begin(), samples.end());
  } else {
    input.kept = options.keep.empty() ? best_bits(samples, options.format.bits) : options.keep;
    input.width = static_cast<unsigned>(input.kept.size());
    input.symbols.resize(samples.size());
    std::transform(samples.begin(), samples.end(), input.symbols.begin(), [&](std::uint16_t sample) {
      unsigned symbol = 0;
      for (const unsigned bit : input.kept)
        symbol = symbol << 1 | (sample >> bit & 1U);
      return static_cast<std::uint8_t>(symbol);
    });
  }
  input.warnings = suspicions(bytes, input, options.format);
  return input;
}

Input read_input(const std::string& path, const InputOptions& options) try {
  Sha256 hash;
  const std::vector<std::byte> bytes = read_all(path, hash);
  Input input = input_from(bytes, options);
  input.file = path;
  input.sha256 = hex(hash.digest());
  return input;
} catch (const Error& error) {
  if (error.category() == Category::io) throw;
  throw Error(error.category(), fmt::format("{}: {}", path, error.what()));
}

Json to_json(const Input& input) {
  Json json{{"file", input.file}, {"sha256", input.sha256}, {"bytes", input.bytes}, {"first", input.first}};
  if (!input.kept.empty()) json["kept_bits"] = input.kept;
  return json;
}

}  // namespace lightseed::sp800_90b
