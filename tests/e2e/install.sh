#!/usr/bin/env bash
# Installs a build into a scratch prefix and builds a project of somebody else against it: once found by
# find_package, once by pkg-config. Both programs run and say the same.
#
#   tests/e2e/install.sh BUILD     with CXX and CMAKE as the build has them
set -euo pipefail
outside=$(cd "$(dirname "$0")/outside" && pwd)
cmake=${CMAKE:-cmake} cxx=${CXX:-c++}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$cmake" --install "$1" --prefix "$scratch/first" >/dev/null
# An installed tree must not care where it lies.
mv "$scratch/first" "$scratch/moved"
prefix=$scratch/moved

"$prefix/bin/lightseed" --version
if grep -rlF -e "$scratch/first" -e "$(cd "$1/.." && pwd)" "$prefix/include" "$prefix"/lib/*/cmake "$prefix"/lib/cmake \
  "$prefix"/lib/*/pkgconfig "$prefix"/lib/pkgconfig 2>/dev/null; then
  echo "the installed files above name the tree they were built in" >&2
  exit 1
fi

"$cmake" -S "$outside" -B "$scratch/by-cmake" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$cxx" \
  -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
"$cmake" --build "$scratch/by-cmake" -- --quiet
"$scratch/by-cmake/outside" | tee "$scratch/said-by-cmake"

PKG_CONFIG_PATH=$(find "$prefix" -name lightseed.pc -printf '%h')
export PKG_CONFIG_PATH
read -r -a flags <<<"$(pkg-config --cflags --libs lightseed)"
"$cxx" -std=c++20 "$outside/outside.cpp" -o "$scratch/by-pkg-config" "${flags[@]}"
"$scratch/by-pkg-config" >"$scratch/said-by-pkg-config"
diff "$scratch/said-by-cmake" "$scratch/said-by-pkg-config"

# Every installed header can be included together.
while IFS= read -r header; do
  echo "#include <${header#"$prefix/include/"}>"
done < <(find "$prefix/include" -name '*.h' ! -name '*-inl.h' | LC_ALL=C sort) >"$scratch/all.cpp"
"$cxx" -std=c++20 -fsyntax-only "$scratch/all.cpp" "${flags[@]}"
echo "find_package and pkg-config agree; $(wc -l <"$scratch/all.cpp") headers installed"
