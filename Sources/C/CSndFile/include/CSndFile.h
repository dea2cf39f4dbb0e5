// libsndfile, opened when first used: linking it would cost every run more than a millisecond at start. Files are read
// from memory and written to memory through its virtual input and output, which need C callbacks.
#pragma once
#include <sndfile.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { crate_sound_int16, crate_sound_int32, crate_sound_float32, crate_sound_float64 } crate_sound_sample;

typedef struct {
    int64_t frames;
    int rate, channels;
    // One of SF_FORMAT_ for the container, and one for the coding.
    int format;
} crate_sound_layout;

typedef struct crate_sound crate_sound;

// Whether libsndfile is installed. Opens it.
bool crate_sound_is_available(void);
bool crate_sound_is_writable(crate_sound_layout layout);

// NULL with a message when refused. The bytes must stay until close.
crate_sound *crate_sound_open(const uint8_t *bytes, size_t count, crate_sound_layout *layout, char *message, size_t message_size);
// Frames delivered, interleaved.
int64_t crate_sound_read(crate_sound *sound, crate_sound_sample type, void *target, int64_t frames);

// Goes on reading at `frame`.
bool crate_sound_seek(crate_sound *sound, int64_t frame);

// One of SF_STR_; NULL when the file has none. Setting is for before the first frame; false when the container has no
// place for it.
const char *crate_sound_tag(crate_sound *sound, int tag);
bool crate_sound_set_tag(crate_sound *sound, int tag, const char *text);

// `quality` from 0 (small) to 1 (good) for lossy codings, `compression` from 0 (quick) to 1 (small) for lossless ones;
// negative for the library's default.
crate_sound *crate_sound_create(crate_sound_layout layout, double quality, double compression, char *message, size_t message_size);
// Frames taken. Floats beyond -1 to 1 are clipped; integers fill the whole range when the coding is float.
int64_t crate_sound_write(crate_sound *sound, crate_sound_sample type, const void *source, int64_t frames);
// Ends the file: headers are complete only now. False when memory ran out on the way.
bool crate_sound_finish(crate_sound *sound);
// The file written, after finishing and until close.
const uint8_t *crate_sound_bytes(const crate_sound *sound, size_t *count);
void crate_sound_close(crate_sound *sound);
