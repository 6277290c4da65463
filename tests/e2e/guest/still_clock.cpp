// SPDX-License-Identifier: Apache-2.0
// Preloaded into Debian's infnoise in the guest of makers.sh: its clock stands still. It throws away every round that
// took longer than 5 ms (libinfnoise.c:375), which on a busy machine, in an emulated processor, may be all of them;
// what is judged here are bytes.
#include <ctime>

extern "C" int clock_gettime(clockid_t, timespec* time) noexcept {
  *time = {};
  return 0;
}
