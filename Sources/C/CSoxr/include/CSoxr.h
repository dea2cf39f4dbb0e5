// libsoxr, opened when first used: sound at another rate. Its settings are structs that functions return.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { crate_resample_int16, crate_resample_int32, crate_resample_float32, crate_resample_float64 } crate_resample_sample;

// From the quickest to the best, by libsoxr's recipes.
typedef enum { crate_resample_quick, crate_resample_low, crate_resample_medium, crate_resample_high, crate_resample_very_high } crate_resample_quality;

typedef struct {
    double from, to;
    int channels;
    crate_resample_sample sample;
    crate_resample_quality quality;
} crate_resample_job;

// Whether libsoxr is installed. Opens it.
bool crate_resample_is_available(void);
// Interleaved frames to at most `room` new ones; their number, or -1 with a message that stays. Whole numbers are clipped
// to their range and not dithered, so that equal sounds give equal results.
int64_t crate_resample(crate_resample_job job, const void *source, size_t frames, void *target, size_t room, const char **message);
