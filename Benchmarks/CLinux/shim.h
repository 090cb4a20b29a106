// What Linux has and the module `Glibc` does not show: epoll, and what its headers keep behind _GNU_SOURCE.
#ifndef COUNTERSIGN_BENCH_CLINUX_H
#define COUNTERSIGN_BENCH_CLINUX_H

#include <sched.h>
#include <sys/epoll.h>
#include <sys/types.h>

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *mask);
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *mask);
void *memmem(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

#endif
