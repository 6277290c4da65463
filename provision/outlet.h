// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crypto/cms.h"
#include "crypto/recipient.h"
#include "provision/key_package.h"
#include "provision/order.h"

namespace lightseed {

/// One key file's worth of a batch, as it is handed to every outlet. The spans have one entry a block, in one order.
struct KeyFileContent {
  std::string_view batch;            ///< UUID
  std::span<const OrderLine> lines;  ///< the SIMs, with MSISDN and profile where the order names them
  std::span<const BlockHeader> headers;
  const KeyPackage& package;            ///< the keys
  const SignedPackage& signed_package;  ///< the same, signed
};

/// A key file as read back; the views of `package` point into `signed_package`.
struct OpenedKeyFile {
  SecretBytes signed_package;
  ParsedKeyPackage package;
};

/// One way for keys to leave a batch: whom it serves, how its files are named, written and read back. A batch has one
/// series of files an outlet, numbered from 1, each with the blocks of the same SIMs as its sisters.
struct Outlet {
  std::string_view name;       ///< "card"; part of the files' names
  std::string_view recipient;  ///< who gets it, in words
  std::string_view ending;     ///< of the files' names
  bool required;               ///< no batch is made without it
  /// Encrypts the content for the recipient. Throws Error(crypto), and what the sink throws.
  void (*write)(const KeyFileContent& content, const Recipient& recipient, const Sink& sink);
  /// Opens a file with the recipient's key and checks its signer. Throws Error(verdict).
  OpenedKeyFile (*read)(std::span<const std::byte> file, const RecipientKey& key, const X509Certificate& signer);
};

/// All there are. A new outlet is a row.
std::span<const Outlet> outlets() noexcept;

/// Throws Error(usage) listing the known ones.
const Outlet& outlet_named(std::string_view name);

/// "BATCH.card.001.p7m"
std::string key_file_name(const Outlet& outlet, std::string_view batch, std::uint64_t number);

/// The name is one that key_file_name() gives some file of this batch.
bool is_key_file_name(std::string_view name, std::string_view batch);

}  // namespace lightseed
