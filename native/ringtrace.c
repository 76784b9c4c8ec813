/*
 * The few lines that C# cannot say, for linux-x64: is there restartable-sequence support, the time-stamp counter, the
 * table of rings. The sequences themselves are in sections.S.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <x86intrin.h>

#include "layout.h"

#define EXPORT __attribute__((visibility("default")))

/* The C library's registration (glibc 2.35 and later); weak, so that the library loads without it. */
extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

/* The part of the kernel's struct rseq that we use; its size differs from C library to C library. */
struct rseq_area {
    uint32_t cpu_id_start;
    uint32_t cpu_id;
    uint64_t rseq_cs;
};

/* What the whole-event call (sections.S) must know of one CPU's ring; all zero where there is none. As in NativeRing.cs. */
struct rt_ring {
    uint64_t *w;
    const uint64_t *ids;
    uint8_t *pages;
    const uint64_t *coarse; /* where the coarse clock's time stands */
    uint64_t offset_mask;   /* a sub-buffer's size less one */
    uint64_t max_payload;
    uint32_t index_mask;
    uint32_t page_sets;
    uint32_t shift; /* of a sub-buffer's size */
    uint32_t clock; /* ClockKind */
};

#define AT(field, offset) _Static_assert(offsetof(struct rt_ring, field) == (offset), #field)
AT(w, RING_W);
AT(ids, RING_IDS);
AT(pages, RING_PAGES);
AT(coarse, RING_COARSE);
AT(offset_mask, RING_OFFSET_MASK);
AT(max_payload, RING_MAX_PAYLOAD);
AT(index_mask, RING_INDEX_MASK);
AT(page_sets, RING_PAGE_SETS);
AT(shift, RING_SHIFT);
AT(clock, RING_CLOCK);
_Static_assert(sizeof(struct rt_ring) == 1 << RING_SHIFT_OF_SIZE, "size");
_Static_assert(offsetof(struct rseq_area, cpu_id) == RSEQ_CPU_ID, "cpu_id");
_Static_assert(offsetof(struct rseq_area, rseq_cs) == RSEQ_CS, "rseq_cs");

/* Where the thread's rseq area lies, from the thread pointer; sections.S reads it too. */
__attribute__((visibility("hidden"))) ptrdiff_t rt_area_offset;

/* The kernel's number of the thread, or 0; in the part of its memory that needs no call to be found. */
__attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread uint32_t rt_thread;

static inline struct rseq_area *area(void) {
    char *thread;
    __asm__("movq %%fs:0, %0" : "=r"(thread));
    return (struct rseq_area *)(thread + rt_area_offset);
}

/* 0 when restartable sequences work here; 1: the C library registers none; 2: it was refused or switched off. */
EXPORT int rt_probe(void) {
    if (&__rseq_size == NULL || &__rseq_offset == NULL)
        return 1;
    rt_area_offset = __rseq_offset;
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

/* What rt_write puts into every record of the calling thread; until then nothing is simple for it. */
EXPORT void rt_set_thread(uint32_t number) {
    rt_thread = number;
}

/* Zeroed memory that a forked child finds zeroed again: it has no rings. */
EXPORT void *rt_table(size_t length) {
    void *table = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        return NULL;
    (void)madvise(table, length, MADV_WIPEONFORK);
    return table;
}
