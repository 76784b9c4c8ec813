/*
 * The LTTng-UST contender: the protocol of WorkloadHost, the loops of EventLoop and the chain of Spacing, in C.
 *
 *     small-spaced 2 50   ->   ns=59.1 base=61.2 events=412000 bytes=18
 */
#define _GNU_SOURCE
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "bench_provider.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK_EVENTS 1000
#define MAX_THREADS 8
#define MAX_BLOCKS (1 << 16)
#define OFF_CPU 8

enum fields { SMALL, TEXT, BLOB, KINDS };

static const char *const names[KINDS] = { "small", "string", "blob64" };

/*
 * Bytes per event, from the format: the channel's large event header (16 bits of id, 32 of time), packed, and the
 * fields. Counted in snapshots of one kind of event too: 18.0 and 35.0.
 */
static const int bytes_per_event[KINDS] = { 6 + 8 + 4, 6 + 8 + 4 + 17, 6 + 4 + 64 };

static const char text[] = "sixteen letters!";
static uint8_t bytes[64];

/* Variables, for a compiler that knows them may fold several steps into one. */
static volatile uint64_t factor = 6364136223846793005u, addend = 1442695040888963407u;

struct writer {
	pthread_t thread;
	int index;
	int64_t id;
	uint64_t chain;
	int blocks;
	double idle[MAX_BLOCKS], events[MAX_BLOCKS], sorted[MAX_BLOCKS];
	double mean_idle, mean_events;
};

static struct writer writers[MAX_THREADS];
static cpu_set_t allowed;

/* The repetition under way; written before the threads pass the first barrier of it. */
static enum fields fields;
static int spaced, wanted;
static double duration;
static pthread_barrier_t wake, begin, done;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static inline __attribute__((always_inline)) void emit(enum fields kind, int64_t id)
{
	if (kind == SMALL)
		lttng_ust_tracepoint(bench, small, id, 7);
	else if (kind == TEXT)
		lttng_ust_tracepoint(bench, text, id, 7, text);
	else
		lttng_ust_tracepoint(bench, blob, bytes, sizeof(bytes));
}

static inline uint64_t step(uint64_t x, uint64_t a, uint64_t c)
{
	for (int i = 0; i < 6; i++) {
		x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c;
		x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c;
	}
	return x;
}

/* Blocks, two functions for each kind of event, so that the compiler knows which it is. */
#define BLOCKS(name, kind)                                                             \
	static __attribute__((noinline)) void run_##name(struct writer *w)             \
	{                                                                              \
		for (int i = 0; i < BLOCK_EVENTS; i++)                                 \
			emit(kind, w->id++);                                           \
	}                                                                              \
	static __attribute__((noinline)) void run_##name##_spaced(struct writer *w)    \
	{                                                                              \
		uint64_t a = factor, c = addend, x = w->chain;                         \
		for (int i = 0; i < BLOCK_EVENTS; i++) {                               \
			x = step(x, a, c);                                             \
			emit(kind, w->id++);                                           \
		}                                                                      \
		w->chain = x;                                                          \
	}

BLOCKS(small, SMALL)
BLOCKS(text, TEXT)
BLOCKS(blob, BLOB)

static __attribute__((noinline)) void run_base(struct writer *w)
{
	uint64_t a = factor, c = addend, x = w->chain;
	for (int i = 0; i < BLOCK_EVENTS; i++)
		x = step(x, a, c);
	w->chain = x;
}

static int compare(const void *left, const void *right)
{
	double l = *(const double *)left, r = *(const double *)right;
	return (l > r) - (l < r);
}

static double limit_of(struct writer *w, const double *times)
{
	memcpy(w->sorted, times, w->blocks * sizeof(double));
	qsort(w->sorted, w->blocks, sizeof(double), compare);
	return OFF_CPU * w->sorted[w->blocks / 2];
}

