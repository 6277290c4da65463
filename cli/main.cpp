// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/fd_stream.h"
#include "cli/interrupt.h"
#include "cli/sources.h"
#include "core/secret_bytes.h"
#include "crypto/initialise.h"

int main(int argc, char** argv) {
  using namespace lightseed;
  try {
    forbid_core_dumps();
    crypto::initialise();
    const cli::Interrupt interrupt;
    cli::FdStream out(STDOUT_FILENO, "stdout");
    cli::FdStream err(STDERR_FILENO, "stderr");
    // Nobody reads what stderr cannot say; the work goes on.
    err.exceptions(std::ios::goodbit);
    cli::Console console(out, err, cli::settings_of_process());
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return cli::run_command_line(words, cli::all_sources(console), interrupt.token(), console);
  } catch (const std::exception& fault) {
    // Before the command began: no thread, no memory.
    std::fprintf(stderr, "lightseed: cannot start: %s\n", fault.what());
    return cli::exit_code(Category::internal);
  }
}
