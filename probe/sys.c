// The system calls that the probe uses, and the few functions of a C library that it needs.
#include "sys.h"

enum { AT_FDCWD = -100, CLOCK_MONOTONIC = 1 };

struct time { long seconds, nanoseconds; };

#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start:\n"
        "  xor %ebp, %ebp\n"
        "  mov %rsp, %rdi\n"
        "  and $-16, %rsp\n"
        "  call run\n");

long sys(long number, long a, long b, long c, long d, long e, long f) {
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#else
__asm__(".globl _start\n"
        "_start:\n"
        "  mov x29, xzr\n"
        "  mov x0, sp\n"
        "  bl run\n");

long sys(long number, long a, long b, long c, long d, long e, long f) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}
#endif

// The compiler calls these for large copies. Volatile, so that it does not turn them into calls of
// themselves.
void *memset(void *to, int value, u64 size) {
    volatile u8 *bytes = to;
    while (size--) *bytes++ = (u8)value;
    return to;
}

void *memcpy(void *to, const void *from, u64 size) {
    volatile u8 *bytes = to;
    const u8 *source = from;
    while (size--) *bytes++ = *source++;
    return to;
}

long open_path(const char *path, int flags) {
    return sys(SYS_OPENAT, AT_FDCWD, ADDRESS(path), flags | O_CLOEXEC, 0, 0, 0);
}

void close_fd(long fd) {
    if (fd >= 0) sys(SYS_CLOSE, fd, 0, 0, 0, 0, 0);
}

void *map_memory(u64 size, int flags) {
    long at = sys(SYS_MMAP, 0, (long)size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    return at < 0 && at > -4096 ? 0 : (void *)at;
}

long read_file(const char *path, char *to, u64 size) {
    u64 used = 0;
    long fd = open_path(path, O_RDONLY), got = 0;
    if (fd < 0) return fd;
    while (used < size - 1) {
        got = sys(SYS_READ, fd, ADDRESS(to + used), (long)(size - 1 - used), 0, 0, 0);
        if (got <= 0) break;
        used += (u64)got;
    }
    close_fd(fd);
    to[used] = 0;
    return got < 0 ? got : (long)used;
}

u64 milliseconds(void) {
    struct time now = {0, 0};
    sys(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, ADDRESS(&now), 0, 0, 0, 0);
    return (u64)now.seconds * 1000 + (u64)now.nanoseconds / 1000000;
}

void sleep_milliseconds(u64 time) {
    struct time wait = {(long)(time / 1000), (long)(time % 1000) * 1000000};
    sys(SYS_NANOSLEEP, ADDRESS(&wait), 0, 0, 0, 0, 0);
}

u64 length(const char *string) {
    u64 size = 0;
    while (string[size]) size++;
    return size;
}

int starts_with(const char *string, const char *prefix) {
    while (*prefix)
        if (*string++ != *prefix++) return 0;
    return 1;
}

int equal(const char *one, const char *other) {
    return starts_with(one, other) && length(one) == length(other);
}

u64 number_at(const char *string) {
    u64 value = 0;
    while (*string >= '0' && *string <= '9') value = value * 10 + (u64)(*string++ - '0');
    return value;
}
