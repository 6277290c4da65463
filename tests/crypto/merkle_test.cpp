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

namespace {

/// PROOF and SUBPROOF of RFC 6962 section 2.1.2, as they stand there.
std::vector<Sha256Digest> naive_consistency(std::span<const Sha256Digest> leaves, std::size_t before, bool is_whole) {
  if (before == leaves.size()) return is_whole ? std::vector<Sha256Digest>{} : std::vector{merkle_root(leaves)};
  std::size_t split = 1;
  while (split * 2 < leaves.size())
    split *= 2;
  std::vector<Sha256Digest> path;
  if (before <= split) {
    path = naive_consistency(leaves.first(split), before, is_whole);
    path.push_back(merkle_root(leaves.subspan(split)));
  } else {
    path = naive_consistency(leaves.subspan(split), before - split, false);
    path.push_back(merkle_root(leaves.first(split)));
  }
  return path;
}

}  // namespace

TEST_CASE("a tree grew from an earlier one, and from no other") {
  std::vector<Sha256Digest> leaves;
  for (unsigned i = 0; i < 20; ++i)
    leaves.push_back(rfc_leaf({static_cast<std::byte>(i)}));
  for (std::size_t count = 0; count <= leaves.size(); ++count) {
    const auto tree = std::span(leaves).first(count);
    const Sha256Digest root = merkle_root(tree);
    for (std::size_t before = 0; before <= count; ++before) {
      CAPTURE(count, before);
      const Sha256Digest root_before = merkle_root(tree.first(before));
      std::vector<Sha256Digest> path = merkle_consistency(tree, before);
      if (before > 0) CHECK(path == naive_consistency(tree, before, true));
      CHECK(merkle_grew(before, root_before, count, root, path));
      // A leaf that the earlier tree had was changed, or the two change places.
      for (std::size_t changed = 0; changed < before; ++changed) {
        std::vector<Sha256Digest> others(tree.begin(), tree.end());
        others[changed] = rfc_leaf({std::byte{0xff}});
        CHECK_FALSE(merkle_grew(before, merkle_root(std::span(others).first(before)), count, root, path));
        CHECK_FALSE(merkle_grew(before, root_before, count, merkle_root(others), merkle_consistency(others, before)));
      }
      if (before != count && before != 0) CHECK_FALSE(merkle_grew(count, root, before, root_before, path));
      for (std::size_t other = 1; other < count; ++other)
        if (other != before && before > 0) CHECK_FALSE(merkle_grew(other, root_before, count, root, path));
      for (std::size_t place = 0; place < path.size(); ++place) {
        std::vector<Sha256Digest> wrong = path;
        wrong[place][0] ^= std::byte{1};
        CHECK_FALSE(merkle_grew(before, root_before, count, root, wrong));
      }
      path.push_back(root);
      CHECK_FALSE(merkle_grew(before, root_before, count, root, path));
      path.resize(path.size() - 1);
      if (path.empty()) continue;
      path.resize(path.size() - 1);
      CHECK_FALSE(merkle_grew(before, root_before, count, root, path));
    }
    CHECK_THROWS_AS(merkle_consistency(tree, count + 1), Error);
  }
  // RFC 6962 section 2.1.3: of seven leaves, PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i,
  // j, k].
  const auto seven = std::span(leaves).first(7);
  const auto part = [&](std::size_t first, std::size_t size) { return merkle_root(seven.subspan(first, size)); };
  CHECK(merkle_consistency(seven, 3) == std::vector{part(2, 1), part(3, 1), part(0, 2), part(4, 3)});
  CHECK(merkle_consistency(seven, 4) == std::vector{part(4, 3)});
  CHECK(merkle_consistency(seven, 6) == std::vector{part(4, 2), part(6, 1), part(0, 4)});
}
