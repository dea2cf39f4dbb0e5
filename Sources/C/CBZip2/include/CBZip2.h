// libbz2: the .bz2 form of joblib's files.
#pragma once
#include <bzlib.h>
