/*
 * The few lines that C# cannot say: restartable sequences and the time-stamp counter, for linux-x64.
 *
 * A restartable sequence (Linux, rseq(2)) is a stretch of code on one CPU that runs to its end undisturbed, or not at
 * all: a thread that is preempted, migrated or signalled inside it goes on at the abort address. Its last instruction
 * is the store that makes its effect visible. Here that is the store of W, and a record's every byte is written in the
 * same section, so what lies below W is always whole.
 *
 * The library must never be unloaded: a thread's rseq area may point at a section's descriptor for ever.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>
#include <x86intrin.h>

#define EXPORT __attribute__((visibility("default")))
#define MAX_RESTARTS 64
#define COMPACT_HEAD 10
#define BEGIN_OFFSET 32 /* PacketHeader.TimestampBegin */

/* The C library's registration (glibc 2.35 and later); weak, so that the library loads without it. */
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

/* The part of the kernel's struct rseq that we use; its size differs from C library to C library. */
struct rseq_area {
    uint32_t cpu_id_start;
    uint32_t cpu_id;
    uint64_t rseq_cs;
};

/* What the whole-event call must know of one CPU's ring; all zero where there is none. As in RingTable.cs. */
struct rt_ring {
    uint64_t *w;
    const uint64_t *ids;
    uint8_t *pages;
    const uint64_t *coarse; /* where the coarse clock's time stands */
    uint64_t *restarts;
    uint32_t page_sets;
    uint32_t index_mask;
    uint32_t max_record; /* bytes of a record in its compact form */
    uint32_t shift;      /* of a sub-buffer's size */
    uint64_t clock;      /* ClockKind */
};

struct rt_piece {
    void *target;
    const void *source;
    uint64_t length;
};

/* One publication: everything that becomes visible with one store of W. As in Section.cs. */
struct rt_section {
    uint64_t *w;
    uint64_t expected;
    uint64_t value;
    uint64_t cpu;
    struct rt_piece pieces[3];
};

enum rt_result { PUBLISHED = 0, RESTARTED = 1, OTHER_CPU = 2, W_MOVED = 3 };
enum rt_write_result { WRITTEN = 0, NOT_SIMPLE = 1, GIVEN_UP = 2 };
enum rt_clock { MONOTONIC = 1, TSC = 2, COARSE = 3 };

static ptrdiff_t area_offset;

static inline struct rseq_area *area(void) {
    return (struct rseq_area *)((char *)__builtin_thread_pointer() + area_offset);
}

/*
 * COPY: rcx bytes from (rsi) to (rdi), exactly; clobbers rax, rdx, rcx, rsi, rdi, xmm0, xmm1. Two overlapping moves for
 * every size class below 16, steps of 16 and an overlapping tail from there on.
 */
__asm__(
    ".macro RT_COPY\n"
    "  cmpq $16, %rcx\n"
    "  jae 16f\n"
    "  cmpl $8, %ecx\n"
    "  jae 18f\n"
    "  cmpl $4, %ecx\n"
    "  jae 14f\n"
    "  testl %ecx, %ecx\n"
    "  jz 19f\n"
    "  movzbl (%rsi), %eax\n"
    "  movb %al, (%rdi)\n"
    "  movzbl -1(%rsi,%rcx), %eax\n"
    "  movb %al, -1(%rdi,%rcx)\n"
    "  shrl $1, %ecx\n"
    "  movzbl (%rsi,%rcx), %eax\n"
    "  movb %al, (%rdi,%rcx)\n"
    "  jmp 19f\n"
    "14: movl (%rsi), %eax\n"
    "  movl -4(%rsi,%rcx), %edx\n"
    "  movl %eax, (%rdi)\n"
    "  movl %edx, -4(%rdi,%rcx)\n"
    "  jmp 19f\n"
    "18: movq (%rsi), %rax\n"
    "  movq -8(%rsi,%rcx), %rdx\n"
    "  movq %rax, (%rdi)\n"
    "  movq %rdx, -8(%rdi,%rcx)\n"
    "  jmp 19f\n"
    "16: cmpq $1024, %rcx\n"
    "  jae 13f\n"
    "  movdqu -16(%rsi,%rcx), %xmm1\n"
    "  leaq -16(%rdi,%rcx), %rdx\n"
    "17: movdqu (%rsi), %xmm0\n"
    "  movdqu %xmm0, (%rdi)\n"
    "  addq $16, %rsi\n"
    "  addq $16, %rdi\n"
    "  cmpq %rdx, %rdi\n"
    "  jb 17b\n"
    "  movdqu %xmm1, (%rdx)\n"
    "  jmp 19f\n"
    "13: rep movsb\n"
    "19:\n"
    ".endm\n");

