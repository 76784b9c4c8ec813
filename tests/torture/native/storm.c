/*
 * What disturbs writers and cannot be C#: a signal handler that writes events itself, timers that aim at one thread,
 * and a forked child. For linux-x64, for the torture alone.
 *
 * No managed code runs in the handler. Its thread-local variable is in the static block, so that its first use in a
 * handler allocates nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define STORM_SIGNAL SIGUSR2 /* not used by the runtime; pending at most once per thread */
#define WRITTEN 0 /* as rt_write returns it */
#define NOT_SIMPLE 1
#define INTERRUPTED 2
#define MAX_ATTEMPTS 16

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

typedef int write_function(const void *, uint32_t, const void *, uint64_t, uint32_t);

/* A logical writer that lives in the signal handlers of one thread. As HandlerWriter in Storm.cs. */
struct handler_writer {
    const void *rings; /* null: the handler writes nothing */
    uint32_t cpus;
    int32_t thread; /* its number, in the stamp */
    int64_t written;
    int64_t signals;
    int64_t not_simple;
    int64_t interrupted;
    int64_t given_up;
};

/* As Stamp.cs, without more bytes. */
struct __attribute__((packed)) stamp {
    uint16_t length;
    int32_t thread;
    int64_t number;
    uint64_t check;
};

static write_function *write_event;
static __thread struct handler_writer *current __attribute__((tls_model("initial-exec")));
static __thread timer_t timer __attribute__((tls_model("initial-exec")));
static __thread int has_timer __attribute__((tls_model("initial-exec")));

static struct stamp stamp_of(int32_t thread, int64_t number) {
    struct stamp stamp = {.length = sizeof stamp, .thread = thread, .number = number};
    stamp.check = ((uint64_t)thread + 1) * 0x9E3779B97F4A7C15u ^ ((uint64_t)number + 1) * 0xC2B2AE3D27D4EB4Fu
        ^ (uint64_t)sizeof stamp * 0x165667B19E3779F9u;
    return stamp;
}

static void on_signal(int number) {
    (void)number;
    struct handler_writer *writer = current;
    if (writer == NULL)
        return;
    writer->signals++;
    if (writer->rings == NULL)
        return;
    struct stamp stamp = stamp_of(writer->thread, writer->written);
    int result = INTERRUPTED;
    for (int i = 0; i < MAX_ATTEMPTS && result == INTERRUPTED; i++) {
        result = write_event(writer->rings, writer->cpus, &stamp, sizeof stamp, (uint32_t)writer->thread + 1);
        writer->interrupted += result == INTERRUPTED;
    }
    writer->written += result == WRITTEN;
    writer->not_simple += result == NOT_SIMPLE;
    writer->given_up += result == INTERRUPTED;
}

/* Before everything else; 0 or -1. */
EXPORT int storm_install(write_function *write) {
    write_event = write;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    return sigaction(STORM_SIGNAL, &action, NULL);
}

/* The calling thread's signals write as this one from now on; a timer aims at it if there is a period. */
EXPORT int storm_enter(struct handler_writer *writer, int64_t period_ns) {
    current = writer;
    if (period_ns == 0)
        return 0;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = STORM_SIGNAL};
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    struct itimerspec times = {{0, period_ns}, {0, period_ns}};
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return -1;
    has_timer = 1;
    return timer_settime(timer, 0, &times, NULL);
}

EXPORT void storm_leave(void) {
    if (has_timer) {
        timer_delete(timer);
        has_timer = 0;
    }
    current = NULL;
}

/* A signal to one thread of this process; nothing if it is gone. */
EXPORT int storm_hit(int thread) {
    return (int)syscall(SYS_tgkill, getpid(), thread, STORM_SIGNAL);
}

/*
 * A child that tries to write as often as asked into the rings that it has from its parent, as the calling thread, whose
 * number rt_write must know. 0: all was refused, as it
 * must; 1: the child wrote; else it could not be made or died.
 */
EXPORT int storm_fork(const void *rings, uint32_t cpus, int times) {
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < times; i++) {
            struct stamp stamp = stamp_of(0, i);
            if (write_event(rings, cpus, &stamp, sizeof stamp, 1) == WRITTEN)
                _exit(1);
        }
        _exit(0);
    }
    int status = 0;
    if (child < 0)
        return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}
