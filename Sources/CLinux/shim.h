// The calls of Linux that Swift's Glibc module leaves out: epoll, eventfd, accept4, CPUs, names of threads,
// memory that is not needed.
#ifndef HIGHLAND_CLINUX_H
#define HIGHLAND_CLINUX_H

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// What a descriptor is ready for, and the number it was registered under. `epoll_event` itself is packed.
struct linux_ready {
    uint64_t tag;
    uint32_t events;
};

static inline int linux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int linux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t tag) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = tag;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

// At most 256 at a time; `ready` has as many places.
static inline int linux_epoll_wait(int epoll, struct linux_ready *ready, int milliseconds) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, milliseconds);
    for (int i = 0; i < count; i++) {
        ready[i].tag = events[i].data.u64;
        ready[i].events = events[i].events;
    }
    return count;
}

static inline int linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// A connection that does not block and is not inherited.
static inline int linux_accept(int listener, struct sockaddr_storage *peer) {
    socklen_t length = sizeof *peer;
    return (int)syscall(SYS_accept4, listener, peer, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

// How many CPUs this process may run on; at least 1.
static inline int linux_cpu_count(void) {
    unsigned long mask[64] = {0};
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    for (long i = 0; i < bytes / (long)sizeof mask[0]; i++) count += __builtin_popcountl(mask[i]);
    return count > 0 ? count : 1;
}

// Gives memory that was freed back to the system.
static inline void linux_trim_memory(void) { malloc_trim(0); }

// One heap, which grows by a megabyte and keeps 32 MiB that was freed: a heap of a thread's own asks the system for each
// block at its end, and by default page faults follow for every hundred kilobytes. Blocks below 16 MiB come from that
// heap too, such as the tails of partitions and what is made of them; by default, those of 128 KiB are mapped by
// themselves, and every page of them faults again each time. A server at rest gives all of it back.
static inline void linux_keep_freed_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
}

// Names the calling thread; 15 bytes of the name count.
static inline int linux_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

// Opens a file so that writes pass the cache by. Without the compiler's leave for such names the system has it by another.
#ifdef O_DIRECT
static const int LINUX_DIRECT = O_DIRECT;
#else
static const int LINUX_DIRECT = __O_DIRECT;
#endif

static const uint32_t LINUX_READABLE = EPOLLIN;
static const uint32_t LINUX_WRITABLE = EPOLLOUT;
static const uint32_t LINUX_ENDED = EPOLLRDHUP;
static const uint32_t LINUX_GONE = EPOLLERR | EPOLLHUP;
static const uint32_t LINUX_EDGE = 1u << 31;
static const int LINUX_ADD = EPOLL_CTL_ADD;
static const int LINUX_CHANGE = EPOLL_CTL_MOD;

#endif
