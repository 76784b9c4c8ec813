/*
 * The two restartable sections, for linux-x64.
 *
 * A restartable sequence (Linux, rseq(2)) is a stretch of code on one CPU that runs to its end undisturbed, or not at
 * all: a thread that is preempted, migrated or signalled inside it goes on at the abort address. Its last instruction
 * is the store that makes its effect visible. Here that is the store of W, and a record's every byte is written in the
 * same section, so what lies below W is always whole. On this processor every store is a release, so who loads W
 * with acquire sees the bytes below it.
 *
 * The library must never be unloaded: a thread's rseq area may point at a section's descriptor for ever.
 */
#include "layout.h"

/* The section from start to end, whose interruption goes on at abort, is the thread's current one from here. */
.macro ARM start, end, abort, area, temporary
    .pushsection __rseq_cs, "aw"
    .balign 32
.Ldescriptor\@:
    .long   0, 0
    .quad   \start, \end - \start, \abort
    .popsection
    leaq    .Ldescriptor\@(%rip), \temporary
    movq    \temporary, RSEQ_CS(\area)
.endm

/* The kernel looks for the signature before an abort address. */
.macro SIGNATURE
    .byte   0x0f, 0xb9, 0x3d
    .long   RSEQ_SIGNATURE
.endm

/* The thread's rseq area. */
.macro AREA register
    movq    rt_area_offset(%rip), \register
    addq    %fs:0, \register
.endm

    .text

/*
 *   int rt_publish(const struct rt_section *section)
 *
 * The one primitive: on the section's CPU, if W is what is expected, up to three pieces and then W; or nothing that
 * anybody sees. Returns 0: published; 1: interrupted; 2: on another CPU; 3: W is another.
 *
 * Throughout: r8 the address of W, r9 the section, r10 the rseq area, r11 the piece.
 */
    .globl  rt_publish
    .type   rt_publish, @function
    .balign 64
rt_publish:
    .cfi_startproc
    movq    %rdi, %r9
    AREA    %r10
    ARM     .Lpublish_start, .Lpublish_end, .Lpublish_abort, %r10, %rax

.Lpublish_start:
    movl    SECTION_CPU(%r9), %eax
    cmpl    RSEQ_CPU_ID(%r10), %eax
    jne     .Lother_cpu
    movq    SECTION_W(%r9), %r8
    movq    SECTION_EXPECTED(%r9), %rax
    cmpq    (%r8), %rax
    jne     .Lmoved
    leaq    SECTION_PIECES(%r9), %r11
.Lpiece:
    movq    PIECE_TARGET(%r11), %rdi
    movq    PIECE_SOURCE(%r11), %rsi
    movq    PIECE_LENGTH(%r11), %rcx
    rep movsb
    addq    $PIECE_SIZE, %r11
    leaq    SECTION_END(%r9), %rax
    cmpq    %rax, %r11
    jb      .Lpiece
    movq    SECTION_VALUE(%r9), %rax
    movq    %rax, (%r8)
.Lpublish_end:
    xorl    %eax, %eax
    ret

.Lother_cpu:
    movl    $2, %eax
    ret
.Lmoved:
    movl    $3, %eax
    ret

    SIGNATURE
.Lpublish_abort:
    movl    $1, %eax
    ret
    .cfi_endproc
    .size   rt_publish, . - rt_publish

/*
 * rt_write: a whole event, where it is simple: it fits into the open sub-buffer without filling it, is at most 256 bytes
 * long, and its time is within 2^32 ticks of the packet's begin. The same steps as RingBuffer.Restartable.cs, which does
 * everything else.
 *
 * All of it, from the look at the CPU to the store of W, is one restartable section: whoever is interrupted in it has
 * published nothing, so W, the page and the clock cannot change under it, and their order does not matter. What lies beyond W after
 * an interruption is overwritten by the next record.
 *
 *   int rt_write(const struct rt_ring *rings, uint32_t cpus, const void *payload, uint64_t length, uint32_t id)
 *
 * Returns 0: written; 1: not simple; 2: interrupted, nothing is published.
 *
 * Throughout: rdi rings, esi CPUs, r8w id, r9d the thread's number, r10 rseq area, r11 payload, r13 length; rbx the ring, rbp W,
 * r12 the record.
 */
    .globl  rt_write
    .type   rt_write, @function
    .balign 64
rt_write:
    .cfi_startproc
    pushq   %rbx
    .cfi_def_cfa_offset 16
    .cfi_offset %rbx, -16
    pushq   %rbp
    .cfi_def_cfa_offset 24
    .cfi_offset %rbp, -24
    pushq   %r12
    .cfi_def_cfa_offset 32
    .cfi_offset %r12, -32
    pushq   %r13
    .cfi_def_cfa_offset 40
    .cfi_offset %r13, -40
    movq    %rdx, %r11
    movq    %rcx, %r13
    movq    rt_thread@gottpoff(%rip), %rax
    movl    %fs:(%rax), %r9d
    testl   %r9d, %r9d
    jz      .Lnot_simple
    AREA    %r10
    ARM     .Lstart, .Lend, .Labort, %r10, %rax

