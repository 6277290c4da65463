# SPDX-License-Identifier: Apache-2.0
# Which sources may be compiled as one: awk -v most=N -f cmake/unity_groups.awk FILE… prints one group a line, of at
# most N files. Files whose local names would clash go to different groups: local names are what a file says at the left
# margin inside "namespace {", and what its using-declarations bring. Two functions of one name clash only if their first
# parameters are of one type or of types that a literal turns into alike (numbers; texts), and two names brought by
# "using" only if they differ.
FNR == 1 { files[++count] = FILENAME; hidden = 0 }
/^namespace \{/ { hidden = 1 }
/^}  \/\/ namespace/ { hidden = 0 }
# Compiled for several processors, each apart.
/^#include ".*-inl\.h"/ { note("inl", "") }
/^(TEST_CASE|TEMPLATE_TEST_CASE)/ { next }
/^using [A-Za-z_0-9:]+;$/ { name = $2; gsub(/.*::|;/, "", name); note(name, "=" $0); next }
hidden && /^using namespace [A-Za-z_0-9:]+;$/ { next }
{ while (sub(/^(LIGHTSEED_CLONES\([^)]*\)|\[\[[^]]*\]\]|__attribute__\(\([^()]*(\([^()]*\))?\)\)) ?/, "")); }
hidden && /^[A-Za-z]/ && !/^namespace/ && match($0, /[A-Za-z_0-9]+( final)?( :[^:].*)?(\(| =( |$)|\{| \{|;|\[)/) {
  name = substr($0, RSTART, RLENGTH)
  sub(/[^A-Za-z_0-9].*/, "", name)
  if (/^using .*;$/) note(name, "=" $0)
  else if (substr($0, RSTART + length(name), 1) == "(") note(name, first_type(substr($0, RSTART + length(name) + 1)))
  else note(name, "")
  # constexpr int one = 1, other = 2;
  for (rest = $0; /^constexpr/ && match(rest, /, [A-Za-z_0-9]+ = /); rest = substr(rest, RSTART + RLENGTH))
    note(substr(rest, RSTART + 2, RLENGTH - 5), "")
}
# The type of a function's first parameter, as far as the line tells it.
function first_type(parameters) {
  sub(/[,)].*/, "", parameters)
  sub(/ [a-z_0-9]+( = .*)?$/, "", parameters)
  gsub(/^const |[a-z_0-9]+::|&$/, "", parameters)  # const T& and T are alike to a call, too
  if (parameters ~ /^(u?int[0-9]+_t|size_t|ptrdiff_t|streamsize|unsigned|int|long|double|float|char|bool)$/) return "(number"
  if (parameters ~ /^(string|string_view|path|Json|char\*)$/) return "(text"
  return "(" parameters
}
# A local name of the file at hand; its meaning is "(type" for a function, "=using …" for an alias, else empty.
function note(name, meaning) {
  own[count] = own[count] name SUBSEP meaning "\n"
}
function clashes(group, name, meaning,    other, i, n, kind) {
  n = split(taken[group, name], other, "\n")
  for (i = 1; i < n; ++i) {
    if (meaning == "" || other[i] == "") return 1
    kind = substr(meaning, 1, 1)
    if (kind != substr(other[i], 1, 1) || (meaning == other[i]) == (kind == "(")) return 1
  }
  return 0
}
END {
  for (i = 1; i <= count; ++i) {
    n = split(own[i], names, "\n")
    for (group = 1; ; ++group) {
      fits = size[group] < most
      for (k = 1; fits && k < n; ++k) {
        split(names[k], local, SUBSEP)
        fits = !clashes(group, local[1], local[2])
      }
      if (fits) break
    }
    for (k = 1; k < n; ++k) {
      split(names[k], local, SUBSEP)
      taken[group, local[1]] = taken[group, local[1]] local[2] "\n"
    }
    ++size[group]; line[group] = line[group] " " files[i]
    if (group > groups) groups = group
  }
  for (group = 1; group <= groups; ++group) print substr(line[group], 2)
  if (!count) exit 1
}
