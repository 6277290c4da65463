#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# JSON against schemas/: what verbs print (schemas.py), what certificates hold (certificate_schemas.py). Needs
# python3-jsonschema.
#   schemas.sh DIR_OF_COMMAND SCRIPT FOLDERS…: the script runs in an office, with the command and the folders.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
script=$2
mapfile -t folders < <(realpath "${@:3}")
command=$(cd "$1" && pwd)/lightseed
# shellcheck source=/dev/null
. "$here/office.sh"
/usr/bin/python3 -c 'import jsonschema' 2> /dev/null || fail "python3-jsonschema is not installed: scripts/install-deps --tests"
office "$1"
/usr/bin/python3 "$here/$script" "$command" "${folders[@]}"
