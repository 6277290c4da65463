#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build into a scratch prefix and builds the examples against it as somebody else's project: found once by
# find_package, once by pkg-config. Both programs make a batch, which the installed command verifies.
#
#   tests/e2e/install.sh BUILD     with CXX and CMAKE as the build has them
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
examples=$here/../../examples
cmake=${CMAKE:-cmake} cxx=${CXX:-c++}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cmake" --install "$1" --prefix "$scratch/first" >/dev/null
# An installed tree must not care where it lies.
mv "$scratch/first" "$scratch/moved"
prefix=$scratch/moved

"$prefix/bin/lightseed" --version
for page in share/man/man1/lightseed.1 share/bash-completion/completions/lightseed share/zsh/site-functions/_lightseed \
  share/fish/vendor_completions.d/lightseed.fish share/lightseed/schemas/assess.schema.json; do
  [[ -s $prefix/$page ]] || { echo "$page is not installed" >&2; exit 1; }
done
# Whose work is in the audit's page is told beside it.
if grep -q '^LIGHTSEED_REPORT_PLOTS:BOOL=ON' "$1/CMakeCache.txt"; then
  grep -q 'vega-view .*(BSD-3-Clause)' "$prefix/share/doc/Lightseed/THIRD-PARTY.txt" || { echo "no notices" >&2; exit 1; }
fi
if grep -rlF -e "$scratch/first" -e "$(cd "$1/.." && pwd)" "$prefix/include" "$prefix"/lib/*/cmake "$prefix"/lib/cmake \
  "$prefix"/lib/*/pkgconfig "$prefix"/lib/pkgconfig 2>/dev/null; then
  echo "the installed files above name the tree they were built in" >&2
  exit 1
fi

"$cmake" -S "$examples" -B "$scratch/by-cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
"$cmake" --build "$scratch/by-cmake" -- --quiet
PKG_CONFIG_PATH=$(find "$prefix" -name lightseed.pc -printf '%h')
export PKG_CONFIG_PATH
read -r -a flags <<<"$(pkg-config --cflags --libs lightseed)"
mkdir "$scratch/by-pkg-config"
"$cxx" -std=c++20 "$examples/issue_and_verify.cpp" -o "$scratch/by-pkg-config/issue_and_verify" "${flags[@]}"

# shellcheck source=/dev/null
(. "$here/office.sh"
  cd "$scratch"
  umask 077
  certificate signer P-384 digitalSignature
  certificate perso P-256 keyAgreement
  certificate auc P-384 keyAgreement
  printf 'iccid,imsi\n8988211000000000011,001010000000001\n' >order.csv
  for way in by-cmake by-pkg-config; do
    "$way/issue_and_verify" order.csv perso.crt auc.crt signer.crt signer.key "$way.db" "batch-$way" >said
    grep -q 'as certified, purpose TEST' said || { cat said >&2; exit 1; }
    "$prefix/bin/lightseed" batch verify "batch-$way" --trust signer.crt --allow-test >/dev/null
  done)

# Every installed header can be included together.
while IFS= read -r header; do
  echo "#include <${header#"$prefix/include/"}>"
done < <(find "$prefix/include" -name '*.h' | LC_ALL=C sort) >"$scratch/all.cpp"
! grep -e '-inl\.h' "$scratch/all.cpp" || { echo "inline kernels are no interface" >&2; exit 1; }
"$cxx" -std=c++20 -fsyntax-only "$scratch/all.cpp" "${flags[@]}"
echo "find_package and pkg-config agree; $(wc -l <"$scratch/all.cpp") headers installed"
