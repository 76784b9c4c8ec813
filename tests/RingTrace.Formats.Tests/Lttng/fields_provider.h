/* An event of every kind of field that LTTng-UST has. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER fields

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./fields_provider.h"

#if !defined(FIELDS_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define FIELDS_PROVIDER_H

#include <stdint.h>
#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_ENUM(
    fields, colour,
    LTTNG_UST_TP_ENUM_VALUES(
        lttng_ust_field_enum_value("RED", 1)
        lttng_ust_field_enum_range("BLUISH", 5, 9)
        lttng_ust_field_enum_value("with blank", 7)
        lttng_ust_field_enum_value("NEGATIVE", -3)))

LTTNG_UST_TRACEPOINT_EVENT(
    fields, numbers,
    LTTNG_UST_TP_ARGS(int, n),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(int8_t, i8, (int8_t)(n * 37))
        lttng_ust_field_integer(uint8_t, u8, (uint8_t)(n * 37))
        lttng_ust_field_integer(int16_t, i16, (int16_t)(n * 9973))
        lttng_ust_field_integer(uint16_t, u16, (uint16_t)(n * 9973))
        lttng_ust_field_integer(int32_t, i32, n * 1234567)
        lttng_ust_field_integer(uint32_t, u32, (uint32_t)n * 4123456789u)
        lttng_ust_field_integer(int64_t, i64, n ? -n * 1234567890123ll : INT64_MIN)
        lttng_ust_field_integer(uint64_t, u64, n ? (uint64_t)n << 40 : UINT64_MAX)
        lttng_ust_field_integer_hex(uint32_t, hex, (uint32_t)n * 0xbeef)
        lttng_ust_field_integer_network(uint16_t, network, (uint16_t)n)
        lttng_ust_field_integer_network_hex(uint32_t, network_hex, (uint32_t)n)
        lttng_ust_field_float(float, f, n / 3.0f)
        lttng_ust_field_float(double, d, n ? 1e100 / n : 0.0)))

LTTNG_UST_TRACEPOINT_EVENT(
    fields, others,
    LTTNG_UST_TP_ARGS(int, n, const char *, text, const int32_t *, array, const uint8_t *, bytes),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_string(text, text)
        lttng_ust_field_enum(fields, colour, int, colour, n % 12 - 3)
        lttng_ust_field_array(int32_t, array, array, 3)
        lttng_ust_field_array_text(char, array_text, "eleven char", 11)
        lttng_ust_field_sequence(int32_t, sequence, array, uint16_t, n % 4)
        lttng_ust_field_sequence(uint8_t, bytes, bytes, uint32_t, n % 16)
        lttng_ust_field_sequence_text(char, sequence_text, "sequence", uint8_t, 1 + n % 8)
        lttng_ust_field_integer(uint8_t, last, n)))

LTTNG_UST_TRACEPOINT_EVENT(fields, nothing, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())

#endif

#include <lttng/tracepoint-event.h>
