/* How much of the work (wait.h) is done in native functions, by their names. */
#ifndef SANDOGH_BOARD_COUNT_H
#define SANDOGH_BOARD_COUNT_H

/* Natives whose work is counted one by one (the linker sends their calls through count.c). */
/* clang-format off */
#define COUNTED(N) \
	N(xs_sha256) N(xs_sha512) N(xs_blake2b) N(xs_sign_key_pair) N(xs_sign) N(xs_verify) N(xs_box_key_pair) N(xs_x25519) \
	N(xs_seal) N(xs_seal_open) N(xs_hmac_sha256) N(xs_encrypt) N(xs_decrypt) N(xs_typeset) N(xs_paint565) N(xs_paint1) N(xs_find) N(xs_display_write) \
	N(xs_cable_request) N(xs_flash_read) N(xs_review) N(xs_fold)
/* clang-format on */

/* One line of JSON: {"name":[calls,instructions],...}; returns its length. */
int count_natives(char* out, int length);

#endif
