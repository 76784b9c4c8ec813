import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CyclicBarrier;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;

/**
 * The JFR contender: the protocol of WorkloadHost, the loops of EventLoop and the chain of Spacing, in Java. In memory
 * (no disk), without stacks. The harness pins the threads by their names.
 */
public final class Bench {
    static final int BLOCK_EVENTS = 1000;
    static final int MAX_THREADS = 8;
    static final int MAX_BLOCKS = 1 << 16;
    static final int OFF_CPU = 8;
    static final String TEXT = "sixteen letters!";

    // Variables, for a compiler that knows them may fold several steps into one.
    static long factor = 6364136223846793005L;
    static long addend = 1442695040888963407L;

    @Name("bench.Small")
    @StackTrace(false)
    static final class Small extends Event {
        long id;
        int value;
    }

    @Name("bench.Text")
    @StackTrace(false)
    static final class Text extends Event {
        long id;
        int value;
        String text;
    }

    /** The repetition under way; written before the threads pass the first barrier of it. */
    static boolean isText;
    static boolean isSpaced;
    static int wanted;
    static long duration;
    static CyclicBarrier begin;
    static final CyclicBarrier wake = new CyclicBarrier(MAX_THREADS + 1);
    static final CyclicBarrier done = new CyclicBarrier(MAX_THREADS + 1);

    static final class Writer extends Thread {
        final int index;
        long id;
        long chain = 1;
        int blocks;
        final long[] idle = new long[MAX_BLOCKS];
        final long[] events = new long[MAX_BLOCKS];
        double meanIdle;
        double meanEvents;

        Writer(int index) {
            super("writer-" + index);
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (true) {
                    wake.await();
                    if (index < wanted) {
                        begin.await();
                        measure();
                    }
                    done.await();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void measure() {
            long start = System.nanoTime();
            long last = start;
            blocks = 0;
            do {
                long before = last;
                long between = last;
                if (isSpaced) {
                    chain = runBase(chain);
                    between = System.nanoTime();
                    chain = isText ? runTextSpaced(id, chain) : runSmallSpaced(id, chain);
                } else if (isText) {
                    runText(id);
                } else {
                    runSmall(id);
                }
                last = System.nanoTime();
                id += BLOCK_EVENTS;
                idle[blocks] = between - before;
                events[blocks++] = last - between;
            } while (last - start < duration && blocks < MAX_BLOCKS);
            setMeans();
        }

        /** As BlockTimes does: without the blocks that were off the CPU. */
        private void setMeans() {
            long idleLimit = limitOf(idle);
            long eventsLimit = limitOf(events);
            double idleSum = 0;
            double eventsSum = 0;
            int kept = 0;
            for (int i = 0; i < blocks; i++) {
                if (idle[i] <= idleLimit && events[i] <= eventsLimit) {
                    idleSum += idle[i];
                    eventsSum += events[i];
                    kept++;
                }
            }
            meanIdle = kept > 0 ? idleSum / kept : (double) idleLimit / OFF_CPU;
            meanEvents = kept > 0 ? eventsSum / kept : (double) eventsLimit / OFF_CPU;
        }

        private long limitOf(long[] times) {
            long[] sorted = Arrays.copyOf(times, blocks);
            Arrays.sort(sorted);
            return OFF_CPU * sorted[blocks / 2];
        }
    }

    static void small(long id) {
        Small event = new Small();
        event.id = id;
        event.value = 7;
        event.commit();
    }

    static void text(long id) {
        Text event = new Text();
        event.id = id;
        event.value = 7;
        event.text = TEXT;
        event.commit();
    }

    static long step(long x, long a, long c) {
        for (int i = 0; i < 6; i++) {
            x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c;
            x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c; x = x * a + c;
        }
        return x;
    }

    static void runSmall(long first) {
        for (long id = first; id < first + BLOCK_EVENTS; id++) {
            small(id);
        }
    }

    static void runText(long first) {
        for (long id = first; id < first + BLOCK_EVENTS; id++) {
            text(id);
        }
    }

    static long runSmallSpaced(long first, long x) {
        long a = factor, c = addend;
        for (long id = first; id < first + BLOCK_EVENTS; id++) {
            x = step(x, a, c);
            small(id);
        }
        return x;
    }

    static long runTextSpaced(long first, long x) {
        long a = factor, c = addend;
        for (long id = first; id < first + BLOCK_EVENTS; id++) {
            x = step(x, a, c);
            text(id);
        }
        return x;
    }

    static long runBase(long x) {
        long a = factor, c = addend;
        for (int i = 0; i < BLOCK_EVENTS; i++) {
            x = step(x, a, c);
        }
        return x;
    }

    /** A recording in memory, and its start. */
    static Recording record() {
        Recording recording = new Recording();
        recording.setToDisk(false);
        recording.enable(Small.class).withoutStackTrace();
        recording.enable(Text.class).withoutStackTrace();
        recording.start();
        return recording;
    }

    /**
     * Bytes per event: what a dump grows by when there are 100,000 more of them. Numbers are written in as many bytes
     * as they need; the ids are like those of a process that has run for a while.
     */
    static double bytesPerEvent(boolean asText) throws Exception {
        final int count = 100_000;
        long empty = dumpAfter(0, asText);
        return (double) (dumpAfter(count, asText) - empty) / count;
    }

    private static long dumpAfter(int count, boolean asText) throws Exception {
        Path file = Files.createTempFile("bench", ".jfr");
        try (Recording recording = record()) {
            for (int i = 10_000_000; i < 10_000_000 + count; i++) {
                if (asText) {
                    text(i);
                } else {
                    small(i);
                }
            }
            recording.dump(file);
            return Files.size(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    public static void main(String[] args) throws Exception {
        double smallBytes = bytesPerEvent(false);
        double textBytes = bytesPerEvent(true);
        Writer[] writers = new Writer[MAX_THREADS];
        for (int i = 0; i < MAX_THREADS; i++) {
            writers[i] = new Writer(i);
            writers[i].start();
        }
        try (Recording recording = record()) {
            System.out.println("ready java=" + System.getProperty("java.version"));
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] request = line.split(" ");
                isSpaced = request[0].endsWith("-spaced");
                String fields = request[0].replace("-spaced", "");
                if (!fields.equals("small") && !fields.equals("string")) {
                    System.out.println("skip a JFR event has no field for bytes");
                    continue;
                }
                isText = fields.equals("string");
                wanted = Integer.parseInt(request[1]);
                duration = (long) (Double.parseDouble(request[2]) * 1e6);
                begin = new CyclicBarrier(wanted);
                wake.await();
                done.await();
                answer(writers, isText ? textBytes : smallBytes);
            }
        }
    }

    private static void answer(Writer[] writers, double bytes) {
        double ns = 0;
        double base = 0;
        long count = 0;
        for (int i = 0; i < wanted; i++) {
            Writer w = writers[i];
            ns += (w.meanEvents - w.meanIdle) / BLOCK_EVENTS / wanted;
            base += w.meanIdle / BLOCK_EVENTS / wanted;
            count += (long) w.blocks * BLOCK_EVENTS;
        }
        System.out.println(String.format(
            Locale.ROOT, "ns=%.3f base=%.3f events=%d bytes=%.2f", ns, base, count, bytes));
    }
}
