/* Where things are: ringtrace.c checks the areas and rings, the tests what C# lays out. */
#define RSEQ_CPU_ID 4
#define RSEQ_CS 8
#define RSEQ_SIGNATURE 0x53053053

/* NativeRing.cs */
#define RING_W 0
#define RING_IDS 8
#define RING_PAGES 16
#define RING_COARSE 24
#define RING_OFFSET_MASK 32
#define RING_MAX_PAYLOAD 40
#define RING_INDEX_MASK 48
#define RING_PAGE_SETS 52
#define RING_SHIFT 56
#define RING_CLOCK 60
#define RING_SHIFT_OF_SIZE 6

/* Section.cs */
#define SECTION_W 0
#define SECTION_EXPECTED 8
#define SECTION_VALUE 16
#define SECTION_CPU 24
#define SECTION_PIECES 32
#define SECTION_END (SECTION_PIECES + 3 * PIECE_SIZE)
#define PIECE_TARGET 0
#define PIECE_SOURCE 8
#define PIECE_LENGTH 16
#define PIECE_SIZE 24
#define LONG_PIECE 512

#define PAGE_MASK 0xfff   /* SubBufferId.Page */
#define HEAD_SIZE 10      /* RecordHead.Size */
#define HEADER_BEGIN 32   /* PacketHeader.BeginOffset */
#define CLOCK_TSC 2       /* ClockKind.Tsc */
#define CLOCK_COARSE 3    /* ClockKind.Coarse */
