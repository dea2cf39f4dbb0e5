// The part of cairo that plots draw with, opened when first used: linking it would cost every run three milliseconds at
// start. Sizes and places are in pixels, angles in radians, colours from 0 to 1.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct crate_canvas crate_canvas;

// Whether cairo is installed. Opens it.
bool crate_cairo_is_available(void);

// NULL when there is no memory or the size is beyond cairo's. White.
crate_canvas *crate_canvas_create(int width, int height);
void crate_canvas_close(crate_canvas *canvas);
// NULL, or what failed on the way.
const char *crate_canvas_failure(crate_canvas *canvas);
// Copies the picture as RGB, `width * height * 3` bytes.
void crate_canvas_copy_rgb(crate_canvas *canvas, uint8_t *target);

void crate_canvas_set_color(crate_canvas *canvas, double red, double green, double blue, double alpha);
void crate_canvas_set_line_width(crate_canvas *canvas, double width);
// Round joins and caps for curves, square ones for axes.
void crate_canvas_set_round(crate_canvas *canvas, bool is_round);
void crate_canvas_set_dash(crate_canvas *canvas, const double *lengths, int count);
void crate_canvas_move(crate_canvas *canvas, double x, double y);
void crate_canvas_line(crate_canvas *canvas, double x, double y);
void crate_canvas_close_path(crate_canvas *canvas);
void crate_canvas_rectangle(crate_canvas *canvas, double x, double y, double width, double height);
void crate_canvas_circle(crate_canvas *canvas, double x, double y, double radius);
void crate_canvas_arc(crate_canvas *canvas, double x, double y, double radius, double from, double to);
void crate_canvas_fill(crate_canvas *canvas);
void crate_canvas_fill_and_keep(crate_canvas *canvas);
void crate_canvas_stroke(crate_canvas *canvas);
void crate_canvas_clip(crate_canvas *canvas);
void crate_canvas_save(crate_canvas *canvas);
void crate_canvas_restore(crate_canvas *canvas);
void crate_canvas_translate(crate_canvas *canvas, double x, double y);
void crate_canvas_rotate(crate_canvas *canvas, double angle);

typedef struct {
    // Of the whole text, by which the pen moves on.
    double advance;
    // Of the font: above and below the base line.
    double ascent, descent;
} crate_text_size;

void crate_canvas_set_font(crate_canvas *canvas, double size, bool is_bold);
// UTF-8.
crate_text_size crate_canvas_measure(crate_canvas *canvas, const char *text);
void crate_canvas_text(crate_canvas *canvas, double x, double baseline, const char *text);
