#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a test with umockdev preloaded, and before it the runtime of the sanitizer the test is built with, if any.
#   mocked.sh TEST ARGUMENTS…
set -euo pipefail
preload=libumockdev-preload.so.0
sanitizer=$(ldd "$1" | awk '$1 ~ /^lib[at]san\.so/ { print $3 }')
here=$(cd "$(dirname "$0")" && pwd)
export TSAN_OPTIONS="suppressions=$here/tsan.supp:${TSAN_OPTIONS-}"
LD_PRELOAD="${sanitizer:+$sanitizer:}$preload" exec "$@"
