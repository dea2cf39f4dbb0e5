#include "CSoxr.h"
#include <dlfcn.h>
#include <pthread.h>
#include <soxr.h>

// Each pointer has the type that the header declares, so a wrong call does not compile.
#define FUNCTIONS(each) each(soxr_oneshot) each(soxr_io_spec) each(soxr_quality_spec) each(soxr_runtime_spec)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static bool is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libsoxr.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    bool is_complete = true;
#define RESOLVE(name) is_complete = (p_##name = (__typeof__(p_##name))dlsym(library, #name)) && is_complete;
    FUNCTIONS(RESOLVE)
    is_loaded = is_complete;
}

bool crate_resample_is_available(void) {
    pthread_once(&loading, load);
    return is_loaded;
}

static soxr_datatype_t datatype(crate_resample_sample sample) {
    switch (sample) {
    case crate_resample_int16: return SOXR_INT16_I;
    case crate_resample_int32: return SOXR_INT32_I;
    case crate_resample_float32: return SOXR_FLOAT32_I;
    case crate_resample_float64: return SOXR_FLOAT64_I;
    }
    return SOXR_FLOAT64_I;
}

static unsigned long recipe(crate_resample_quality quality) {
    switch (quality) {
    case crate_resample_quick: return SOXR_QQ;
    case crate_resample_low: return SOXR_LQ;
    case crate_resample_medium: return SOXR_MQ;
    case crate_resample_high: return SOXR_HQ;
    case crate_resample_very_high: return SOXR_VHQ;
    }
    return SOXR_HQ;
}

int64_t crate_resample(crate_resample_job job, const void *source, size_t frames, void *target, size_t room, const char **message) {
    soxr_io_spec_t form = p_soxr_io_spec(datatype(job.sample), datatype(job.sample));
    form.flags |= SOXR_NO_DITHER;
    soxr_quality_spec_t quality = p_soxr_quality_spec(recipe(job.quality), 0);
    soxr_runtime_spec_t runtime = p_soxr_runtime_spec(1);
    size_t taken = 0, given = 0;
    *message = p_soxr_oneshot(
        job.from, job.to, (unsigned)job.channels, source, frames, &taken, target, room, &given, &form, &quality, &runtime);
    return *message ? -1 : (int64_t)given;
}