/* A section from 1 to 2, its abort at 4; RT_ARM makes it the thread's current one. */
#define RT_DESCRIPTOR \
    ".pushsection __rseq_cs, \"aw\"\n" \
    ".balign 32\n" \
    "3: .long 0, 0\n" \
    ".quad 1f, (2f - 1f), 4f\n" \
    ".popsection\n"
#define RT_ARM \
    "leaq 3b(%%rip), %%rax\n" \
    "movq %%rax, %[cs]\n"
#define RT_ABORT(result) \
    ".pushsection .text.rseq_abort, \"ax\"\n" \
    ".byte 0x0f, 0xb9, 0x3d\n" \
    ".long 0x53053053\n" \
    "4: movl $" #result ", %[result]\n" \
    "jmp 5f\n" \
    ".popsection\n"

/* 0 when restartable sequences work here; 1: the C library registers none; 2: it was refused or switched off. */
EXPORT int rt_probe(void) {
    if (&__rseq_size == NULL || &__rseq_offset == NULL)
        return 1;
    area_offset = __rseq_offset;
    return __rseq_size == 0 || (int32_t)area()->cpu_id < 0 ? 2 : 0;
}

/* The CPU that the thread is on; negative where the thread has no registration. */
EXPORT int32_t rt_cpu(void) {
    return (int32_t)*(volatile uint32_t *)&area()->cpu_id;
}

EXPORT uint64_t rt_tsc(void) {
    return __rdtsc();
}

/* Not before any load that stands before it. */
EXPORT uint64_t rt_tsc_ordered(void) {
    _mm_lfence();
    return __rdtsc();
}

/* Zeroed memory that a forked child finds zeroed again: it has no rings. */
EXPORT void *rt_table(size_t length) {
    void *table = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        return NULL;
    (void)madvise(table, length, MADV_WIPEONFORK);
    return table;
}

/* The one primitive: on this CPU, if W is what it was, the pieces and then W; or nothing that anybody sees. */
EXPORT int rt_publish(const struct rt_section *section) {
    struct rseq_area *rseq = area();
    int result;
    __asm__ volatile(
        RT_DESCRIPTOR
        RT_ARM
        "1: movq 24(%[s]), %%rax\n"
        "cmpl %%eax, %[cpu]\n"
        "jnz 6f\n"
        "movq (%[s]), %%r8\n"
        "movq 8(%[s]), %%rax\n"
        "cmpq %%rax, (%%r8)\n"
        "jnz 7f\n"
        "movq 32(%[s]), %%rdi\n"
        "movq 40(%[s]), %%rsi\n"
        "movq 48(%[s]), %%rcx\n"
        "RT_COPY\n"
        "movq 56(%[s]), %%rdi\n"
        "movq 64(%[s]), %%rsi\n"
        "movq 72(%[s]), %%rcx\n"
        "RT_COPY\n"
        "movq 80(%[s]), %%rdi\n"
        "movq 88(%[s]), %%rsi\n"
        "movq 96(%[s]), %%rcx\n"
        "RT_COPY\n"
        "movq 16(%[s]), %%rax\n"
        "movq %%rax, (%%r8)\n" /* release, as every store here; pairs with whoever loads W */
        "2: xorl %[result], %[result]\n"
        "jmp 5f\n"
        "6: movl $2, %[result]\n"
        "jmp 5f\n"
        "7: movl $3, %[result]\n"
        "jmp 5f\n"
        RT_ABORT(1)
        "5:\n"
        : [result] "=&r"(result), [cs] "=m"(rseq->rseq_cs)
        : [cpu] "m"(rseq->cpu_id), [s] "r"(section)
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "xmm0", "xmm1", "memory", "cc");
    return result;
}

