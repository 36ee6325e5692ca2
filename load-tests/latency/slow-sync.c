// A disk whose fdatasync takes longer by SYNC_DELAY_US: loaded before the C library into the program that is measured,
// and into the probe that measures the disk. Delays add up as on a network volume: two at once do not wait for each
// other.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int fdatasync(int descriptor) {
    static int (*system_call)(int);
    static long microseconds;
    if (!system_call) {
        const char *text = getenv("SYNC_DELAY_US");
        microseconds = text ? atol(text) : 0;
        system_call = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    }
    struct timespec delay = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&delay, NULL);
    return system_call(descriptor);
}
