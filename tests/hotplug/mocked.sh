#!/usr/bin/env bash
# Runs a test with umockdev preloaded, and before it the runtime of the sanitizer the test is built with, if any.
#   mocked.sh TEST ARGUMENTS…
set -euo pipefail
preload=libumockdev-preload.so.0
sanitizer=$(ldd "$1" | awk '$1 ~ /^lib[at]san\.so/ { print $3 }')
here=$(cd "$(dirname "$0")" && pwd)
# umockdev's own threads race with each other, and glib keeps what it once allocated.
export TSAN_OPTIONS="suppressions=$here/sanitizers.supp:${TSAN_OPTIONS-}"
export LSAN_OPTIONS="suppressions=$here/sanitizers.supp:${LSAN_OPTIONS-}"
LD_PRELOAD="${sanitizer:+$sanitizer:}$preload" exec "$@"
