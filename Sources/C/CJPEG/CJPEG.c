#include "CJPEG.h"
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
// After jpeglib.h, which it needs.
#include <jerror.h>

// Enough for any sensible progressive file (ten is usual); without a bound, a small file of empty scans over a large
// picture keeps a decoder busy for minutes.
enum { SCAN_LIMIT = 128 };

// `manager` must stay first: libjpeg hands it back as the whole.
typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
    bool hit_end, is_too_big;
    char message[JMSG_LENGTH_MAX];
} failure_state;

static void give_up(j_common_ptr info) {
    failure_state *failure = (failure_state *)info->err;
    int code = failure->manager.msg_code;
    failure->hit_end = code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JERR_INPUT_EMPTY || code == JERR_INPUT_EOF;
    failure->is_too_big = code == JERR_IMAGE_TOO_BIG || code == JERR_WIDTH_OVERFLOW;
    failure->manager.format_message(info, failure->message);
    longjmp(failure->escape, 1);
}

// Warnings about entropy-coded data mean pixels that are made up.
static void judge(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
        give_up(info);
    default:
        info->err->num_warnings++;
    }
}

static void keep_quiet(j_common_ptr info) { (void)info; }

static struct jpeg_error_mgr *prepare(failure_state *failure) {
    jpeg_std_error(&failure->manager);
    failure->manager.error_exit = give_up;
    failure->manager.emit_message = judge;
    failure->manager.output_message = keep_quiet;
    return &failure->manager;
}

struct crate_jpeg_reader {
    struct jpeg_decompress_struct info;
    struct jpeg_progress_mgr progress;
    failure_state failure;
};

static void bound_scans(j_common_ptr info) {
    if (((j_decompress_ptr)info)->input_scan_number <= SCAN_LIMIT) return;
    failure_state *failure = (failure_state *)info->err;
    snprintf(failure->message, sizeof failure->message, "more than %d scans", SCAN_LIMIT);
    longjmp(failure->escape, 1);
}

static void read_header(crate_jpeg_reader *reader, const uint8_t *bytes, size_t count, crate_jpeg_header *header) {
    if (setjmp(reader->failure.escape)) return;
    jpeg_create_decompress(&reader->info);
    reader->progress.progress_monitor = bound_scans;
    reader->info.progress = &reader->progress;
    jpeg_mem_src(&reader->info, bytes, count);
    jpeg_read_header(&reader->info, TRUE);
    switch (reader->info.jpeg_color_space) {
    case JCS_GRAYSCALE: reader->info.out_color_space = JCS_GRAYSCALE; header->channels = 1; break;
    case JCS_CMYK:
    case JCS_YCCK: reader->info.out_color_space = JCS_CMYK; header->channels = 4; break;
    case JCS_RGB:
    case JCS_YCbCr: reader->info.out_color_space = JCS_RGB; header->channels = 3; break;
    default: ERREXIT(&reader->info, JERR_CONVERSION_NOTIMPL);
    }
    header->width = reader->info.image_width;
    header->height = reader->info.image_height;
    header->is_arithmetic = reader->info.arith_code;
}

crate_jpeg_reader *crate_jpeg_reader_open(const uint8_t *bytes, size_t count, crate_jpeg_header *header) {
    crate_jpeg_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->info.err = prepare(&reader->failure);
    read_header(reader, bytes, count, header);
    return reader;
}

const char *crate_jpeg_reader_message(const crate_jpeg_reader *reader) { return reader->failure.message; }
bool crate_jpeg_reader_hit_end(const crate_jpeg_reader *reader) { return reader->failure.hit_end; }

bool crate_jpeg_reader_is_too_big(const crate_jpeg_reader *reader) { return reader->failure.is_too_big; }

bool crate_jpeg_reader_read(crate_jpeg_reader *reader, uint8_t *pixels, size_t row_bytes) {
    if (setjmp(reader->failure.escape)) return false;
    jpeg_start_decompress(&reader->info);
    while (reader->info.output_scanline < reader->info.output_height) {
        JSAMPROW row = pixels + (size_t)reader->info.output_scanline * row_bytes;
        jpeg_read_scanlines(&reader->info, &row, 1);
    }
    jpeg_finish_decompress(&reader->info);
    return true;
}

void crate_jpeg_reader_close(crate_jpeg_reader *reader) {
    jpeg_destroy_decompress(&reader->info);
    free(reader);
}

struct crate_jpeg_writer {
    struct jpeg_compress_struct info;
    failure_state failure;
    unsigned char *bytes;
    unsigned long count;
};

crate_jpeg_writer *crate_jpeg_writer_create(void) {
    crate_jpeg_writer *writer = calloc(1, sizeof *writer);
    if (writer) writer->info.err = prepare(&writer->failure);
    return writer;
}

static void configure(j_compress_ptr info, const crate_jpeg_layout *layout) {
    info->image_width = layout->width;
    info->image_height = layout->height;
    info->input_components = layout->channels;
    info->in_color_space = layout->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(info);
    jpeg_set_quality(info, layout->quality, TRUE);
    info->comp_info[0].h_samp_factor = layout->channels == 1 ? 1 : layout->chroma_across;
    info->comp_info[0].v_samp_factor = layout->channels == 1 ? 1 : layout->chroma_down;
    if (layout->is_progressive) jpeg_simple_progression(info);
}

// The least Exif that tells the orientation: one entry of a little-endian TIFF directory.
static void write_orientation(j_compress_ptr info, int orientation) {
    JOCTET exif[] = {
        'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0,
        0x12, 0x01, 3, 0, 1, 0, 0, 0, (JOCTET)orientation, 0, 0, 0, 0, 0, 0, 0,
    };
    jpeg_write_marker(info, JPEG_APP0 + 1, exif, sizeof exif);
}

bool crate_jpeg_writer_write(crate_jpeg_writer *writer, const crate_jpeg_layout *layout, const uint8_t *pixels, size_t row_bytes) {
    if (setjmp(writer->failure.escape)) {
        // The buffer may have been moved since libjpeg last told where it is: leaking it is the safe end.
        writer->bytes = NULL;
        return false;
    }
    jpeg_create_compress(&writer->info);
    jpeg_mem_dest(&writer->info, &writer->bytes, &writer->count);
    configure(&writer->info, layout);
    jpeg_start_compress(&writer->info, TRUE);
    if (layout->orientation) write_orientation(&writer->info, layout->orientation);
    if (layout->comment)
        jpeg_write_marker(&writer->info, JPEG_COM, (const JOCTET *)layout->comment, (unsigned)strlen(layout->comment));
    while (writer->info.next_scanline < writer->info.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)writer->info.next_scanline * row_bytes);
        jpeg_write_scanlines(&writer->info, &row, 1);
    }
    jpeg_finish_compress(&writer->info);
    return true;
}

const char *crate_jpeg_writer_message(const crate_jpeg_writer *writer) { return writer->failure.message; }

const uint8_t *crate_jpeg_writer_bytes(const crate_jpeg_writer *writer, size_t *count) {
    *count = writer->count;
    return writer->bytes;
}

void crate_jpeg_writer_close(crate_jpeg_writer *writer) {
    jpeg_destroy_compress(&writer->info);
    free(writer->bytes);
    free(writer);
}
