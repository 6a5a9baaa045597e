// Runs a program of the guest with the privileges of a case, as a container runtime or systemd would.
//
//   confine [--caps NAME,…] [--uid N] [--ambient] [--no-new-privs] [--memlock BYTES|max]
//           [--refuse bpf,perf_event_open,setns] PROGRAM [ARGUMENT…]
//
// Without --ambient, another user than root has capabilities in the bounding set only, as in Kubernetes.
// It is built with `sys.c` of the probe, without a C library.
#include "sys.h"

#if defined(__x86_64__)
enum {
    SYS_EXECVE = 59, SYS_SETGROUPS = 116, SYS_SETRESUID = 117, SYS_SETRESGID = 119, SYS_CAPSET = 126,
    SYS_SECCOMP = 317,
};
#else
enum {
    SYS_EXECVE = 221, SYS_SETGROUPS = 159, SYS_SETRESUID = 147, SYS_SETRESGID = 149, SYS_CAPSET = 91,
    SYS_SECCOMP = 277,
};
#endif
enum { PR_SET_KEEPCAPS = 8, PR_CAPBSET_DROP = 24, PR_SET_NO_NEW_PRIVS = 38, PR_CAP_AMBIENT = 47 };
enum { RLIMIT_MEMLOCK = 8, CAPABILITY_VERSION_3 = 0x20080522, SET_MODE_FILTER = 1, RAISE = 2 };

static const char *const capabilities[] = {
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
    "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
    "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
    "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
    "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
    "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};
static const char *const call_names[] = {"bpf", "perf_event_open", "setns"};
static const u32 call_numbers[] = {SYS_BPF, SYS_PERF_EVENT_OPEN, SYS_SETNS};

enum { CAPABILITIES = sizeof capabilities / sizeof *capabilities, CALLS = 3 };

u64 page_size = 4096;

static void need(int done, const char *what) {
    if (done) return;
    sys(SYS_WRITE, 2, ADDRESS("confine: "), 9, 0, 0, 0);
    sys(SYS_WRITE, 2, ADDRESS(what), (long)length(what), 0, 0, 0);
    sys(SYS_WRITE, 2, ADDRESS(" failed\n"), 8, 0, 0, 0);
    for (;;) sys(SYS_EXIT_GROUP, 125, 0, 0, 0, 0, 0);
}

static long control(long option, long a, long b) { return sys(SYS_PRCTL, option, a, b, 0, 0, 0); }

// The place of the next name of a list in `names`, which becomes the rest of the list.
static u64 next(char **names, const char *const *known, u64 count) {
    char *name = *names;
    u64 at = 0;
    while (**names && **names != ',') (*names)++;
    if (**names) *(*names)++ = 0;
    while (at < count && !equal(known[at], name)) at++;
    need(at < count || equal(name, "ALL"), name);
    return at;
}

static u64 bits_of(char *names) {
    u64 bits = 0;
    while (*names) {
        u64 at = next(&names, capabilities, CAPABILITIES);
        bits |= at < CAPABILITIES ? 1UL << at : (1UL << CAPABILITIES) - 1;
    }
    return bits;
}

// Answers EPERM to these calls, as the default profile of container runtimes does.
static void refuse(char *names) {
    enum { LOAD = 0x20, JUMP_IF_EQUAL = 0x15, RETURN = 6, REFUSED = 0x50001, ALLOWED = 0x7fff0000 };
    struct { u16 code; u8 if_true, if_false; u32 value; } code[2 * CALLS + 2] = {{LOAD, 0, 0, 0}};
    struct { u16 count; void *code; } filter = {1, code};
    while (*names) {
        u64 at = next(&names, call_names, CALLS);
        code[filter.count].code = JUMP_IF_EQUAL;
        code[filter.count].if_false = 1;
        code[filter.count++].value = call_numbers[at];
        code[filter.count].code = RETURN;
        code[filter.count++].value = REFUSED;
    }
    code[filter.count].code = RETURN;
    code[filter.count++].value = ALLOWED;
    need(sys(SYS_SECCOMP, SET_MODE_FILTER, 0, ADDRESS(&filter), 0, 0, 0) == 0, "seccomp");
}

static void keep(u64 bits, long uid, int ambient) {
    u32 header[2] = {CAPABILITY_VERSION_3, 0}, sets[6];
    // A kernel does not know the capabilities that are newer.
    for (long i = 0; i < CAPABILITIES; i++)
        if (!(bits >> i & 1)) {
            long dropped = control(PR_CAPBSET_DROP, i, 0);
            need(dropped == 0 || dropped == -EINVAL, "PR_CAPBSET_DROP");
        }
    need(sys(SYS_CAPGET, ADDRESS(header), ADDRESS(sets), 0, 0, 0, 0) == 0, "capget");
    bits &= sets[1] | (u64)sets[4] << 32;
    need(control(PR_SET_KEEPCAPS, 1, 0) == 0, "PR_SET_KEEPCAPS");
    need(sys(SYS_SETGROUPS, 0, 0, 0, 0, 0, 0) == 0, "setgroups");
    need(sys(SYS_SETRESGID, uid, uid, uid, 0, 0, 0) == 0, "setresgid");
    need(sys(SYS_SETRESUID, uid, uid, uid, 0, 0, 0) == 0, "setresuid");
    for (int i = 0; i < 2; i++) {
        u32 part = (u32)(bits >> (32 * i));
        sets[3 * i] = sets[3 * i + 1] = part;
        sets[3 * i + 2] = ambient ? part : 0;
    }
    need(sys(SYS_CAPSET, ADDRESS(header), ADDRESS(sets), 0, 0, 0, 0) == 0, "capset");
    for (long i = 0; ambient && i < CAPABILITIES; i++)
        if (bits >> i & 1) need(control(PR_CAP_AMBIENT, RAISE, i) == 0, "PR_CAP_AMBIENT");
}

__attribute__((noreturn)) void run(u64 *stack) {
    char **at = (char **)(stack + 2), **environment = (char **)(stack + 2 + stack[0]);
    u64 bits = 0;
    long uid = 0;
    int ambient = 0, no_new_privs = 0;
    for (; *at && starts_with(*at, "--"); at++) {
        const char *option = *at + 2;
        if (equal(option, "ambient")) {
            ambient = 1;
        } else if (equal(option, "no-new-privs")) {
            no_new_privs = 1;
        } else {
            char *value = *++at;
            need(value != 0, option);
            if (equal(option, "caps")) {
                bits = bits_of(value);
            } else if (equal(option, "uid")) {
                uid = (long)number_at(value);
            } else if (equal(option, "memlock")) {
                u64 bytes = equal(value, "max") ? ~0UL : number_at(value), limit[2] = {bytes, bytes};
                need(sys(SYS_PRLIMIT64, 0, RLIMIT_MEMLOCK, ADDRESS(limit), 0, 0, 0) == 0, "setrlimit");
            } else {
                need(equal(option, "refuse"), option);
                refuse(value);
            }
        }
    }
    need(*at != 0, "no program");
    keep(bits, uid, ambient);
    if (no_new_privs) need(control(PR_SET_NO_NEW_PRIVS, 1, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    sys(SYS_EXECVE, ADDRESS(*at), ADDRESS(at), ADDRESS(environment), 0, 0, 0);
    for (;;) need(0, *at);
}
