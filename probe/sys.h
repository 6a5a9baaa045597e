// The system calls that the probe uses, without a C library.
#ifndef PROBE_SYS_H
#define PROBE_SYS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

_Static_assert(sizeof(u64) == 8 && sizeof(void *) == 8, "64-bit Linux only");

#if defined(__x86_64__)
enum {
    SYS_READ = 0, SYS_WRITE = 1, SYS_CLOSE = 3, SYS_MMAP = 9, SYS_IOCTL = 16, SYS_NANOSLEEP = 35,
    SYS_SOCKET = 41, SYS_BIND = 49, SYS_SETSOCKOPT = 54, SYS_CLONE = 56, SYS_WAIT4 = 61,
    SYS_KILL = 62, SYS_UNAME = 63, SYS_GETEUID = 107, SYS_CAPGET = 125, SYS_GETPRIORITY = 140,
    SYS_PRCTL = 157, SYS_CLOCK_GETTIME = 228, SYS_EXIT_GROUP = 231, SYS_OPENAT = 257,
    SYS_READLINKAT = 267, SYS_PERF_EVENT_OPEN = 298, SYS_PRLIMIT64 = 302, SYS_SETNS = 308,
    SYS_BPF = 321,
};
#elif defined(__aarch64__)
enum {
    SYS_READ = 63, SYS_WRITE = 64, SYS_CLOSE = 57, SYS_MMAP = 222, SYS_IOCTL = 29,
    SYS_NANOSLEEP = 101, SYS_SOCKET = 198, SYS_BIND = 200, SYS_SETSOCKOPT = 208, SYS_CLONE = 220,
    SYS_WAIT4 = 260, SYS_KILL = 129, SYS_UNAME = 160, SYS_GETEUID = 175, SYS_CAPGET = 90,
    SYS_GETPRIORITY = 141, SYS_PRCTL = 167, SYS_CLOCK_GETTIME = 113, SYS_EXIT_GROUP = 94,
    SYS_OPENAT = 56, SYS_READLINKAT = 78, SYS_PERF_EVENT_OPEN = 241, SYS_PRLIMIT64 = 261,
    SYS_SETNS = 268, SYS_BPF = 280,
};
#else
#error "the probe is written for x86_64 and aarch64"
#endif

// The errors that the probe compares with.
enum { EPERM = 1, ENOENT = 2, EAGAIN = 11, EINVAL = 22 };

// Flags that are equal on both architectures.
enum {
    O_RDONLY = 0, O_WRONLY = 1, O_CLOEXEC = 02000000, O_PATH = 010000000,
    PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20,
    MAP_NORESERVE = 0x4000,
};

// The raw call: a negative errno is a failure.
long sys(long number, long a, long b, long c, long d, long e, long f);

#define ADDRESS(pointer) ((long)(pointer))

long open_path(const char *path, int flags);
void close_fd(long fd);
// Maps memory; 0 means that there is none.
void *map_memory(u64 size, int flags);
// Reads the beginning of a file as a string into `to`. Returns its length, or a negative errno.
long read_file(const char *path, char *to, u64 size);
u64 milliseconds(void);
void sleep_milliseconds(u64 time);

u64 length(const char *string);
int starts_with(const char *string, const char *prefix);
int equal(const char *one, const char *other);
// The decimal number at the start of a string.
u64 number_at(const char *string);

#endif
