#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `lightseed audit --report`: what a parser of another make and a browser say of the page.
#   audit_report.sh DIR_OF_COMMAND DIR_OF_DATA ARTEFACTS_DIR
# Pictures of the page, light and dark, and its print are left in ARTEFACTS_DIR. Exit code 77: there is no browser; in CI
# that is a failure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$2/sp800_90b" && pwd)
sample=$(cd "$here/../.." && pwd)/docs/audit-sample.html
mkdir -p "$3"
artefacts=$(cd "$3" && pwd)
# shellcheck source=/dev/null
. "$here/office.sh"
scratch_with "$1"

# A name that would run, were it taken as markup, and one with bytes that are no text.
hostile=$'"><img src=x onerror=console.error(1)>\'&\n\e[2J\xff.bin'
head -c 125000 "$data/e.bin" > "$hostile"
head -c 2500000 "$data/e.bin" > long.bin
lightseed audit "$hostile" --report hostile.html --bit-image --json > hostile.json
lightseed audit long.bin --sequence-bits 100K --report long.html --json > long.json
status=0
lightseed audit /dev/zero --sequences 1 --report zeros.html --bit-image --json > zeros.json || status=$?
[[ $status -eq 1 ]] || fail "zeros: exit code $status"

# The same bits, the same page; only its date may differ.
lightseed audit "$hostile" --report again.html --bit-image > said.out
diff <(grep -v '<th scope="row">at</th>' hostile.html) <(grep -v '<th scope="row">at</th>' again.html) ||
  fail 'two reports on the same bits differ'
expect 4 'again.html' lightseed audit "$hostile" --report again.html

# The sample in docs/ is what the command makes; its numbers may differ in their last digits on another processor.
cp "$data/e.bin" e.bin
lightseed audit e.bin --suite sp800-22,fips140-2,ent --bit-image --report sample.html > said.out
words_of() { grep -vE '<th scope="row">(made by|on|at)</th>' "$1" | sed -E 's/[0-9][0-9.]*(e-[0-9]+)?/N/g; s/(MN NhN?)+/M/g'; }
diff <(words_of "$sample") <(words_of sample.html) > difference ||
  fail "docs/audit-sample.html is old; make it anew: lightseed audit e.bin --suite sp800-22,fips140-2,ent --bit-image \
    --report audit-sample.html: $(head -c 2000 difference)"

for page in hostile long zeros; do
  /usr/bin/python3 "$here/audit_report.py" page "$page.html" "$page.json" || fail "$page.html"
done

# Of a source there is more to see: healthy, and one that dies on the way.
lightseed audit 'sim:homodyne?seed=1' --sequences 2 --suite fips140-2,pooled,ent --report source.html --json > source.json 2> said.err ||
  fail "a source: $(cat said.err)"
expect 5 'ended after' lightseed audit 'sim:homodyne?seed=1&fault=dead@1800000' --sequences 50 --suite fips140-2,pooled,ent \
  --report alarm.html --json
cp said.out alarm.json
for page in source alarm; do
  /usr/bin/python3 "$here/audit_report.py" source "$page.html" "$page.json" || fail "$page.html"
done
# Small enough for a mail: the script is most of it.
size=$(stat -c %s source.html)
[[ $size -lt 700000 ]] || fail "source.html has $size bytes"

browser=
for program in chromium-headless-shell chromium; do
  command -v "$program" > /dev/null && browser=$program && break
done
if [[ -z $browser ]]; then
  [[ ${CI-} != true ]] || fail 'there is no browser; scripts/install-deps --tests brings one'
  echo 'SKIPPED: there is no chromium-headless-shell; scripts/install-deps --tests brings it' >&2
  exit 77
fi

# browse PAGE OPTIONS…: what the browser says of the page is in said.err. The pages are our own, and whoever runs tests in
# a container often cannot give the browser its sandbox.
browse() {
  local page=$1
  shift
  HOME=$PWD timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
    --window-size=900,1600 --enable-logging=stderr "$@" "file://$PWD/$page" > said.out 2> said.err ||
    fail "$browser $*: $(tail -5 said.err)"
}

# What a console says and what is asked of the network must be heard, or their silence would mean nothing.
cat > control.html << 'END'
<!DOCTYPE html><title>x</title><script>console.error("heard")</script><img src="http://127.0.0.1:9/heard.png">
END
browse control.html --dump-dom --log-net-log=net.json
grep -q 'CONSOLE.*heard' said.err || fail "the console is not heard: $(cat said.err)"
/usr/bin/python3 "$here/audit_report.py" network net.json http://127.0.0.1:9/heard.png || fail 'the network is not heard'
# The page forbids every script but its own, one that slipped in as well.
sed 's|</main>|<script>console.error("slipped in")</script>&|' hostile.html > slipped.html
browse slipped.html --dump-dom
! grep 'CONSOLE.*"slipped in"' said.err || fail 'another script than its own runs in the page'
grep -q 'CONSOLE.*Content Security Policy' said.err || fail "the policy is not heard: $(cat said.err)"

# picture PAGE light|dark OPTIONS…: with more options one run of the browser does more than a picture.
picture() {
  local picture=$artefacts/$1-$2.png
  rm -f "$picture"
  browse "$1.html" --blink-settings="preferredColorScheme=$([[ $2 == dark ]] && echo 0 || echo 1)" --screenshot="$picture" "${@:3}"
  ! grep -F CONSOLE said.err || fail "$1.html: the console says something"
  /usr/bin/python3 "$here/audit_report.py" picture "$1.html" "$picture" "$2" || fail "$picture"
}

picture hostile dark
picture source dark
for page in hostile long zeros source alarm; do
  rm -f "$artefacts/$page.pdf"
  picture "$page" light --dump-dom --log-net-log=net.json --no-pdf-header-footer --print-to-pdf="$artefacts/$page.pdf"
  /usr/bin/python3 "$here/audit_report.py" drawn "$page.html" said.out || fail "$page.html is not drawn as it should be"
  /usr/bin/python3 "$here/audit_report.py" network net.json || fail "$page.html asks the network for something"
  [[ $(head -c 5 "$artefacts/$page.pdf") == %PDF- ]] || fail "$page.html does not print"
done
echo "pictures and prints are in $artefacts"
