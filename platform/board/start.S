/*
 * The first instructions of the board, and the way in and out of a trap. One hart, machine mode only.
 */
	.section .text.start, "ax"
	.globl _start
_start:
	csrw	mie, zero
	csrw	mstatus, zero
	.option push
	.option norelax
	la	gp, __global_pointer$
	.option pop
	la	sp, __stack_top
	la	tp, __tls_base
	la	t0, trap_entry
	csrw	mtvec, t0
	/* Everything beyond the loaded image is made zero: nothing of an earlier run, nor the emulator's device tree, is left to be read. */
	la	t0, __clear_start
	la	t1, __clear_end
	/* word by word to a boundary of 32 bytes, which the end is on, then eight words at a time */
1:	andi	t2, t0, 31
	beqz	t2, 2f
	sw	zero, 0(t0)
	addi	t0, t0, 4
	j	1b
2:	sw	zero, 0(t0)
	sw	zero, 4(t0)
	sw	zero, 8(t0)
	sw	zero, 12(t0)
	sw	zero, 16(t0)
	sw	zero, 20(t0)
	sw	zero, 24(t0)
	sw	zero, 28(t0)
	addi	t0, t0, 32
	bltu	t0, t1, 2b
	call	board_main
3:	j	3b

	.section .text.trap_entry, "ax"
	.align	2
	.globl trap_entry
trap_entry:
	addi	sp, sp, -64
	sw	ra, 0(sp)
	sw	t0, 4(sp)
	sw	t1, 8(sp)
	sw	t2, 12(sp)
	sw	a0, 16(sp)
	sw	a1, 20(sp)
	sw	a2, 24(sp)
	sw	a3, 28(sp)
	sw	a4, 32(sp)
	sw	a5, 36(sp)
	sw	a6, 40(sp)
	sw	a7, 44(sp)
	sw	t3, 48(sp)
	sw	t4, 52(sp)
	sw	t5, 56(sp)
	sw	t6, 60(sp)
	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	call	board_trap
	lw	ra, 0(sp)
	lw	t0, 4(sp)
	lw	t1, 8(sp)
	lw	t2, 12(sp)
	lw	a0, 16(sp)
	lw	a1, 20(sp)
	lw	a2, 24(sp)
	lw	a3, 28(sp)
	lw	a4, 32(sp)
	lw	a5, 36(sp)
	lw	a6, 40(sp)
	lw	a7, 44(sp)
	lw	t3, 48(sp)
	lw	t4, 52(sp)
	lw	t5, 56(sp)
	lw	t6, 60(sp)
	addi	sp, sp, 64
	mret

	/* The ballot role's byte code and the text bundle of its screens. */
	.section .rodata.image, "a"
	.balign	16
	.globl board_image, board_image_end
board_image:
	.incbin BOARD_IMAGE
board_image_end:
	.balign	16
	.globl board_text, board_text_end
board_text:
	.incbin BOARD_TEXT
board_text_end:
