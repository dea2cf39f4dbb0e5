#include "CWebP.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <webp/decode.h>
#include <webp/encode.h>

// Each pointer has the type that the header declares, so a wrong call does not compile.
#define FUNCTIONS(each) \
    each(WebPGetFeaturesInternal) each(WebPInitDecoderConfigInternal) each(WebPDecode) each(WebPFreeDecBuffer) \
    each(WebPConfigInitInternal) each(WebPPictureInitInternal) each(WebPPictureImportRGB) each(WebPPictureImportRGBA) \
    each(WebPPictureFree) each(WebPEncode) each(WebPMemoryWriterInit) each(WebPMemoryWriterClear) each(WebPMemoryWrite)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static bool is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libwebp.so.7", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    bool is_complete = true;
#define RESOLVE(name) is_complete = (p_##name = (__typeof__(p_##name))dlsym(library, #name)) && is_complete;
    FUNCTIONS(RESOLVE)
    is_loaded = is_complete;
}

bool crate_webp_is_available(void) {
    pthread_once(&loading, load);
    return is_loaded;
}

static crate_webp_outcome outcome(VP8StatusCode status) {
    switch (status) {
    case VP8_STATUS_OK: return crate_webp_fine;
    case VP8_STATUS_OUT_OF_MEMORY: return crate_webp_out_of_memory;
    case VP8_STATUS_SUSPENDED:
    case VP8_STATUS_NOT_ENOUGH_DATA: return crate_webp_ends_early;
    case VP8_STATUS_UNSUPPORTED_FEATURE: return crate_webp_unsupported;
    default: return crate_webp_damaged;
    }
}

crate_webp_outcome crate_webp_decode(
    const uint8_t *bytes, size_t count, int width, int height, bool has_alpha, uint8_t *pixels, int stride, size_t capacity) {
    WebPDecoderConfig config;
    if (!p_WebPInitDecoderConfigInternal(&config, WEBP_DECODER_ABI_VERSION)) return crate_webp_unsupported;
    VP8StatusCode status = p_WebPGetFeaturesInternal(bytes, count, &config.input, WEBP_DECODER_ABI_VERSION);
    if (status != VP8_STATUS_OK) return outcome(status);
    // Another size than the one that memory was set aside for.
    if (config.input.width != width || config.input.height != height) return crate_webp_damaged;
    config.output.colorspace = has_alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA = (WebPRGBABuffer){.rgba = pixels, .stride = stride, .size = capacity};
    status = p_WebPDecode(bytes, count, &config);
    p_WebPFreeDecBuffer(&config.output);
    return outcome(status);
}

struct crate_webp_writer {
    WebPMemoryWriter memory;
    int failure;
};

static bool encode(crate_webp_writer *writer, crate_webp_layout layout, const uint8_t *pixels, int stride) {
    WebPConfig config;
    WebPPicture picture;
    if (!p_WebPConfigInitInternal(&config, WEBP_PRESET_DEFAULT, layout.quality, WEBP_ENCODER_ABI_VERSION)) return false;
    if (!p_WebPPictureInitInternal(&picture, WEBP_ENCODER_ABI_VERSION)) return false;
    config.lossless = layout.is_lossless;
    // Without it colours under full transparency would be changed.
    config.exact = layout.is_lossless;
    picture.use_argb = layout.is_lossless;
    picture.width = layout.width;
    picture.height = layout.height;
    picture.writer = p_WebPMemoryWrite;
    picture.custom_ptr = &writer->memory;
    bool is_encoded = (layout.channels == 4 ? p_WebPPictureImportRGBA : p_WebPPictureImportRGB)(&picture, pixels, stride) &&
        p_WebPEncode(&config, &picture);
    writer->failure = picture.error_code;
    p_WebPPictureFree(&picture);
    return is_encoded;
}

crate_webp_writer *crate_webp_encode(crate_webp_layout layout, const uint8_t *pixels, int stride) {
    crate_webp_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    p_WebPMemoryWriterInit(&writer->memory);
    if (!encode(writer, layout, pixels, stride)) p_WebPMemoryWriterClear(&writer->memory);
    return writer;
}

const uint8_t *crate_webp_writer_bytes(const crate_webp_writer *writer, size_t *count) {
    *count = writer->memory.size;
    return writer->memory.mem;
}

int crate_webp_writer_failure(const crate_webp_writer *writer) { return writer->failure; }

void crate_webp_writer_close(crate_webp_writer *writer) {
    p_WebPMemoryWriterClear(&writer->memory);
    free(writer);
}
