#include "CTIFF.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

// Each pointer has the type that the header declares, so a wrong call does not compile.
#define FUNCTIONS(each) \
    each(TIFFClientOpenExt) each(TIFFOpenOptionsAlloc) each(TIFFOpenOptionsFree) each(TIFFOpenOptionsSetMaxSingleMemAlloc) \
    each(TIFFOpenOptionsSetErrorHandlerExtR) each(TIFFOpenOptionsSetWarningHandlerExtR) each(TIFFClose) each(TIFFFlush) \
    each(TIFFIsCODECConfigured) each(TIFFGetField) each(TIFFGetFieldDefaulted) each(TIFFSetField) each(TIFFIsTiled) each(TIFFNumberOfDirectories) \
    each(TIFFScanlineSize64) each(TIFFStripSize64) each(TIFFTileSize64) each(TIFFTileRowSize64) each(TIFFComputeStrip) \
    each(TIFFComputeTile) each(TIFFReadEncodedStrip) each(TIFFReadEncodedTile) each(TIFFRGBAImageOK) \
    each(TIFFReadRGBAImageOriented) each(TIFFDefaultStripSize) each(TIFFWriteEncodedStrip)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static bool is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libtiff.so.6", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    bool is_complete = true;
#define RESOLVE(name) is_complete = (p_##name = (__typeof__(p_##name))dlsym(library, #name)) && is_complete;
    FUNCTIONS(RESOLVE)
    is_loaded = is_complete;
}

bool crate_tiff_is_available(void) {
    pthread_once(&loading, load);
    return is_loaded;
}

// The file in memory, read or written.
typedef struct {
    uint8_t *bytes;
    size_t count, capacity, position;
    bool is_output, hit_end, is_unsupported;
    // The first failure's words: the later ones follow from it.
    char message[CRATE_TIFF_MESSAGE_SIZE];
} memory_file;

static int note(TIFF *tiff, void *state, const char *module, const char *format, va_list arguments) {
    (void)tiff, (void)module;
    memory_file *file = state;
    if (!file->message[0]) vsnprintf(file->message, sizeof file->message, format, arguments);
    return 1;
}

static int ignore(TIFF *tiff, void *state, const char *module, const char *format, va_list arguments) {
    (void)tiff, (void)state, (void)module, (void)format, (void)arguments;
    return 1;
}

static void fail(memory_file *file, const char *text) {
    if (!file->message[0]) snprintf(file->message, sizeof file->message, "%s", text);
}

static tmsize_t take(thandle_t state, void *target, tmsize_t wanted) {
    memory_file *file = state;
    if (wanted <= 0) return 0;
    size_t present = file->position < file->count ? file->count - file->position : 0;
    size_t taken = (size_t)wanted < present ? (size_t)wanted : present;
    if (taken < (size_t)wanted) file->hit_end = true;
    if (taken) memcpy(target, file->bytes + file->position, taken);
    file->position += taken;
    return (tmsize_t)taken;
}

static bool make_room(memory_file *file, size_t end) {
    if (end <= file->capacity) return true;
    if (end > SIZE_MAX / 4) return false;
    uint8_t *grown = realloc(file->bytes, end * 2);
    if (!grown) return false;
    file->bytes = grown;
    file->capacity = end * 2;
    return true;
}

static tmsize_t give(thandle_t state, void *source, tmsize_t wanted) {
    memory_file *file = state;
    size_t end;
    if (!file->is_output || wanted <= 0) return 0;
    if (__builtin_add_overflow(file->position, (size_t)wanted, &end) || !make_room(file, end)) {
        fail(file, "out of memory");
        return -1;
    }
    if (file->position > file->count) memset(file->bytes + file->count, 0, file->position - file->count);
    memcpy(file->bytes + file->position, source, (size_t)wanted);
    file->position = end;
    if (end > file->count) file->count = end;
    return wanted;
}

static toff_t seek(thandle_t state, toff_t offset, int whence) {
    memory_file *file = state;
    int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)file->position : (int64_t)file->count;
    int64_t target;
    if (__builtin_add_overflow(base, (int64_t)offset, &target) || target < 0) return (toff_t)-1;
    file->position = (size_t)target;
    return (toff_t)target;
}

static toff_t size(thandle_t state) { return ((memory_file *)state)->count; }
static int keep_open(thandle_t state) { return (void)state, 0; }

