/* The events of the comparison as an LTTng-UST provider: the same fields as in RingTrace. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER bench

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./bench_provider.h"

#if !defined(BENCH_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define BENCH_PROVIDER_H

#include <stdint.h>
#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(
    bench, small,
    LTTNG_UST_TP_ARGS(int64_t, id, int32_t, value),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(int64_t, id, id)
        lttng_ust_field_integer(int32_t, value, value)))

LTTNG_UST_TRACEPOINT_EVENT(
    bench, text,
    LTTNG_UST_TP_ARGS(int64_t, id, int32_t, value, const char *, text),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(int64_t, id, id)
        lttng_ust_field_integer(int32_t, value, value)
        lttng_ust_field_string(text, text)))

LTTNG_UST_TRACEPOINT_EVENT(
    bench, blob,
    LTTNG_UST_TP_ARGS(const uint8_t *, bytes, uint32_t, length),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_sequence(uint8_t, bytes, bytes, uint32_t, length)))

#endif

#include <lttng/tracepoint-event.h>
