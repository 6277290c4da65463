# Warnings of our own code; headers of the libraries we use are system headers and stay quiet.
add_library(lightseed_warnings INTERFACE)
target_compile_options(lightseed_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wimplicit-fallthrough
  $<$<BOOL:${LIGHTSEED_WERROR}>:-Werror>)
