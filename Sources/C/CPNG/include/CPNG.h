// libpng's full interface, which reports errors by longjmp. Swift can't be jumped over, so every call that may jump is
// made here, inside one function that called setjmp, and answers with false and a message instead. The simple interface
// (png_image_…) needs none of this, but changes 16-bit samples and hands out palette indices unchecked.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRATE_PNG_MESSAGE_SIZE 128

// What the rows will hold after expansion: palette to RGB or RGBA, 1, 2 and 4-bit grey to 8 bits, tRNS to alpha.
typedef struct {
    uint32_t width, height;
    // 8 or 16; 16-bit samples come in the machine's byte order.
    int bit_depth;
    // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    int channels;
    // The sizes that IDAT must have after inflating, to judge a claim before memory is set aside for it.
    uint64_t packed_bytes;
} crate_png_header;

typedef struct crate_png_reader crate_png_reader;

// Reads up to the first IDAT. The bytes must stay until close. NULL only without memory; look at `message` first: it is
// empty when the header was read.
crate_png_reader *crate_png_reader_open(const uint8_t *bytes, size_t count, crate_png_header *header);
const char *crate_png_reader_message(const crate_png_reader *reader);
// Whether the message is about bytes that end too early.
bool crate_png_reader_hit_end(const crate_png_reader *reader);
// Bytes taken so far: where the damage is.
size_t crate_png_reader_position(const crate_png_reader *reader);
// Decodes all rows into `pixels`, `row_bytes` apart, and reads the chunks that follow.
bool crate_png_reader_read(crate_png_reader *reader, uint8_t *pixels, size_t row_bytes);
// Text chunks, complete after reading. Plain ones are Latin-1, international ones UTF-8. Bounded by libpng's limits on
// their number and size; those beyond are left out.
int crate_png_reader_text_count(const crate_png_reader *reader);
void crate_png_reader_text(
    const crate_png_reader *reader, int index, const char **key, const char **text, size_t *length, bool *is_utf8);
void crate_png_reader_close(crate_png_reader *reader);

typedef struct crate_png_writer crate_png_writer;

crate_png_writer *crate_png_writer_create(void);
// A copy is kept. `text` is UTF-8; ASCII goes into tEXt, anything else into iTXt. False without memory.
bool crate_png_writer_add_text(crate_png_writer *writer, const char *key, const char *text);
// `level` is zlib's, 0 to 9, or -1 for its default.
bool crate_png_writer_write(
    crate_png_writer *writer, uint32_t width, uint32_t height, int bit_depth, int channels, int level,
    const uint8_t *pixels, size_t row_bytes);
const char *crate_png_writer_message(const crate_png_writer *writer);
// The file, until close.
const uint8_t *crate_png_writer_bytes(const crate_png_writer *writer, size_t *count);
void crate_png_writer_close(crate_png_writer *writer);
