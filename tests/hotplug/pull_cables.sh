#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Pulls and plugs a cable so many times at random instants of a stream, 20 to a process (umockdev's table of descriptors
# is full after some 25). The instants follow from the seed, which is printed when one fails.
#   pull_cables.sh TEST_HOTPLUG [TIMES] [FIRST_SEED]      1000 times from seed 1 unless told
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
times=${2:-1000} seed=${3:-1}
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for ((done = 0; done < times; done += 20, seed += 1)); do
  "$here/mocked.sh" "$1" "[cables]" --rng-seed "$seed" > "$said" 2>&1 || {
    cat "$said"
    echo "FAILED with seed $seed, after $done cables" >&2
    exit 1
  }
done
echo "$times cables pulled"
