/* Boxes with borders and round corners. */
#ifndef SANDOGH_BOX_H
#define SANDOGH_BOX_H

#include "arguments.h"
#include "canvas.h"

/* An item of KIND_BOX at `box`; `atlas` holds the discs of its corners. */
void paint_box(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas);

#endif