static inline uint64_t now(const struct rt_ring *ring) {
    if (__builtin_expect(ring->clock == TSC, 1))
        return __rdtsc();
    if (ring->clock == COARSE)
        return __atomic_load_n(ring->coarse, __ATOMIC_RELAXED);
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/*
 * A whole event, where it is simple: it fits into the open sub-buffer and does not fill it, and its time is near the
 * packet's begin. The same steps as RingBuffer.Restartable.cs, which does everything else.
 *
 * The clock needs no fence: all records of a ring come from one CPU, and what that CPU executes before and after an
 * interruption is ordered by it; a W that another thread moved in between fails the comparison.
 */
EXPORT int rt_write(
    const struct rt_ring *rings, uint32_t cpus, const void *payload, uint64_t length, uint32_t id, uint32_t thread) {
    struct rseq_area *rseq = area();
    for (int attempt = 0; attempt < MAX_RESTARTS; attempt++) {
        uint32_t cpu = *(volatile uint32_t *)&rseq->cpu_id;
        if (cpu >= cpus)
            return NOT_SIMPLE;
        const struct rt_ring *ring = &rings[cpu];
        uint64_t *word = ring->w;
        if (word == NULL)
            return NOT_SIMPLE;

        uint64_t w = __atomic_load_n(word, __ATOMIC_ACQUIRE);
        uint64_t time = now(ring);
        uint64_t position = w >> ring->shift;
        uint64_t size = (uint64_t)1 << ring->shift;
        uint64_t offset = w & (size - 1);
        uint64_t page = __atomic_load_n(&ring->ids[position & ring->index_mask], __ATOMIC_RELAXED) & 0xfff;
        uint64_t record = COMPACT_HEAD + length;
        if (offset == 0 || offset + record >= size || record > ring->max_record || page >= ring->page_sets)
            return NOT_SIMPLE;

        uint8_t *base = ring->pages + (page << ring->shift);
        uint64_t begin;
        __builtin_memcpy(&begin, base + BEGIN_OFFSET, sizeof begin);
        if (time - begin > UINT32_MAX)
            return NOT_SIMPLE;

        uint64_t head = (id & 0xffff) | (uint64_t)(uint32_t)time << 16 | (uint64_t)thread << 48;
        uint8_t *target = base + offset;
        _mm_prefetch((const char *)target + 512, _MM_HINT_T0);
        const void *source = payload;
        uint64_t count = length;
        uint8_t *copy = target + COMPACT_HEAD;
        int result;
        __asm__ volatile(
            RT_DESCRIPTOR
            RT_ARM
            "1: cmpl %[expected], %[cpu]\n"
            "jnz 6f\n"
            "cmpq %[w], (%[word])\n"
            "jnz 6f\n"
            "movq %[head], (%[target])\n"
            "movw %w[high], 8(%[target])\n"
            "RT_COPY\n"
            "movq %[value], (%[word])\n" /* release; pairs with whoever loads W */
            "2: xorl %[result], %[result]\n"
            "jmp 5f\n"
            "6: movl $2, %[result]\n"
            "jmp 5f\n"
            RT_ABORT(1)
            "5:\n"
            : [result] "=&r"(result), [cs] "=m"(rseq->rseq_cs), "+D"(copy), "+S"(source), "+c"(count)
            : [cpu] "m"(rseq->cpu_id), [expected] "r"(cpu), [w] "r"(w), [word] "r"(word), [head] "r"(head),
              [high] "r"(thread >> 16), [target] "r"(target), [value] "r"(w + record)
            : "rax", "rdx", "xmm0", "xmm1", "memory", "cc");
        if (__builtin_expect(result == PUBLISHED, 1))
            return WRITTEN;
        if (result == RESTARTED)
            __atomic_fetch_add(ring->restarts, 1, __ATOMIC_RELAXED);
    }

    return GIVEN_UP;
}
