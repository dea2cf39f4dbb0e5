// liblz4: the .lz4 form of joblib's files.
#pragma once
#include <lz4frame.h>
