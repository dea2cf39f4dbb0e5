// GNU MP: integers of any size. Its functions hide behind macros, which Swift can't see, so this header
// names the ones in use.
#pragma once
#include <gmp.h>
#include <stdbool.h>
