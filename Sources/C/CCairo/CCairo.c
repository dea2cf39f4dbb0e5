#include "CCairo.h"
#include <cairo/cairo.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

// Each pointer has the type that the header declares, so a wrong call does not compile.
#define FUNCTIONS(each) \
    each(cairo_image_surface_create) each(cairo_image_surface_get_data) each(cairo_image_surface_get_stride) \
    each(cairo_surface_flush) each(cairo_surface_destroy) each(cairo_surface_status) each(cairo_create) \
    each(cairo_destroy) each(cairo_status) each(cairo_status_to_string) each(cairo_set_source_rgba) each(cairo_paint) \
    each(cairo_set_line_width) each(cairo_set_line_join) each(cairo_set_line_cap) each(cairo_set_dash) \
    each(cairo_move_to) each(cairo_line_to) each(cairo_close_path) each(cairo_rectangle) each(cairo_arc) \
    each(cairo_new_path) each(cairo_new_sub_path) each(cairo_fill) each(cairo_fill_preserve) each(cairo_stroke) each(cairo_clip) \
    each(cairo_save) each(cairo_restore) each(cairo_translate) each(cairo_rotate) each(cairo_select_font_face) \
    each(cairo_set_font_size) each(cairo_text_extents) each(cairo_font_extents) each(cairo_show_text) \
    each(cairo_font_options_create) each(cairo_font_options_destroy) each(cairo_font_options_set_hint_style) \
    each(cairo_font_options_set_hint_metrics) each(cairo_font_options_set_antialias) each(cairo_set_font_options)

#define DECLARE(name) static __typeof__(name) *p_##name;
FUNCTIONS(DECLARE)

static bool is_loaded;
static pthread_once_t loading = PTHREAD_ONCE_INIT;

static void load(void) {
    void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
    bool is_complete = true;
#define RESOLVE(name) is_complete = (p_##name = (__typeof__(p_##name))dlsym(library, #name)) && is_complete;
    FUNCTIONS(RESOLVE)
    is_loaded = is_complete;
}

bool crate_cairo_is_available(void) {
    pthread_once(&loading, load);
    return is_loaded;
}

struct crate_canvas {
    cairo_surface_t *surface;
    cairo_t *cairo;
    int width, height;
};

// Unhinted grey text: the same picture whatever the desktop's settings, and free to turn.
static void prepare_text(cairo_t *cairo) {
    cairo_font_options_t *options = p_cairo_font_options_create();
    p_cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    p_cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    p_cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    p_cairo_set_font_options(cairo, options);
    p_cairo_font_options_destroy(options);
}

crate_canvas *crate_canvas_create(int width, int height) {
    crate_canvas *canvas = calloc(1, sizeof *canvas);
    if (!canvas) return NULL;
    canvas->width = width;
    canvas->height = height;
    canvas->surface = p_cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    canvas->cairo = p_cairo_create(canvas->surface);
    if (p_cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS) {
        crate_canvas_close(canvas);
        return NULL;
    }
    prepare_text(canvas->cairo);
    p_cairo_set_source_rgba(canvas->cairo, 1, 1, 1, 1);
    p_cairo_paint(canvas->cairo);
    return canvas;
}

void crate_canvas_close(crate_canvas *canvas) {
    p_cairo_destroy(canvas->cairo);
    p_cairo_surface_destroy(canvas->surface);
    free(canvas);
}

const char *crate_canvas_failure(crate_canvas *canvas) {
    cairo_status_t status = p_cairo_status(canvas->cairo);
    return status == CAIRO_STATUS_SUCCESS ? NULL : p_cairo_status_to_string(status);
}

void crate_canvas_copy_rgb(crate_canvas *canvas, uint8_t *target) {
    p_cairo_surface_flush(canvas->surface);
    const uint8_t *source = p_cairo_image_surface_get_data(canvas->surface);
    int stride = p_cairo_image_surface_get_stride(canvas->surface);
    for (int y = 0; y < canvas->height; y++) {
        // One 32-bit word per pixel in the machine's byte order.
        const uint32_t *row = (const uint32_t *)(const void *)(source + (size_t)y * stride);
        for (int x = 0; x < canvas->width; x++, target += 3) {
            target[0] = (uint8_t)(row[x] >> 16);
            target[1] = (uint8_t)(row[x] >> 8);
            target[2] = (uint8_t)row[x];
        }
    }
}

