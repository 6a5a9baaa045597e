// What the probe tries.
#ifndef PROBE_ATTEMPTS_H
#define PROBE_ATTEMPTS_H

#include "sys.h"

// An answer of 0 or more is a success, such as a descriptor. Others are a negative errno or these.
enum { ZEROS = -10001, NO_HITS = -10002, TIMEOUT = -10003, KILLED = -10004 };

struct attempt {
    const char *id;
    const char *does; // for --list
    long (*run)(void);
    // Not tried, and no answer, where this file is missing: the kernel has another way.
    const char *needs;
};

extern const struct attempt attempts[];
extern const u32 attempt_count;

// The system call that an attempt is in, for the case that it is refused. Shared with the parent.
struct progress { u32 done; long answer; const char *call; };
extern struct progress *progress;

#endif
