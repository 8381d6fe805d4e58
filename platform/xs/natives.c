#include "natives.h"

#include <string.h>

/* clang-format off */
#define NATIVES(N) \
	N(xs_sha256) N(xs_sha512) N(xs_blake2b) N(xs_sip_hash) N(xs_sign_key_pair) N(xs_sign) N(xs_verify) \
	N(xs_box_key_pair) N(xs_x25519) N(xs_seal) N(xs_seal_open) N(xs_hmac_sha256) N(xs_encrypt) N(xs_decrypt) \
	N(xs_first_unlike) N(xs_equal) N(xs_find_piece) N(xs_count) N(xs_zero_bits) N(xs_review) N(xs_fold) N(xs_tally_key_draw) N(xs_tally_key_begin) N(xs_tally_key_share) \
	N(xs_tally_key_combine) N(xs_tally_key_open) N(xs_tally_key_end) N(xs_typeset) N(xs_paint565) N(xs_paint1) \
	N(xs_put_box) N(xs_put_mask) N(xs_put_icon) N(xs_put_runs) N(xs_put_copies) N(xs_wipe) N(xs_find) \
	N(xs_random) N(xs_fuses_mac) N(xs_cable_send) N(xs_cable_request) N(xs_flash_read) N(xs_flash_program) N(xs_listen) \
	N(xs_deadline) N(xs_now) N(xs_wall) N(xs_trace) N(xs_wipe_heap) N(xs_display_size) N(xs_display_write) \
	N(xs_text)
/* clang-format on */

#define DECLARE(NAME) void NAME(xsMachine*);
NATIVES(DECLARE)

static const struct {
	const char* name;
	native_function function;
} natives[] = {
#define ROW(NAME) { #NAME, NAME },
	NATIVES(ROW)
};

native_function native_find(const char* name)
{
	size_t index;
	for (index = 0; index < sizeof(natives) / sizeof(natives[0]); index++)
		if (strcmp(natives[index].name, name) == 0)
			return natives[index].function;
	return NULL;
}
