// liblzma: the .xz and .lzma forms of joblib's files.
#pragma once
#include <lzma.h>
