#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# docs/cli.md is what the command says of itself.
#
#   tests/e2e/reference.sh LIGHTSEED            compares
#   tests/e2e/reference.sh LIGHTSEED --write    writes it anew
set -euo pipefail
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/cli.md
if [[ ${2-} == --write ]]; then
  "$1" help --markdown >"$page"
elif ! diff -u "$page" <("$1" help --markdown); then
  echo "docs/cli.md is old; write it anew: tests/e2e/reference.sh $1 --write" >&2
  exit 1
fi
