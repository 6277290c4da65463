#!/usr/bin/env bash
# What every verb prints with --json is what schemas/ says. Needs python3-jsonschema.
#   schemas.sh DIR_OF_COMMAND SCHEMAS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
schemas=$(cd "$2" && pwd)
command=$(cd "$1" && pwd)/lightseed
# shellcheck source=/dev/null
. "$here/office.sh"
python3 -c 'import jsonschema' 2> /dev/null || fail "python3-jsonschema is not installed: scripts/install-deps --tests"
office "$1"
python3 "$here/schemas.py" "$command" "$schemas"
