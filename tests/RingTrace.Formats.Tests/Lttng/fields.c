/* Emits events of every kind of field, on two threads. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "fields_provider.h"

#include <pthread.h>
#include <stddef.h>

/* None is empty: babeltrace2 2.0.4 prints the text before instead. */
static const char *const texts[] = { "x", "plain", "\"quoted\"", "umlaut \xc3\xa4 and \xe2\x82\xac" };

static void *emit(void *unused)
{
	int32_t array[3] = { 0, -1, INT32_MAX };
	uint8_t bytes[16] = { 0, 1, 2, 255 };

	(void)unused;
	for (int i = 0; i < 1000; i++) {
		array[0] = i;
		lttng_ust_tracepoint(fields, numbers, i);
		lttng_ust_tracepoint(fields, others, i, texts[i % 4], array, bytes);
		lttng_ust_tracepoint(fields, nothing);
	}
	return NULL;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, emit, NULL) != 0)
		return 1;
	emit(NULL);
	return pthread_join(thread, NULL) != 0;
}
