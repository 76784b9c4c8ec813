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

    /* The processor's own copy takes long to start: by eights and ones what is short. */
    cmpq    $LONG_PIECE, %rcx
    jae     .Lcopy_long
.Lcopy_eight:
    subq    $8, %rcx
    jb      .Lcopy_rest
    movq    (%rsi), %rax
    movq    %rax, (%rdi)
    addq    $8, %rsi
    addq    $8, %rdi
    jmp     .Lcopy_eight
.Lcopy_rest:
    addq    $8, %rcx
    jz      .Lpiece_done
.Lcopy_one:
    movzbl  (%rsi), %eax
    movb    %al, (%rdi)
    incq    %rsi
    incq    %rdi
    decq    %rcx
    jnz     .Lcopy_one
    jmp     .Lpiece_done
.Lcopy_long:
    rep movsb

.Lpiece_done:
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
 * rt_write: a whole event, where it is simple: it fits into the open sub-buffer without filling it, and its time is within
 * 2^32 ticks of the packet's begin. The same steps as RingBuffer.Restartable.cs, which does everything else.
 *
 * All of it, from the look at the CPU to the store of W, is one restartable section: whoever is interrupted in it has
 * published nothing, so W, the page and the clock cannot change under it, and their order does not matter. What lies beyond
 * W after an interruption is overwritten by the next record.
 *
 *   int rt_write(const struct rt_ring *rings, uint32_t cpus, const void *payload, uint64_t length, uint32_t id)
 *
 * Returns 0: written; 1: not simple; 2: interrupted, nothing is published.
 *
 * Nothing is saved on the stack: rdi the ring, rsi the payload, r8w the id, r9 the record, r10 W, r11 the length.
 */
    .globl  rt_write
    .type   rt_write, @function
    .balign 64
rt_write:
    .cfi_startproc
    AREA    %r10
    movq    %rcx, %r11
    ARM     .Lstart, .Lend, .Labort, %r10, %rax

.Lstart:
    movl    RSEQ_CPU_ID(%r10), %eax
    cmpl    %esi, %eax
    jae     .Lnot_simple
    shlq    $RING_SHIFT_OF_SIZE, %rax
    addq    %rax, %rdi
    movq    RING_W(%rdi), %rax
    testq   %rax, %rax
    jz      .Lnot_simple
    movq    (%rax), %r10
    movq    %rdx, %rsi

    /* The page that W stands in. */
    movl    RING_SHIFT(%rdi), %ecx
    movq    %r10, %rax
    shrq    %cl, %rax
    andl    RING_INDEX_MASK(%rdi), %eax
    movq    RING_IDS(%rdi), %rdx
    movl    (%rdx,%rax,8), %eax
    andl    $PAGE_MASK, %eax
    cmpl    RING_PAGE_SETS(%rdi), %eax
    jae     .Lnot_simple
    shlq    %cl, %rax
    addq    RING_PAGES(%rdi), %rax

    /* Not at a border, and with the record not at or past one. */
    movq    RING_OFFSET_MASK(%rdi), %rcx
    movq    %rcx, %r9
    andq    %r10, %r9
    jz      .Lnot_simple
    leaq    HEAD_SIZE(%r9,%r11), %rdx
    cmpq    %rcx, %rdx
    ja      .Lnot_simple
    cmpq    RING_MAX_PAYLOAD(%rdi), %r11
    ja      .Lnot_simple
    addq    %rax, %r9
    movq    HEADER_BEGIN(%rax), %rcx

    cmpl    $CLOCK_TSC, RING_CLOCK(%rdi)
    jne     .Lother_clock
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
.Ltimed:
    movq    %rax, %rdx
    subq    %rcx, %rdx
    shrq    $32, %rdx
    jnz     .Lnot_simple

    /* The head: id, time, thread. */
    movq    rt_thread@gottpoff(%rip), %rdx
    movl    %fs:(%rdx), %edx
    testl   %edx, %edx
    jz      .Lnot_simple
    prefetcht0 512(%r9)
    movw    %r8w, (%r9)
    movl    %eax, 2(%r9)
    movl    %edx, 6(%r9)

    /* The payload, exactly: two overlapping moves below 16 bytes, steps of 16 and an overlapping tail above. */
    cmpq    $16, %r11
    jae     .Llong
    cmpl    $8, %r11d
    jb      .Lshort
    movq    (%rsi), %rax
    movq    -8(%rsi,%r11), %rdx
    movq    %rax, HEAD_SIZE(%r9)
    movq    %rdx, HEAD_SIZE-8(%r9,%r11)
.Lcopied:
    movq    RING_W(%rdi), %rdx
    leaq    HEAD_SIZE(%r10,%r11), %rax
    jmp     .Lcommit

.Llong:
    movdqu  -16(%rsi,%r11), %xmm1
    leaq    -16(%r11), %rdx
    xorl    %eax, %eax
1:  movdqu  (%rsi,%rax), %xmm0
    movdqu  %xmm0, HEAD_SIZE(%r9,%rax)
    addq    $16, %rax
    cmpq    %rdx, %rax
    jb      1b
    movdqu  %xmm1, HEAD_SIZE(%r9,%rdx)
    jmp     .Lcopied

.Lshort:
    cmpl    $4, %r11d
    jb      .Lshortest
    movl    (%rsi), %eax
    movl    -4(%rsi,%r11), %edx
    movl    %eax, HEAD_SIZE(%r9)
    movl    %edx, HEAD_SIZE-4(%r9,%r11)
    jmp     .Lcopied

.Lshortest:
    testl   %r11d, %r11d
    jz      .Lcopied
    movzbl  (%rsi), %eax
    movb    %al, HEAD_SIZE(%r9)
    movzbl  -1(%rsi,%r11), %eax
    movb    %al, HEAD_SIZE-1(%r9,%r11)
    movl    %r11d, %edx
    shrl    $1, %edx
    movzbl  (%rsi,%rdx), %eax
    movb    %al, HEAD_SIZE(%r9,%rdx)
    jmp     .Lcopied

.Lother_clock:
    cmpl    $CLOCK_COARSE, RING_CLOCK(%rdi)
    jne     .Lnot_simple
    movq    RING_COARSE(%rdi), %rax
    movq    (%rax), %rax
    jmp     .Ltimed

    /* Release: the bytes before it; pairs with whoever loads W. */
.Lcommit:
    movq    %rax, (%rdx)
.Lend:
    xorl    %eax, %eax
    ret

.Lnot_simple:
    movl    $1, %eax
    ret

    SIGNATURE
.Labort:
    movl    $2, %eax
    ret
    .cfi_endproc
    .size   rt_write, . - rt_write

    .section .note.GNU-stack, "", @progbits