/* As BlockTimes does: without the blocks that were off the CPU. */
static void set_means(struct writer *w)
{
	double idle_limit = limit_of(w, w->idle), events_limit = limit_of(w, w->events), idle = 0, events = 0;
	int kept = 0;
	for (int i = 0; i < w->blocks; i++)
		if (w->idle[i] <= idle_limit && w->events[i] <= events_limit) {
			idle += w->idle[i];
			events += w->events[i];
			kept++;
		}
	w->mean_idle = kept ? idle / kept : idle_limit / OFF_CPU;
	w->mean_events = kept ? events / kept : events_limit / OFF_CPU;
}

static void measure(struct writer *w)
{
	static void (*const blocks[KINDS][2])(struct writer *) = {
		{ run_small, run_small_spaced }, { run_text, run_text_spaced }, { run_blob, run_blob_spaced },
	};
	void (*block)(struct writer *) = blocks[fields][spaced];
	double start = now(), last = start;
	w->blocks = 0;
	do {
		double before = last, between = last;
		if (spaced) {
			run_base(w);
			between = now();
		}
		block(w);
		last = now();
		w->idle[w->blocks] = between - before;
		w->events[w->blocks++] = last - between;
	} while (last - start < duration && w->blocks < MAX_BLOCKS);
	set_means(w);
}

/* To the n-th of the CPUs that the process may run on. */
static void pin(int n)
{
	cpu_set_t one;
	int cpu = -1;
	n %= CPU_COUNT(&allowed);
	do {
		cpu++;
	} while (!CPU_ISSET(cpu, &allowed) || n-- > 0);
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

/* All threads pass the first and the last barrier; those that are wanted start together between them. */
static void *work(void *argument)
{
	struct writer *w = argument;
	pin(w->index);
	for (;;) {
		pthread_barrier_wait(&wake);
		if (w->index < wanted) {
			pthread_barrier_wait(&begin);
			measure(w);
		}
		pthread_barrier_wait(&done);
	}
	return NULL;
}

static int parse(const char *line)
{
	char name[32], *suffix;
	double milliseconds;
	if (sscanf(line, "%31s %d %lf", name, &wanted, &milliseconds) != 3 || wanted < 1 || wanted > MAX_THREADS)
		return 0;
	duration = milliseconds * 1e6;
	suffix = strstr(name, "-spaced");
	spaced = suffix != NULL;
	if (suffix)
		*suffix = 0;
	for (fields = SMALL; fields < KINDS; fields++)
		if (strcmp(name, names[fields]) == 0)
			return 1;
	return 0;
}

static void answer(void)
{
	double ns = 0, base = 0, count = 0;
	for (int i = 0; i < wanted; i++) {
		struct writer *w = &writers[i];
		ns += (w->mean_events - w->mean_idle) / BLOCK_EVENTS / wanted;
		base += w->mean_idle / BLOCK_EVENTS / wanted;
		count += (double)w->blocks * BLOCK_EVENTS;
	}
	printf("ns=%.3f base=%.3f events=%.0f bytes=%d\n", ns, base, count, bytes_per_event[fields]);
}

int main(void)
{
	char line[256];
	sched_getaffinity(0, sizeof(allowed), &allowed);
	pthread_barrier_init(&wake, NULL, MAX_THREADS + 1);
	pthread_barrier_init(&done, NULL, MAX_THREADS + 1);
	for (int i = 0; i < MAX_THREADS; i++) {
		writers[i].index = i;
		writers[i].chain = 1;
		pthread_create(&writers[i].thread, NULL, work, &writers[i]);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%s\n", lttng_ust_tracepoint_enabled(bench, small) ? "ready" : "skip no session has enabled its events");
	while (fgets(line, sizeof(line), stdin)) {
		if (!parse(line)) {
			printf("skip It has no such event.\n");
			continue;
		}
		pthread_barrier_init(&begin, NULL, wanted);
		pthread_barrier_wait(&wake);
		pthread_barrier_wait(&done);
		pthread_barrier_destroy(&begin);
		answer();
	}
	return 0;
}