.Lstart:
    movl    RSEQ_CPU_ID(%r10), %ebx
    cmpl    %esi, %ebx
    jae     .Lnot_simple
    shlq    $RING_SHIFT_OF_SIZE, %rbx
    addq    %rdi, %rbx
    movq    RING_W(%rbx), %rdx
    testq   %rdx, %rdx
    jz      .Lnot_simple
    movq    (%rdx), %rbp

    /* The page that W stands in. */
    movl    RING_SHIFT(%rbx), %ecx
    movq    %rbp, %rax
    shrq    %cl, %rax
    andl    RING_INDEX_MASK(%rbx), %eax
    movq    RING_IDS(%rbx), %rdx
    movl    (%rdx,%rax,8), %eax
    andl    $PAGE_MASK, %eax
    cmpl    RING_PAGE_SETS(%rbx), %eax
    jae     .Lnot_simple
    shlq    %cl, %rax
    addq    RING_PAGES(%rbx), %rax

    /* Not at a border, and with the record not at or past one. */
    movq    RING_OFFSET_MASK(%rbx), %rcx
    movq    %rcx, %r12
    andq    %rbp, %r12
    jz      .Lnot_simple
    leaq    HEAD_SIZE(%r12,%r13), %rdx
    cmpq    %rcx, %rdx
    ja      .Lnot_simple
    cmpq    RING_MAX_PAYLOAD(%rbx), %r13
    ja      .Lnot_simple
    addq    %rax, %r12
    movq    HEADER_BEGIN(%rax), %rcx

    cmpl    $CLOCK_TSC, RING_CLOCK(%rbx)
    jne     .Lother_clock
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
.Ltimed:
    movq    %rax, %rdx
    subq    %rcx, %rdx
    shrq    $32, %rdx
    jnz     .Lnot_simple

    prefetcht0 512(%r12)
    movw    %r8w, (%r12)
    movl    %eax, 2(%r12)
    movl    %r9d, 6(%r12)

    /* The payload, exactly: two overlapping moves below 16 bytes, steps of 16 and an overlapping tail above. */
    cmpq    $16, %r13
    jae     .Llong
    cmpl    $8, %r13d
    jb      .Lshort
    movq    (%r11), %rax
    movq    -8(%r11,%r13), %rdx
    movq    %rax, HEAD_SIZE(%r12)
    movq    %rdx, HEAD_SIZE-8(%r12,%r13)
.Lcopied:
    movq    RING_W(%rbx), %rdx
    leaq    HEAD_SIZE(%rbp,%r13), %rax
    jmp     .Lcommit

.Llong:
    movdqu  -16(%r11,%r13), %xmm1
    leaq    -16(%r13), %rdx
    xorl    %eax, %eax
1:  movdqu  (%r11,%rax), %xmm0
    movdqu  %xmm0, HEAD_SIZE(%r12,%rax)
    addq    $16, %rax
    cmpq    %rdx, %rax
    jb      1b
    movdqu  %xmm1, HEAD_SIZE(%r12,%rdx)
    jmp     .Lcopied

.Lshort:
    cmpl    $4, %r13d
    jb      .Lshortest
    movl    (%r11), %eax
    movl    -4(%r11,%r13), %edx
    movl    %eax, HEAD_SIZE(%r12)
    movl    %edx, HEAD_SIZE-4(%r12,%r13)
    jmp     .Lcopied

.Lshortest:
    testl   %r13d, %r13d
    jz      .Lcopied
    movzbl  (%r11), %eax
    movb    %al, HEAD_SIZE(%r12)
    movzbl  -1(%r11,%r13), %eax
    movb    %al, HEAD_SIZE-1(%r12,%r13)
    movl    %r13d, %edx
    shrl    $1, %edx
    movzbl  (%r11,%rdx), %eax
    movb    %al, HEAD_SIZE(%r12,%rdx)
    jmp     .Lcopied

.Lother_clock:
    cmpl    $CLOCK_COARSE, RING_CLOCK(%rbx)
    jne     .Lnot_simple
    movq    RING_COARSE(%rbx), %rax
    movq    (%rax), %rax
    jmp     .Ltimed

    /* Release: the bytes before it; pairs with whoever loads W. */
.Lcommit:
    movq    %rax, (%rdx)
.Lend:
    xorl    %eax, %eax
.Lreturn:
    .cfi_remember_state
    popq    %r13
    .cfi_def_cfa_offset 32
    popq    %r12
    .cfi_def_cfa_offset 24
    popq    %rbp
    .cfi_def_cfa_offset 16
    popq    %rbx
    .cfi_def_cfa_offset 8
    ret
    .cfi_restore_state

.Lnot_simple:
    movl    $1, %eax
    jmp     .Lreturn

    SIGNATURE
.Labort:
    movl    $2, %eax
    jmp     .Lreturn
    .cfi_endproc
    .size   rt_write, . - rt_write

    .section .note.GNU-stack, "", @progbits