// `most` bounds each piece of memory that libtiff sets aside; 0 for no bound.
static TIFF *open_file(memory_file *file, const char *mode, int64_t most) {
    TIFFOpenOptions *options = p_TIFFOpenOptionsAlloc();
    if (!options) return NULL;
    p_TIFFOpenOptionsSetMaxSingleMemAlloc(options, most);
    p_TIFFOpenOptionsSetErrorHandlerExtR(options, note, file);
    p_TIFFOpenOptionsSetWarningHandlerExtR(options, ignore, NULL);
    TIFF *tiff = p_TIFFClientOpenExt("memory", mode, file, take, give, seek, keep_open, size, NULL, NULL, options);
    p_TIFFOpenOptionsFree(options);
    if (!tiff) fail(file, "can't be opened");
    return tiff;
}

// MARK: Reading

struct crate_tiff_reader {
    TIFF *tiff;
    memory_file file;
    crate_tiff_header header;
    int64_t most;
};

static int small_field(TIFF *tiff, uint32_t tag, int missing) {
    uint16_t value;
    return p_TIFFGetFieldDefaulted(tiff, tag, &value) ? value : missing;
}

static int alpha_kind(TIFF *tiff) {
    uint16_t count = 0, *kinds = NULL;
    if (!p_TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) || count == 0 || !kinds) return 0;
    return kinds[0] == EXTRASAMPLE_ASSOCALPHA ? 1 : kinds[0] == EXTRASAMPLE_UNASSALPHA ? 2 : 0;
}

static bool is_plain(const crate_tiff_header *header) {
    int least = header->photometric == PHOTOMETRIC_RGB ? 3 : 1;
    if (header->photometric != PHOTOMETRIC_MINISBLACK && header->photometric != PHOTOMETRIC_MINISWHITE && least == 1) return false;
    if (header->channels != least && header->channels != least + 1) return false;
    switch (header->sample_format) {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_INT: return header->bits == 8 || header->bits == 16 || header->bits == 32;
    case SAMPLEFORMAT_IEEEFP: return header->bits == 16 || header->bits == 32 || header->bits == 64;
    default: return false;
    }
}

