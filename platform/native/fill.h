/* Rectangles filled with one color. */
#ifndef SANDOGH_FILL_H
#define SANDOGH_FILL_H

#include "canvas.h"

/* As much of `box` as is on the canvas and not covered by what is painted after it. */
void fill(const struct canvas* canvas, struct box box, uint32_t color);

#endif
