// SHA-256 of OpenSSL's libcrypto. The one-algorithm interface is marked deprecated there in favour of a
// general one that would load every algorithm at start; it is kept, quick, and small when linked statically.
#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
