#include "CPNG.h"
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Kept on the heap: locals that change between setjmp and longjmp are undefined afterwards.
struct crate_png_reader {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count, position;
    png_colorp palette;
    int palette_count;
    png_bytep palette_alpha;
    int palette_alpha_count;
    bool hit_end;
    char message[CRATE_PNG_MESSAGE_SIZE];
};

static void fail(char *message, png_const_charp text) {
    snprintf(message, CRATE_PNG_MESSAGE_SIZE, "%s", text && *text ? text : "damaged");
}

static void reader_failed(png_structp png, png_const_charp text) {
    crate_png_reader *reader = png_get_error_ptr(png);
    fail(reader->message, text);
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void take(png_structp png, png_bytep target, size_t length) {
    crate_png_reader *reader = png_get_io_ptr(png);
    if (length > reader->count - reader->position) {
        reader->hit_end = true;
        reader->position = reader->count;
        png_error(png, "the file ends early");
    }
    memcpy(target, reader->bytes + reader->position, length);
    reader->position += length;
}

// A palette is kept as indices, widened to bytes, and looked up afterwards: libpng's own expansion does not tell an
// index past the palette from black.
static void set_expansion(crate_png_reader *reader, int color_type, int bit_depth) {
    png_structp png = reader->png;
    if (color_type == PNG_COLOR_TYPE_PALETTE) {
        png_get_PLTE(png, reader->info, &reader->palette, &reader->palette_count);
        png_get_tRNS(png, reader->info, &reader->palette_alpha, &reader->palette_alpha_count, NULL);
        png_set_packing(png);
        return;
    }
    if (color_type == PNG_COLOR_TYPE_GRAY && bit_depth < 8) png_set_expand_gray_1_2_4_to_8(png);
    if (png_get_valid(png, reader->info, PNG_INFO_tRNS) && !(color_type & PNG_COLOR_MASK_ALPHA)) png_set_tRNS_to_alpha(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (bit_depth == 16) png_set_swap(png);
#endif
}

static uint64_t packed_size(crate_png_reader *reader, uint32_t width, uint32_t height) {
    uint64_t bits = (uint64_t)png_get_bit_depth(reader->png, reader->info) * png_get_channels(reader->png, reader->info);
    return (uint64_t)height * (1 + (width * bits + 7) / 8);
}

// libpng sets aside as many bytes as a chunk claims to have before it looks for them.
static void check_chunk_lengths(crate_png_reader *reader) {
    enum { SIGNATURE = 8, HEAD = 8, AROUND = 12 };
    size_t position = SIGNATURE;
    if (reader->count < SIGNATURE || png_sig_cmp(reader->bytes, 0, SIGNATURE) != 0) return;
    while (position < reader->count && reader->count - position >= HEAD) {
        const uint8_t *chunk = reader->bytes + position;
        uint32_t length = png_get_uint_32(chunk);
        if (reader->count - position < AROUND || length > reader->count - position - AROUND) {
            reader->hit_end = true;
            reader->position = position;
            png_error(reader->png, "the file ends inside a chunk");
        }
        if (memcmp(chunk + 4, "IEND", 4) == 0) return;
        position += AROUND + length;
    }
}

static void read_header(crate_png_reader *reader, crate_png_header *header) {
    if (setjmp(png_jmpbuf(reader->png))) return;
    check_chunk_lengths(reader);
    png_set_read_fn(reader->png, reader, take);
    // The caller judges width times height; libpng's own bound of a million each way would refuse a long strip.
    png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(reader->png, 4 << 20);
    png_set_chunk_cache_max(reader->png, 200);
    png_read_info(reader->png, reader->info);
    png_uint_32 width, height;
    int bit_depth, color_type;
    png_get_IHDR(reader->png, reader->info, &width, &height, &bit_depth, &color_type, NULL, NULL, NULL);
    header->packed_bytes = packed_size(reader, width, height);
    set_expansion(reader, color_type, bit_depth);
    header->width = width;
    header->height = height;
    header->bit_depth = bit_depth == 16 ? 16 : 8;
    header->channels = reader->palette ? 3 : png_get_channels(reader->png, reader->info);
    // libpng gives out tRNS only where the type has no alpha channel already.
    if (png_get_valid(reader->png, reader->info, PNG_INFO_tRNS) && !(color_type & PNG_COLOR_MASK_ALPHA)) header->channels++;
}

crate_png_reader *crate_png_reader_open(const uint8_t *bytes, size_t count, crate_png_header *header) {
    crate_png_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, reader_failed, ignore_warning);
    reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
    if (!reader->info) {
        crate_png_reader_close(reader);
        return NULL;
    }
    read_header(reader, header);
    return reader;
}

const char *crate_png_reader_message(const crate_png_reader *reader) { return reader->message; }
bool crate_png_reader_hit_end(const crate_png_reader *reader) { return reader->hit_end; }
size_t crate_png_reader_position(const crate_png_reader *reader) { return reader->position; }

// From the right, in place: a pixel never grows over an index that is still to be read.
static bool expand_row(const crate_png_reader *reader, uint8_t *row, uint32_t width) {
    int channels = reader->palette_alpha ? 4 : 3;
    for (uint32_t x = width; x-- > 0;) {
        int index = row[x];
        if (index >= reader->palette_count) return false;
        uint8_t *pixel = row + (size_t)x * channels;
        pixel[0] = reader->palette[index].red;
        pixel[1] = reader->palette[index].green;
        pixel[2] = reader->palette[index].blue;
        if (channels == 4) pixel[3] = index < reader->palette_alpha_count ? reader->palette_alpha[index] : 255;
    }
    return true;
}

static bool read_rows(crate_png_reader *reader, uint8_t *pixels, size_t row_bytes) {
    if (setjmp(png_jmpbuf(reader->png))) return false;
    const uint32_t height = png_get_image_height(reader->png, reader->info);
    // Not sooner: this sets memory aside for rows, whose length the caller has judged only now.
    int passes = png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    if (png_get_rowbytes(reader->png, reader->info) > row_bytes) png_error(reader->png, "rows are longer than the header says");
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < height; y++) png_read_row(reader->png, pixels + y * row_bytes, NULL);
    png_read_end(reader->png, reader->info);
    return true;
}