static void read_header(TIFF *tiff, crate_tiff_header *header) {
    uint32_t profile_size;
    void *profile;
    p_TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width);
    p_TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height);
    header->bits = small_field(tiff, TIFFTAG_BITSPERSAMPLE, 1);
    header->channels = small_field(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    header->sample_format = small_field(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
    header->photometric = small_field(tiff, TIFFTAG_PHOTOMETRIC, header->channels >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
    header->compression = small_field(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    header->orientation = small_field(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
    header->has_planes = small_field(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    header->has_profile = p_TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &profile_size, &profile);
    header->is_coding_known = p_TIFFIsCODECConfigured((uint16_t)header->compression);
    header->is_tiled = p_TIFFIsTiled(tiff);
    header->alpha = alpha_kind(tiff);
    header->is_plain = is_plain(header);
}

crate_tiff_reader *crate_tiff_reader_open(const uint8_t *bytes, size_t count, int64_t most, crate_tiff_header *header) {
    crate_tiff_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    // Never written: `give` refuses input.
    reader->file.bytes = (uint8_t *)bytes;
    reader->file.count = count;
    reader->most = most;
    // m: no mapping, since the bytes are in memory already and every access should pass `take`.
    reader->tiff = open_file(&reader->file, "rm", most);
    if (!reader->tiff) return reader;
    // Tags that were passed over with an error are missing, which their readers see.
    reader->file.message[0] = 0;
    read_header(reader->tiff, &reader->header);
    *header = reader->header;
    return reader;
}

const char *crate_tiff_reader_message(const crate_tiff_reader *reader) { return reader->file.message; }
bool crate_tiff_reader_is_unsupported(const crate_tiff_reader *reader) { return reader->file.is_unsupported; }
bool crate_tiff_reader_hit_end(const crate_tiff_reader *reader) { return reader->file.hit_end; }
size_t crate_tiff_reader_position(const crate_tiff_reader *reader) {
    return reader->file.position < reader->file.count ? reader->file.position : reader->file.count;
}

const char *crate_tiff_reader_text(const crate_tiff_reader *reader, uint32_t tag) {
    char *text = NULL;
    return p_TIFFGetField(reader->tiff, tag, &text) ? text : NULL;
}

uint32_t crate_tiff_reader_pages(crate_tiff_reader *reader) { return p_TIFFNumberOfDirectories(reader->tiff); }

// A stretch of decoded rows, of one plane or of all, and where it belongs.
typedef struct {
    const uint8_t *rows;
    size_t row_bytes;
    uint32_t x, y, width, height;
    int plane;
} piece;

static void place(const crate_tiff_header *header, piece part, uint8_t *pixels, size_t row_bytes) {
    const size_t sample = (size_t)header->bits / 8, pixel = sample * (size_t)header->channels;
    for (uint32_t line = 0; line < part.height; line++) {
        const uint8_t *source = part.rows + line * part.row_bytes;
        uint8_t *target = pixels + (part.y + line) * row_bytes + part.x * pixel;
        if (!header->has_planes) {
            memcpy(target, source, part.width * pixel);
            continue;
        }
        target += (size_t)part.plane * sample;
        for (uint32_t column = 0; column < part.width; column++) memcpy(target + column * pixel, source + column * sample, sample);
    }
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static bool read_strips(crate_tiff_reader *reader, int plane, uint8_t *pixels, size_t row_bytes, uint8_t *scratch) {
    const crate_tiff_header *header = &reader->header;
    const size_t strip_row = (size_t)p_TIFFScanlineSize64(reader->tiff);
    uint32_t rows = header->height;
    p_TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    rows = rows == 0 ? header->height : least(rows, header->height);
    for (uint32_t y = 0; y < header->height;) {
        uint32_t count = least(rows, header->height - y);
        uint32_t strip = p_TIFFComputeStrip(reader->tiff, y, (uint16_t)plane);
        uint8_t *target = header->has_planes ? scratch : pixels + y * row_bytes;
        tmsize_t wanted = (tmsize_t)(count * strip_row);
        if (p_TIFFReadEncodedStrip(reader->tiff, strip, target, wanted) != wanted) return false;
        if (header->has_planes) place(header, (piece){scratch, strip_row, 0, y, header->width, count, plane}, pixels, row_bytes);
        y += count;
    }
    return true;
}

static bool read_tiles(crate_tiff_reader *reader, int plane, uint8_t *pixels, size_t row_bytes, uint8_t *scratch) {
    const crate_tiff_header *header = &reader->header;
    const tmsize_t tile_size = (tmsize_t)p_TIFFTileSize64(reader->tiff);
    const size_t tile_row = (size_t)p_TIFFTileRowSize64(reader->tiff);
    uint32_t width = 0, height = 0;
    p_TIFFGetField(reader->tiff, TIFFTAG_TILEWIDTH, &width);
    p_TIFFGetField(reader->tiff, TIFFTAG_TILELENGTH, &height);
    if (width == 0 || height == 0) return false;
    for (uint64_t y = 0; y < header->height; y += height)
        for (uint64_t x = 0; x < header->width; x += width) {
            uint32_t tile = p_TIFFComputeTile(reader->tiff, (uint32_t)x, (uint32_t)y, 0, (uint16_t)plane);
            if (p_TIFFReadEncodedTile(reader->tiff, tile, scratch, tile_size) != tile_size) return false;
            piece part = {scratch, tile_row, (uint32_t)x, (uint32_t)y, least(width, header->width - (uint32_t)x), least(height, header->height - (uint32_t)y), plane};
            place(header, part, pixels, row_bytes);
        }
    return true;
}

bool crate_tiff_reader_read(crate_tiff_reader *reader, uint8_t *pixels, size_t row_bytes) {
    const crate_tiff_header *header = &reader->header;
    const size_t plane_row = row_bytes / (header->has_planes ? (size_t)header->channels : 1);
    uint64_t scratch_size = header->is_tiled ? p_TIFFTileSize64(reader->tiff) : header->has_planes ? p_TIFFStripSize64(reader->tiff) : 1;
    bool has_sound_rows = header->is_tiled ? p_TIFFTileRowSize64(reader->tiff) > 0 : p_TIFFScanlineSize64(reader->tiff) == plane_row;
    if (!has_sound_rows || scratch_size == 0 || scratch_size > (uint64_t)reader->most) {
        fail(&reader->file, "has tiles or strips of an impossible size");
        return false;
    }
    uint8_t *scratch = malloc(scratch_size);
    if (!scratch) return fail(&reader->file, "out of memory"), false;
    bool is_read = true;
    for (int plane = 0; is_read && plane < (header->has_planes ? header->channels : 1); plane++)
        is_read = (header->is_tiled ? read_tiles : read_strips)(reader, plane, pixels, row_bytes, scratch);
    free(scratch);
    if (!is_read) fail(&reader->file, "has less pixels than it says");
    return is_read;
}

bool crate_tiff_reader_read_rgba(crate_tiff_reader *reader, uint8_t *pixels) {
    const crate_tiff_header *header = &reader->header;
    char reason[1024] = "";
    if (!p_TIFFRGBAImageOK(reader->tiff, reason)) {
        reader->file.is_unsupported = true;
        return fail(&reader->file, reason), false;
    }
    // Asked for in its own orientation, the picture is not turned.
    bool is_read = p_TIFFReadRGBAImageOriented(
        reader->tiff, header->width, header->height, (uint32_t *)pixels, header->orientation, 1);
    if (!is_read) fail(&reader->file, "can't be decoded");
    return is_read;
}

void crate_tiff_reader_close(crate_tiff_reader *reader) {
    if (reader->tiff) p_TIFFClose(reader->tiff);
    free(reader);
}

// MARK: Writing

struct crate_tiff_writer {
    TIFF *tiff;
    memory_file file;
    crate_tiff_layout layout;
};

static bool set_layout(TIFF *tiff, crate_tiff_layout layout) {
    bool is_color = layout.channels >= 3, has_alpha = layout.channels == 2 || layout.channels == 4;
    uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
    bool is_set = p_TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, layout.width) && p_TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, layout.height) &&
        p_TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, layout.bits) && p_TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.channels) &&
        p_TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, layout.sample_format) &&
        p_TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, is_color ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK) &&
        p_TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) && p_TIFFSetField(tiff, TIFFTAG_ORIENTATION, layout.orientation) &&
        (!has_alpha || p_TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha)) &&
        p_TIFFSetField(tiff, TIFFTAG_COMPRESSION, layout.level > 0 ? COMPRESSION_ADOBE_DEFLATE : COMPRESSION_NONE);
    if (layout.level == 0 || !is_set) return is_set;
    // Differences of neighbours deflate better; those of floats, which few programs read, are left out.
    int predictor = layout.sample_format == SAMPLEFORMAT_IEEEFP ? PREDICTOR_NONE : PREDICTOR_HORIZONTAL;
    return p_TIFFSetField(tiff, TIFFTAG_PREDICTOR, predictor) && p_TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, layout.level);
}

