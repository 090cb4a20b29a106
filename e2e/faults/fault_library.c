/* Loaded into the desk before its libraries (LD_PRELOAD), so that a test can set its clocks, refuse its writes and stop it at
 * one exact place. Nothing of it is in the product: only a process that is started with this library has these faults.
 *
 * The test and the process share one page of numbers, see fault_library.py. All are zero as long as nothing is wrong. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct controls {
    _Atomic int64_t wall_ms;      /* the clock on the wall is ahead by so much */
    _Atomic int64_t steady_ms;    /* and the one that nobody can set: as if the machine had slept */
    _Atomic int64_t write_errno;  /* what writing to the log is answered; 0: it is done */
    _Atomic int64_t sync_errno;   /* what syncing it is answered, though it was written */
    _Atomic int64_t hold_write;   /* whoever is about to write `text` to the log stays there while this is not 0 */
    _Atomic int64_t hold_sync;    /* whoever has written `text` and has just synced it stays there */
    _Atomic int64_t held;         /* how many stay */
    _Atomic int64_t refused;      /* how many calls were answered with an error */
    char text[64];                /* ends with a zero; without a text everything is meant */
};

static struct controls none;
static struct controls *controls = &none;

/* SQLite's file and what lies beside it: `desk.sqlite`, `desk.sqlite-wal`. */
static int is_log(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    const char *name = strstr(path, ".sqlite");
    return name && (!strcmp(name, ".sqlite") || !strcmp(name, ".sqlite-wal"));
}

/* Whether this thread has written the text since it last synced. */
static _Thread_local int has_written_text;

static int has_text(const void *bytes, size_t count) {
    size_t length = strnlen(controls->text, sizeof controls->text);
    return length == 0 || memmem(bytes, count, controls->text, length) != NULL;
}

static void stay_while(_Atomic int64_t *flag) {
    atomic_fetch_add(&controls->held, 1);
    while (atomic_load(flag)) usleep(1000);
    atomic_fetch_sub(&controls->held, 1);
}

/* Whether this write goes on; else errno says why not. */
static int may_write(int descriptor, const void *bytes, size_t count) {
    int holds_write = atomic_load(&controls->hold_write) != 0, holds_sync = atomic_load(&controls->hold_sync) != 0;
    if (!holds_write && !holds_sync && !atomic_load(&controls->write_errno)) return 1;
    if (!is_log(descriptor)) return 1;
    if ((holds_write || holds_sync) && has_text(bytes, count)) {
        has_written_text = 1;
        if (holds_write) stay_while(&controls->hold_write);
    }
    int code = (int)atomic_load(&controls->write_errno);
    if (!code) return 1;
    atomic_fetch_add(&controls->refused, 1);
    errno = code;
    return 0;
}

static int after_sync(int descriptor, int result) {
    if (result != 0 || (!atomic_load(&controls->hold_sync) && !atomic_load(&controls->sync_errno))) return result;
    if (!is_log(descriptor)) return result;
    if (atomic_load(&controls->hold_sync) && has_written_text) stay_while(&controls->hold_sync);
    has_written_text = 0;
    int code = (int)atomic_load(&controls->sync_errno);
    if (!code) return result;
    atomic_fetch_add(&controls->refused, 1);
    errno = code;
    return -1;
}

static int64_t ahead_ms(clockid_t clock) {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE: return atomic_load(&controls->wall_ms);
    case CLOCK_BOOTTIME: return atomic_load(&controls->steady_ms);
    default: return 0;
    }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    int64_t ahead = ahead_ms(clock);
    if (result != 0 || ahead == 0) return result;
    int64_t nanoseconds = now->tv_nsec + (ahead % 1000) * 1000000;
    now->tv_sec += ahead / 1000;
    while (nanoseconds < 0) { nanoseconds += 1000000000; now->tv_sec -= 1; }
    while (nanoseconds >= 1000000000) { nanoseconds -= 1000000000; now->tv_sec += 1; }
    now->tv_nsec = nanoseconds;
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    if (result == 0) { now->tv_sec = exact.tv_sec; now->tv_usec = exact.tv_nsec / 1000; }
    return result;
}

time_t time(time_t *told) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (told) *told = exact.tv_sec;
    return exact.tv_sec;
}

#define THE_REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    static __typeof__(&write) real;
    if (!real) real = THE_REAL(write);
    return may_write(descriptor, bytes, count) ? real(descriptor, bytes, count) : -1;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    static __typeof__(&pwrite) real;
    if (!real) real = THE_REAL(pwrite);
    return may_write(descriptor, bytes, count) ? real(descriptor, bytes, count, offset) : -1;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    static __typeof__(&pwrite64) real;
    if (!real) real = THE_REAL(pwrite64);
    return may_write(descriptor, bytes, count) ? real(descriptor, bytes, count, offset) : -1;
}

int fsync(int descriptor) {
    static __typeof__(&fsync) real;
    if (!real) real = THE_REAL(fsync);
    return after_sync(descriptor, real(descriptor));
}

int fdatasync(int descriptor) {
    static __typeof__(&fdatasync) real;
    if (!real) real = THE_REAL(fdatasync);
    return after_sync(descriptor, real(descriptor));
}

__attribute__((constructor)) static void take_controls(void) {
    /* A file that may not grow is then an error, as a full disk is, and no signal that ends the process. */
    signal(SIGXFSZ, SIG_IGN);
    const char *path = getenv("FAULT_CONTROLS");
    int descriptor = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (descriptor < 0) return;
    void *page = mmap(NULL, sizeof(struct controls), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page != MAP_FAILED) controls = page;
}
