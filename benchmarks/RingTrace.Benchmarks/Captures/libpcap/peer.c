/*
 * libpcap's side of the comparison: pcap_loop over a file, counting, or decoding each packet to its 5-tuple.
 * Lines, each answered by one; the end of the input ends it:
 *
 *     ready libpcap version 1.10.3
 *     count FILE     packets captured wire 0 digest nanoseconds
 *     decode FILE    packets captured wire tuples digest nanoseconds
 *
 * The decoding is what a careful program does: VLAN tags, IPv4 options and fragments, IPv6 extension headers, every length
 * checked against what was captured.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct totals {
    uint64_t packets, captured, wire, tuples, digest;
};

struct tuple {
    uint8_t source[16], destination[16];
    uint16_t source_port, destination_port;
    uint8_t protocol, version;
};

static uint16_t word(const u_char *p) { return (uint16_t)(p[0] << 8 | p[1]); }

static uint32_t last(const uint8_t *p, int length)
{
    p += length - 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The 5-tuple of an Ethernet frame; 0 where there is none. */
static int decode(const u_char *p, uint32_t length, struct tuple *t)
{
    uint32_t at = 14, protocol, type;
    if (length < at)
        return 0;
    type = word(p + 12);
    while (type == 0x8100 || type == 0x88A8 || type == 0x9100) {
        if (length < at + 4)
            return 0;
        type = word(p + at + 2);
        at += 4;
    }
    if (type == 0x0800) {
        uint32_t header;
        if (length < at + 20 || p[at] >> 4 != 4 || (header = (p[at] & 15u) * 4) < 20 || length < at + header)
            return 0;
        protocol = p[at + 9];
        t->version = 4;
        memset(t->source, 0, 12);
        memset(t->destination, 0, 12);
        memcpy(t->source + 12, p + at + 12, 4);
        memcpy(t->destination + 12, p + at + 16, 4);
        if (word(p + at + 6) & 0x1FFF)
            return 0;
        at += header;
    } else if (type == 0x86DD) {
        if (length < at + 40 || p[at] >> 4 != 6)
            return 0;
        protocol = p[at + 6];
        t->version = 6;
        memcpy(t->source, p + at + 8, 16);
        memcpy(t->destination, p + at + 24, 16);
        at += 40;
        for (int i = 0; i < 16 && (protocol == 0 || protocol == 43 || protocol == 44 || protocol == 51 || protocol == 60); i++) {
            uint32_t header;
            if (length < at + 8)
                return 0;
            if (protocol == 44 && word(p + at + 2) & 0xFFF8)
                return 0;
            header = protocol == 44 ? 8 : protocol == 51 ? (p[at + 1] + 2u) * 4 : (p[at + 1] + 1u) * 8;
            protocol = p[at];
            at += header;
        }
    } else {
        return 0;
    }
    if ((protocol != 6 && protocol != 17 && protocol != 132) || length < at + 4)
        return 0;
    t->protocol = (uint8_t)protocol;
    t->source_port = word(p + at);
    t->destination_port = word(p + at + 2);
    return 1;
}

static void count_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct totals *t = (struct totals *)user;
    (void)bytes;
    t->packets++;
    t->captured += header->caplen;
    t->wire += header->len;
}

static void decode_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct totals *t = (struct totals *)user;
    struct tuple tuple;
    t->packets++;
    t->captured += header->caplen;
    t->wire += header->len;
    if (decode(bytes, header->caplen, &tuple)) {
        t->tuples++;
        t->digest += tuple.protocol + tuple.source_port + tuple.destination_port
            + (uint64_t)(last(tuple.source, 16) ^ last(tuple.destination, 16));
    }
}

int main(void)
{
    static char line[4096], error[PCAP_ERRBUF_SIZE];
    printf("ready %s\n", pcap_lib_version());
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        struct totals t = {0};
        struct timespec begin, end;
        line[strcspn(line, "\n")] = 0;
        char *file = strchr(line, ' ');
        if (!file)
            return 2;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        pcap_t *pcap = pcap_open_offline(file + 1, error);
        if (!pcap) {
            printf("skip %s\n", error);
        } else {
            int result = pcap_loop(pcap, -1, line[0] == 'd' ? decode_packet : count_packet, (u_char *)&t);
            if (result < 0)
                printf("skip %s\n", pcap_geterr(pcap));
            pcap_close(pcap);
            clock_gettime(CLOCK_MONOTONIC, &end);
            if (result >= 0)
                printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", t.packets, t.captured, t.wire,
                    t.tuples, t.digest,
                    (uint64_t)((end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec));
        }
        fflush(stdout);
    }
    return 0;
}
