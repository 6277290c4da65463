# SPDX-License-Identifier: Apache-2.0
# Which sources may be compiled as one: awk -v most=N -f cmake/unity_groups.awk FILE… prints one group a line, of at
# most N files. Files with local helpers of the same name go to different groups, unless both say the same alias of a
# type or of literals. Local names are what a file says at the left margin inside "namespace {".
FNR == 1 { files[++count] = FILENAME; hidden = 0 }
/^namespace \{/ { hidden = 1 }
/^}  \/\/ namespace/ { hidden = 0 }
# Compiled for several processors, each apart.
/^#include ".*-inl\.h"/ { names[FILENAME] = names[FILENAME] " inl"; meaning[FILENAME, "inl"] = FILENAME }
/^(TEST_CASE|TEMPLATE_TEST_CASE)/ { next }
hidden && /^using namespace (lightseed|std::[a-z_:]*literals);$/ { next }
hidden && /^[A-Za-z]/ && !/^namespace/ && match($0, /[A-Za-z_0-9]+( final)?( :[^:].*)?(\(| =( |$)|\{| \{|;|\[)/) {
  note(substr($0, RSTART, RLENGTH))
  # constexpr int one = 1, other = 2;
  for (rest = $0; /^constexpr/ && match(rest, /, [A-Za-z_0-9]+ = /); rest = substr(rest, RSTART + RLENGTH))
    note(substr(rest, RSTART + 2, RLENGTH))
}
function note(name) {
  sub(/[^A-Za-z_0-9].*/, "", name)
  names[FILENAME] = names[FILENAME] " " name
  meaning[FILENAME, name] = /^using [A-Za-z_0-9]+ = .*;$/ ? $0 : FILENAME
}
END {
  for (i = 1; i <= count; ++i) {
    n = split(names[files[i]], own, " ")
    for (group = 1; ; ++group) {
      fits = size[group] < most
      for (k = 1; fits && k <= n; ++k) {
        fits = !((group, own[k]) in taken) || taken[group, own[k]] == meaning[files[i], own[k]]
      }
      if (fits) break
    }
    for (k = 1; k <= n; ++k) taken[group, own[k]] = meaning[files[i], own[k]]
    ++size[group]; line[group] = line[group] " " files[i]
    if (group > groups) groups = group
  }
  for (group = 1; group <= groups; ++group) print substr(line[group], 2)
  if (!count) exit 1
}