crate_tiff_writer *crate_tiff_writer_create(crate_tiff_layout layout) {
    crate_tiff_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    writer->layout = layout;
    writer->file.is_output = true;
    writer->tiff = open_file(&writer->file, layout.is_big ? "w8" : "w", 0);
    if (writer->tiff && !set_layout(writer->tiff, layout)) fail(&writer->file, "takes no such layout");
    return writer;
}

bool crate_tiff_writer_set_text(crate_tiff_writer *writer, uint32_t tag, const char *text) {
    return writer->tiff && p_TIFFSetField(writer->tiff, tag, text);
}

bool crate_tiff_writer_write(crate_tiff_writer *writer, const uint8_t *pixels, size_t row_bytes) {
    if (!writer->tiff || writer->file.message[0]) return false;
    uint32_t rows = p_TIFFDefaultStripSize(writer->tiff, 0);
    bool is_written = rows > 0 && p_TIFFSetField(writer->tiff, TIFFTAG_ROWSPERSTRIP, rows);
    for (uint32_t y = 0; is_written && y < writer->layout.height;) {
        uint32_t count = least(rows, writer->layout.height - y);
        tmsize_t wanted = (tmsize_t)(count * row_bytes);
        // Encoders work on copies of a strip: the pixels stay as they are.
        is_written = p_TIFFWriteEncodedStrip(writer->tiff, y / rows, (void *)(pixels + y * row_bytes), wanted) == wanted;
        y += count;
    }
    is_written = is_written && p_TIFFFlush(writer->tiff);
    p_TIFFClose(writer->tiff);
    writer->tiff = NULL;
    if (!is_written) fail(&writer->file, "can't be encoded");
    return !writer->file.message[0];
}

const char *crate_tiff_writer_message(const crate_tiff_writer *writer) { return writer->file.message; }

const uint8_t *crate_tiff_writer_bytes(const crate_tiff_writer *writer, size_t *count) {
    *count = writer->file.count;
    return writer->file.bytes;
}

void crate_tiff_writer_close(crate_tiff_writer *writer) {
    if (writer->tiff) p_TIFFClose(writer->tiff);
    free(writer->file.bytes);
    free(writer);
}
