#include "CSndFile.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Each pointer has the type that the header declares, so a wrong call does not compile.
#define FUNCTIONS(each) \
    each(sf_open_virtual) each(sf_close) each(sf_command) each(sf_format_check) each(sf_strerror) \
    each(sf_seek) each(sf_get_string) each(sf_set_string) \
    each(sf_readf_short) each(sf_readf_int) each(sf_readf_float) each(sf_readf_double) \
    each(sf_writef_short) each(sf_writef_int) each(sf_writef_float) each(sf_writef_double)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static bool is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libsndfile.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    bool is_complete = true;
#define RESOLVE(name) is_complete = (p_##name = (__typeof__(p_##name))dlsym(library, #name)) && is_complete;
    FUNCTIONS(RESOLVE)
    is_loaded = is_complete;
}

bool crate_sound_is_available(void) {
    pthread_once(&loading, load);
    return is_loaded;
}

struct crate_sound {
    SNDFILE *file;
    // Read: the input. Written: what has been written so far, with room up to `capacity`.
    uint8_t *bytes;
    size_t count, capacity, position;
    bool is_output, failed;
};

static sf_count_t length(void *state) { return (sf_count_t)((crate_sound *)state)->count; }
static sf_count_t tell(void *state) { return (sf_count_t)((crate_sound *)state)->position; }

static sf_count_t seek(sf_count_t offset, int whence, void *state) {
    crate_sound *sound = state;
    sf_count_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (sf_count_t)sound->position : (sf_count_t)sound->count;
    sf_count_t target;
    if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
    sound->position = (size_t)target;
    return target;
}

static sf_count_t take(void *target, sf_count_t wanted, void *state) {
    crate_sound *sound = state;
    if (sound->position >= sound->count || wanted <= 0) return 0;
    size_t present = sound->count - sound->position;
    size_t taken = (uint64_t)wanted < present ? (size_t)wanted : present;
    memcpy(target, sound->bytes + sound->position, taken);
    sound->position += taken;
    return (sf_count_t)taken;
}

static bool make_room(crate_sound *sound, size_t end) {
    if (end <= sound->capacity) return true;
    if (end > SIZE_MAX / 4) return false;
    uint8_t *grown = realloc(sound->bytes, end * 2);
    if (!grown) return false;
    sound->bytes = grown;
    sound->capacity = end * 2;
    return true;
}

static sf_count_t give(const void *source, sf_count_t wanted, void *state) {
    crate_sound *sound = state;
    size_t end;
    if (!sound->is_output || wanted <= 0) return 0;
    if (__builtin_add_overflow(sound->position, (size_t)wanted, &end) || !make_room(sound, end)) {
        sound->failed = true;
        return 0;
    }
    if (sound->position > sound->count) memset(sound->bytes + sound->count, 0, sound->position - sound->count);
    memcpy(sound->bytes + sound->position, source, (size_t)wanted);
    sound->position = end;
    if (end > sound->count) sound->count = end;
    return wanted;
}

static bool open_file(crate_sound *sound, int mode, SF_INFO *info, char *message, size_t message_size) {
    SF_VIRTUAL_IO memory = {.get_filelen = length, .seek = seek, .read = take, .write = give, .tell = tell};
    sound->file = p_sf_open_virtual(&memory, mode, info, sound);
    if (!sound->file) snprintf(message, message_size, "%s", p_sf_strerror(NULL));
    return sound->file != NULL;
}

bool crate_sound_is_writable(crate_sound_layout layout) {
    SF_INFO info = {.samplerate = layout.rate, .channels = layout.channels, .format = layout.format};
    return crate_sound_is_available() && p_sf_format_check(&info);
}

crate_sound *crate_sound_open(const uint8_t *bytes, size_t count, crate_sound_layout *layout, char *message, size_t message_size) {
    crate_sound *sound = calloc(1, sizeof *sound);
    if (!sound) return NULL;
    // Never written: `give` refuses input.
    sound->bytes = (uint8_t *)bytes;
    sound->count = count;
    SF_INFO info = {0};
    if (!open_file(sound, SFM_READ, &info, message, message_size)) {
        crate_sound_close(sound);
        return NULL;
    }
    *layout = (crate_sound_layout){.frames = info.frames, .rate = info.samplerate, .channels = info.channels, .format = info.format};
    return sound;
}

int64_t crate_sound_read(crate_sound *sound, crate_sound_sample type, void *target, int64_t frames) {
    switch (type) {
    case crate_sound_int16: return p_sf_readf_short(sound->file, target, frames);
    case crate_sound_int32: return p_sf_readf_int(sound->file, target, frames);
    case crate_sound_float32: return p_sf_readf_float(sound->file, target, frames);
    case crate_sound_float64: return p_sf_readf_double(sound->file, target, frames);
    }
    return 0;
}

bool crate_sound_seek(crate_sound *sound, int64_t frame) { return p_sf_seek(sound->file, frame, SF_SEEK_SET) == frame; }

const char *crate_sound_tag(crate_sound *sound, int tag) { return p_sf_get_string(sound->file, tag); }
bool crate_sound_set_tag(crate_sound *sound, int tag, const char *text) { return p_sf_set_string(sound->file, tag, text) == 0; }

crate_sound *crate_sound_create(crate_sound_layout layout, double quality, double compression, char *message, size_t message_size) {
    crate_sound *sound = calloc(1, sizeof *sound);
    if (!sound) return NULL;
    sound->is_output = true;
    SF_INFO info = {.samplerate = layout.rate, .channels = layout.channels, .format = layout.format};
    if (!open_file(sound, SFM_WRITE, &info, message, message_size)) {
        crate_sound_close(sound);
        return NULL;
    }
    // As python-soundfile does: without clipping, what passes 1 would wrap around to -1.
    p_sf_command(sound->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    p_sf_command(sound->file, SFC_SET_SCALE_INT_FLOAT_WRITE, NULL, SF_TRUE);
    // The PEAK chunk holds the time of day, and would make two equal files differ.
    p_sf_command(sound->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    if (quality >= 0) p_sf_command(sound->file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    if (compression >= 0) p_sf_command(sound->file, SFC_SET_COMPRESSION_LEVEL, &compression, sizeof compression);
    return sound;
}

int64_t crate_sound_write(crate_sound *sound, crate_sound_sample type, const void *source, int64_t frames) {
    switch (type) {
    case crate_sound_int16: return p_sf_writef_short(sound->file, source, frames);
    case crate_sound_int32: return p_sf_writef_int(sound->file, source, frames);
    case crate_sound_float32: return p_sf_writef_float(sound->file, source, frames);
    case crate_sound_float64: return p_sf_writef_double(sound->file, source, frames);
    }
    return 0;
}

bool crate_sound_finish(crate_sound *sound) {
    if (sound->file && p_sf_close(sound->file) != 0) sound->failed = true;
    sound->file = NULL;
    return !sound->failed;
}

const uint8_t *crate_sound_bytes(const crate_sound *sound, size_t *count) {
    *count = sound->count;
    return sound->bytes;
}

void crate_sound_close(crate_sound *sound) {
    if (sound->file) p_sf_close(sound->file);
    if (sound->is_output) free(sound->bytes);
    free(sound);
}
