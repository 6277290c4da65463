// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "core/hex.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "tests/from_hex.h"

using namespace lightseed;
using test::bytes_from_hex;

namespace {

/// Leaf hash of RFC 6962 over any data.
Sha256Digest rfc_leaf(const std::vector<std::byte>& data) {
  const std::byte zero{0};
  return Sha256().update(std::span(&zero, 1)).update(data).digest();
}

}  // namespace

TEST_CASE("the tree has the known roots of RFC 6962 trees") {
  const char* const data[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::pair<std::size_t, const char*> roots[] = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  std::vector<Sha256Digest> leaves;
  for (const char* const leaf : data)
    leaves.push_back(rfc_leaf(bytes_from_hex(leaf)));
  for (const auto& [count, root] : roots)
    CHECK(hex(merkle_root(std::span(leaves).first(count))) == root);
}

TEST_CASE("a leaf depends on every field, and its fields cannot run into each other") {
  const std::vector<std::byte> salt(16, std::byte{1});
  const std::vector<std::byte> id(16, std::byte{2});
  const std::vector<std::byte> keys(32, std::byte{3});
  const std::string iccid = "8988211000000000011";
  const auto leaf = merkle_leaf(salt, id, iccid, keys);
  // By hand: 0x00, salt, id, 19 digits and 'F', keys.
  std::vector<std::byte> data;
  for (const auto& part : {salt, id})
    data.insert(data.end(), part.begin(), part.end());
  for (const char c : iccid + "F")
    data.push_back(static_cast<std::byte>(c));
  data.insert(data.end(), keys.begin(), keys.end());
  CHECK(leaf == rfc_leaf(data));
  CHECK(leaf != merkle_leaf(id, id, iccid, keys));
  CHECK(leaf != merkle_leaf(salt, salt, iccid, keys));
  CHECK(leaf != merkle_leaf(salt, id, "8988211000000000029", keys));
  CHECK(leaf != merkle_leaf(salt, id, iccid, id));
  CHECK_THROWS_AS(merkle_leaf(std::span(salt).first(15), id, iccid, keys), Error);
  CHECK_THROWS_AS(merkle_leaf(salt, id, "123", keys), Error);
}

TEST_CASE("a leaf's path leads to the root, and to no other tree's or place's") {
  std::vector<Sha256Digest> leaves;
  for (unsigned i = 0; i < 20; ++i)
    leaves.push_back(rfc_leaf({static_cast<std::byte>(i)}));
  for (std::size_t count = 1; count <= leaves.size(); ++count) {
    const auto tree = std::span(leaves).first(count);
    const Sha256Digest root = merkle_root(tree);
    for (std::size_t index = 0; index < count; ++index) {
      CAPTURE(count, index);
      std::vector<Sha256Digest> path = merkle_path(tree, index);
      CHECK(merkle_root_by_path(tree[index], index, count, path) == root);
      for (std::size_t other = 0; other < count; ++other)
        if (other != index) CHECK(merkle_root_by_path(tree[index], other, count, path) != root);
      CHECK(merkle_root_by_path(tree[index], count, count, path) == std::nullopt);
      path.push_back(root);
      CHECK(merkle_root_by_path(tree[index], index, count, path) == std::nullopt);
      path.resize(path.size() - 1);
      if (path.empty()) continue;
      path.resize(path.size() - 1);
      CHECK(merkle_root_by_path(tree[index], index, count, path) == std::nullopt);
    }
    CHECK_THROWS_AS(merkle_path(tree, count), Error);
  }
  // The third of three leaves stands beside the tree of the first two.
  CHECK(merkle_path(std::span(leaves).first(3), 2) == std::vector{merkle_root(std::span(leaves).first(2))});
}
