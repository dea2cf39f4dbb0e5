// libwebp, opened when first used. Its setup calls are inline functions that would link it, and its pictures are written
// through a C callback.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    crate_webp_fine,
    crate_webp_damaged,
    crate_webp_ends_early,
    crate_webp_unsupported,
    crate_webp_out_of_memory,
} crate_webp_outcome;

// Whether libwebp is installed. Opens it.
bool crate_webp_is_available(void);

// Decodes one picture (a whole file or the chunks of one frame) of exactly `width` × `height` to rows `stride` bytes
// apart, of RGB or of RGBA. `capacity` is what may be written from `pixels` on.
crate_webp_outcome crate_webp_decode(
    const uint8_t *bytes, size_t count, int width, int height, bool has_alpha, uint8_t *pixels, int stride, size_t capacity);

typedef struct {
    int width, height;
    // 3 or 4.
    int channels;
    bool is_lossless;
    // 0 to 100: of the picture, or how hard a lossless one is pressed.
    float quality;
} crate_webp_layout;

typedef struct crate_webp_writer crate_webp_writer;

// NULL without memory; look at `bytes` first: there are none when it failed.
crate_webp_writer *crate_webp_encode(crate_webp_layout layout, const uint8_t *pixels, int stride);
const uint8_t *crate_webp_writer_bytes(const crate_webp_writer *writer, size_t *count);
// libwebp's number of what went wrong.
int crate_webp_writer_failure(const crate_webp_writer *writer);
void crate_webp_writer_close(crate_webp_writer *writer);
