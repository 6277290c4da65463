// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "provision/order/columns.h"
#include "provision/order/encoding.h"
#include "provision/order/fault.h"
#include "provision/order/iccid.h"
#include "provision/order/issuer.h"
#include "provision/order/order_line.h"
#include "provision/order/order_lines.h"

namespace lightseed {

inline constexpr std::size_t longest_order_id = 128;

/// What a customer wants keys for.
struct Order {
  std::string id{};      ///< names the order for ever: the ledger issues an id once; up to longest_order_id
  std::string sha256{};  ///< of the file's bytes, hexadecimal
  OrderLines lines{};
  std::shared_ptr<const ProfileNames> profiles{};  ///< what the lines' profiles name
  /// What was understood and might have been meant otherwise, and what was not read: for a person to see.
  std::vector<std::string> notices{};
};

/// SIMs of one issuer in an order.
struct IssuerCount {
  const Issuer* issuer;
  std::uint64_t sims;
};

/// An order as it was understood, good or bad.
struct OrderReading {
  Order order;  ///< with the good lines; nothing may be made for it unless bad_lines is 0
  std::uint64_t bytes = 0;
  Encoding encoding = Encoding::ascii;
  bool has_mark = false;  ///< a byte order mark
  std::optional<Header> header;
  std::vector<IssuerCount> issuers;
  std::uint64_t bad_lines = 0;
  std::vector<OrderFault> faults;  ///< the first fault of each bad line, by line; the first `most_faults` of them
};

/// Reads an order and tells how it was understood. The file is a table with a header, a line a SIM: comma, semicolon,
/// tab or bar between the columns; UTF-8, UTF-16 or GBK; columns in any order under the names their vendors give them
/// (docs/orders.md). `id` empty: the file's name without its ending.
///
/// Memory does not follow the number of lines, but for a bit each: `memory` says how much is taken, and what is more
/// than that lies in a temporary file (TMPDIR, or /var/tmp), 64 bytes a line, which has no name, is its user's alone
/// and goes with the last copy of the order. Numbers of SIMs and subscribers lie there in the clear; keys never do.
///
/// A file of 10^7 lines takes some seconds, some 20 where its numbers do not ascend.
/// Throws Error(io) when the file cannot be read, or there is no room for the temporary one; Error(usage) for an
/// impossible id, or a file of another kind.
OrderReading examine_order(const std::filesystem::path& path, std::string id = {}, std::size_t most_faults = 20,
                           const OrderMemory& memory = {});

/// Reads an order that has no fault, in the same way.
///
/// Throws OrderError (order/order_error.h), which lists bad lines (the first 20 and how many there are) with their
/// first fault, each as FILE:LINE: REASON, and has the first 1000 one by one; otherwise as examine_order().
Order read_order(const std::filesystem::path& path, std::string id = {});

}  // namespace lightseed