void crate_canvas_set_color(crate_canvas *canvas, double red, double green, double blue, double alpha) {
    p_cairo_set_source_rgba(canvas->cairo, red, green, blue, alpha);
}

void crate_canvas_set_line_width(crate_canvas *canvas, double width) { p_cairo_set_line_width(canvas->cairo, width); }

void crate_canvas_set_round(crate_canvas *canvas, bool is_round) {
    p_cairo_set_line_join(canvas->cairo, is_round ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER);
    p_cairo_set_line_cap(canvas->cairo, is_round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
}

void crate_canvas_set_dash(crate_canvas *canvas, const double *lengths, int count) {
    p_cairo_set_dash(canvas->cairo, lengths, count, 0);
}

void crate_canvas_move(crate_canvas *canvas, double x, double y) { p_cairo_move_to(canvas->cairo, x, y); }
void crate_canvas_line(crate_canvas *canvas, double x, double y) { p_cairo_line_to(canvas->cairo, x, y); }
void crate_canvas_close_path(crate_canvas *canvas) { p_cairo_close_path(canvas->cairo); }

void crate_canvas_rectangle(crate_canvas *canvas, double x, double y, double width, double height) {
    p_cairo_rectangle(canvas->cairo, x, y, width, height);
}

void crate_canvas_circle(crate_canvas *canvas, double x, double y, double radius) {
    p_cairo_new_sub_path(canvas->cairo);
    p_cairo_arc(canvas->cairo, x, y, radius, 0, 6.283185307179586);
    p_cairo_close_path(canvas->cairo);
}

void crate_canvas_arc(crate_canvas *canvas, double x, double y, double radius, double from, double to) {
    p_cairo_arc(canvas->cairo, x, y, radius, from, to);
}

void crate_canvas_fill(crate_canvas *canvas) { p_cairo_fill(canvas->cairo); }
void crate_canvas_fill_and_keep(crate_canvas *canvas) { p_cairo_fill_preserve(canvas->cairo); }
void crate_canvas_stroke(crate_canvas *canvas) { p_cairo_stroke(canvas->cairo); }
void crate_canvas_clip(crate_canvas *canvas) { p_cairo_clip(canvas->cairo); }
void crate_canvas_save(crate_canvas *canvas) { p_cairo_save(canvas->cairo); }
void crate_canvas_restore(crate_canvas *canvas) { p_cairo_restore(canvas->cairo); }
void crate_canvas_translate(crate_canvas *canvas, double x, double y) { p_cairo_translate(canvas->cairo, x, y); }
void crate_canvas_rotate(crate_canvas *canvas, double angle) { p_cairo_rotate(canvas->cairo, angle); }

void crate_canvas_set_font(crate_canvas *canvas, double size, bool is_bold) {
    cairo_font_weight_t weight = is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL;
    p_cairo_select_font_face(canvas->cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, weight);
    p_cairo_set_font_size(canvas->cairo, size);
}

crate_text_size crate_canvas_measure(crate_canvas *canvas, const char *text) {
    cairo_text_extents_t extents;
    cairo_font_extents_t font;
    p_cairo_text_extents(canvas->cairo, text, &extents);
    p_cairo_font_extents(canvas->cairo, &font);
    return (crate_text_size){.advance = extents.x_advance, .ascent = font.ascent, .descent = font.descent};
}

void crate_canvas_text(crate_canvas *canvas, double x, double baseline, const char *text) {
    p_cairo_move_to(canvas->cairo, x, baseline);
    p_cairo_show_text(canvas->cairo, text);
    // The pen is left at the text's end, from where the next shape would draw a line.
    p_cairo_new_path(canvas->cairo);
}