bool crate_png_reader_read(crate_png_reader *reader, uint8_t *pixels, size_t row_bytes) {
    if (!read_rows(reader, pixels, row_bytes)) return false;
    if (!reader->palette) return true;
    uint32_t width = png_get_image_width(reader->png, reader->info);
    uint32_t height = png_get_image_height(reader->png, reader->info);
    for (uint32_t y = 0; y < height; y++)
        if (!expand_row(reader, pixels + y * row_bytes, width)) {
            fail(reader->message, "a pixel points past the palette");
            return false;
        }
    return true;
}

int crate_png_reader_text_count(const crate_png_reader *reader) {
    png_textp texts = NULL;
    return png_get_text(reader->png, reader->info, &texts, NULL);
}

void crate_png_reader_text(
    const crate_png_reader *reader, int index, const char **key, const char **text, size_t *length, bool *is_utf8) {
    png_textp texts = NULL;
    png_get_text(reader->png, reader->info, &texts, NULL);
    *key = texts[index].key;
    *text = texts[index].text ? texts[index].text : "";
    *is_utf8 = texts[index].compression >= PNG_ITXT_COMPRESSION_NONE;
    *length = *is_utf8 ? texts[index].itxt_length : texts[index].text_length;
}

void crate_png_reader_close(crate_png_reader *reader) {
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

struct crate_png_writer {
    png_structp png;
    png_infop info;
    uint8_t *bytes;
    size_t count, capacity;
    png_text *texts;
    int text_count;
    char message[CRATE_PNG_MESSAGE_SIZE];
};

static void writer_failed(png_structp png, png_const_charp text) {
    crate_png_writer *writer = png_get_error_ptr(png);
    fail(writer->message, text);
    png_longjmp(png, 1);
}

static void give(png_structp png, png_bytep source, size_t length) {
    crate_png_writer *writer = png_get_io_ptr(png);
    if (length > writer->capacity - writer->count) {
        if (length > SIZE_MAX / 4 - writer->count) png_error(png, "too large");
        size_t capacity = (writer->count + length) * 2;
        uint8_t *grown = realloc(writer->bytes, capacity);
        if (!grown) png_error(png, "out of memory");
        writer->bytes = grown;
        writer->capacity = capacity;
    }
    memcpy(writer->bytes + writer->count, source, length);
    writer->count += length;
}

static void flush_nothing(png_structp png) { (void)png; }

crate_png_writer *crate_png_writer_create(void) {
    crate_png_writer *writer = calloc(1, sizeof *writer);
    if (!writer) return NULL;
    writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, writer_failed, ignore_warning);
    writer->info = writer->png ? png_create_info_struct(writer->png) : NULL;
    if (!writer->info) {
        crate_png_writer_close(writer);
        return NULL;
    }
    return writer;
}

static bool is_ascii(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80) return false;
    return true;
}

bool crate_png_writer_add_text(crate_png_writer *writer, const char *key, const char *text) {
    png_text *grown = realloc(writer->texts, (writer->text_count + 1) * sizeof *grown);
    if (!grown) return false;
    writer->texts = grown;
    char *key_copy = strdup(key), *text_copy = strdup(text);
    writer->texts[writer->text_count++] = (png_text){
        .compression = is_ascii(text) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE,
        .key = key_copy,
        .text = text_copy,
        .text_length = text_copy ? strlen(text_copy) : 0,
    };
    return key_copy && text_copy;
}

bool crate_png_writer_write(
    crate_png_writer *writer, uint32_t width, uint32_t height, int bit_depth, int channels, int level,
    const uint8_t *pixels, size_t row_bytes) {
    static const int color_types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
    if (setjmp(png_jmpbuf(writer->png))) return false;
    png_set_write_fn(writer->png, writer, give, flush_nothing);
    png_set_user_limits(writer->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_compression_level(writer->png, level);
    png_set_IHDR(
        writer->png, writer->info, width, height, bit_depth, color_types[channels - 1], PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_text(writer->png, writer->info, writer->texts, writer->text_count);
    png_write_info(writer->png, writer->info);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (bit_depth == 16) png_set_swap(writer->png);
#endif
    for (uint32_t y = 0; y < height; y++) png_write_row(writer->png, pixels + y * row_bytes);
    png_write_end(writer->png, writer->info);
    return true;
}

const char *crate_png_writer_message(const crate_png_writer *writer) { return writer->message; }

const uint8_t *crate_png_writer_bytes(const crate_png_writer *writer, size_t *count) {
    *count = writer->count;
    return writer->bytes;
}

void crate_png_writer_close(crate_png_writer *writer) {
    png_destroy_write_struct(&writer->png, &writer->info);
    for (int index = 0; index < writer->text_count; index++) {
        free(writer->texts[index].key);
        free(writer->texts[index].text);
    }
    free(writer->texts);
    free(writer->bytes);
    free(writer);
}
