/* Runs of glyphs, and icons and photographs, which are glyphs by themselves. */
#ifndef SANDOGH_GLYPHS_H
#define SANDOGH_GLYPHS_H

#include "arguments.h"
#include "canvas.h"

/* An item of KIND_ICON at `box`. */
void paint_icon(xsMachine* the, struct canvas* canvas, const int32_t* item, struct box box, struct bytes atlas);

/* An item of KIND_RUN; a run that is not whole inside the store is refused. */
void paint_run(xsMachine* the, struct canvas* canvas, const int32_t* item, struct words store, struct bytes atlas);

#endif
