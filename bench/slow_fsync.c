/* Preloaded into the service: every sync takes a millisecond longer, as on a disk without a cache of its own. The first
   one also makes the file that SLOW_FSYNC_MARK names, so that whoever measures knows that syncs come through here. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int slowed(const char *name, int file) {
    static int is_marked;
    const char *mark = getenv("SLOW_FSYNC_MARK");
    if (mark && !is_marked) {
        is_marked = 1;
        close(open(mark, O_CREAT | O_WRONLY, 0600));
    }
    const struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, 0);
    return ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
}

int fsync(int file) { return slowed("fsync", file); }

int fdatasync(int file) { return slowed("fdatasync", file); }
