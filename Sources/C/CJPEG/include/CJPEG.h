// libjpeg-turbo reports errors through a handler that must not return; the one here jumps. Swift can't be jumped over,
// so every call that may fail is made inside a function of this file that called setjmp, and answers with false and a
// message instead.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t width, height;
    // 1 grey, 3 RGB, 4 CMYK as the file has it (Adobe's programs store it inverted).
    int channels;
    bool is_arithmetic;
} crate_jpeg_header;

typedef struct crate_jpeg_reader crate_jpeg_reader;

// NULL only without memory; otherwise look at `message`: it is empty when the header was read. The bytes must stay
// until close.
crate_jpeg_reader *crate_jpeg_reader_open(const uint8_t *bytes, size_t count, crate_jpeg_header *header);
const char *crate_jpeg_reader_message(const crate_jpeg_reader *reader);
// Whether the message is about data that end too early.
bool crate_jpeg_reader_hit_end(const crate_jpeg_reader *reader);
// Whether the message is about more pixels a side than libjpeg takes, 65500.
bool crate_jpeg_reader_is_too_big(const crate_jpeg_reader *reader);
// Decodes all rows. Damage that libjpeg would paper over with grey is a failure here.
bool crate_jpeg_reader_read(crate_jpeg_reader *reader, uint8_t *pixels, size_t row_bytes);
void crate_jpeg_reader_close(crate_jpeg_reader *reader);

typedef struct {
    uint32_t width, height;
    // 1 or 3.
    int channels;
    // 1 to 100.
    int quality;
    // Luma samples per chroma sample across and down: 2 and 2 is 4:2:0, 1 and 1 is 4:4:4.
    int chroma_across, chroma_down;
    bool is_progressive;
    // 1 to 8 as Exif has it; 0 for none.
    int orientation;
    // UTF-8, or NULL.
    const char *comment;
} crate_jpeg_layout;

typedef struct crate_jpeg_writer crate_jpeg_writer;

crate_jpeg_writer *crate_jpeg_writer_create(void);
bool crate_jpeg_writer_write(crate_jpeg_writer *writer, const crate_jpeg_layout *layout, const uint8_t *pixels, size_t row_bytes);
const char *crate_jpeg_writer_message(const crate_jpeg_writer *writer);
// The file, until close.
const uint8_t *crate_jpeg_writer_bytes(const crate_jpeg_writer *writer, size_t *count);
void crate_jpeg_writer_close(crate_jpeg_writer *writer);
