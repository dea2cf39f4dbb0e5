// libtiff, opened when first used: with what it needs it would cost every run some milliseconds at start. Files are read
// from memory and written to memory through its client calls, which need C callbacks; its fields are variadic.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRATE_TIFF_MESSAGE_SIZE 256

// The first picture's tags. Numbers are TIFF's own.
typedef struct {
    uint32_t width, height;
    int bits, channels;
    // 1 unsigned, 2 signed, 3 floating point.
    int sample_format;
    int photometric, compression, orientation;
    // 0 none, 1 premultiplied alpha, 2 plain alpha.
    int alpha;
    bool is_tiled, has_planes, has_profile;
    // Whether this libtiff decodes the compression.
    bool is_coding_known;
    // Whether rows can be given as they stand in the file; else only as RGBA of 8 bits.
    bool is_plain;
} crate_tiff_header;

typedef struct crate_tiff_reader crate_tiff_reader;

// Whether libtiff is installed. Opens it.
bool crate_tiff_is_available(void);

// Reads the first picture's tags; no piece of memory that libtiff sets aside passes `most`. The bytes must stay until
// close. NULL only without memory; look at `message` first: it is empty when the tags were read.
crate_tiff_reader *crate_tiff_reader_open(const uint8_t *bytes, size_t count, int64_t most, crate_tiff_header *header);
const char *crate_tiff_reader_message(const crate_tiff_reader *reader);
// Whether the message is about a form that libtiff does not give as RGBA.
bool crate_tiff_reader_is_unsupported(const crate_tiff_reader *reader);
// Whether bytes beyond the end were asked for.
bool crate_tiff_reader_hit_end(const crate_tiff_reader *reader);
// The end of the last bytes taken: where the damage is.
size_t crate_tiff_reader_position(const crate_tiff_reader *reader);
// The text of an ASCII tag; NULL when there is none.
const char *crate_tiff_reader_text(const crate_tiff_reader *reader, uint32_t tag);
// Pictures in the file.
uint32_t crate_tiff_reader_pages(crate_tiff_reader *reader);
// Rows as they stand in the file, in the machine's byte order, `row_bytes` apart; planes are woven together.
bool crate_tiff_reader_read(crate_tiff_reader *reader, uint8_t *pixels, size_t row_bytes);
// Rows of red, green, blue and alpha, one byte each, in the file's own order.
bool crate_tiff_reader_read_rgba(crate_tiff_reader *reader, uint8_t *pixels);
void crate_tiff_reader_close(crate_tiff_reader *reader);

typedef struct {
    uint32_t width, height;
    int bits, channels, sample_format, orientation;
    // Deflate's level; 0 for none.
    int level;
    // Beyond 4 GiB.
    bool is_big;
} crate_tiff_layout;

typedef struct crate_tiff_writer crate_tiff_writer;

crate_tiff_writer *crate_tiff_writer_create(crate_tiff_layout layout);
bool crate_tiff_writer_set_text(crate_tiff_writer *writer, uint32_t tag, const char *text);
// Writes all rows and ends the file.
bool crate_tiff_writer_write(crate_tiff_writer *writer, const uint8_t *pixels, size_t row_bytes);
const char *crate_tiff_writer_message(const crate_tiff_writer *writer);
// The file, until close.
const uint8_t *crate_tiff_writer_bytes(const crate_tiff_writer *writer, size_t *count);
void crate_tiff_writer_close(crate_tiff_writer *writer);
