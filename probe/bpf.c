// Maps, programs and perf events.
#include "bpf.h"

enum { MAP_CREATE = 0, MAP_LOOKUP = 1, PROGRAM_LOAD = 5, RAW_TRACEPOINT_OPEN = 17 };
enum { TRACE_FENTRY = 24, PERF_FD_CLOEXEC = 8 };
enum { IOCTL_ENABLE = 0x2400, IOCTL_SET_PROGRAM = 0x40042408 };
// The verifier answers EAGAIN while any signal is pending.
enum { LOAD_RETRIES = 20 };

static long bpf(int command, void *arguments, u64 size) {
    return sys(SYS_BPF, command, ADDRESS(arguments), (long)size, 0, 0, 0);
}

long new_map(enum map_type type, u32 key_size, u32 value_size, u32 entries, u32 flags) {
    u32 arguments[5] = {type, key_size, value_size, entries, flags};
    return bpf(MAP_CREATE, arguments, sizeof arguments);
}

// The version that kernels before 5.0 compare with their own. Debian and Ubuntu put the real one
// elsewhere, because the release stays the same for all updates.
static u32 kernel_version(void) {
    static char text[6 * 65 + 1], signature[256];
    u32 parts[3] = {0, 0, 0};
    const char *at = text;
    sys(SYS_UNAME, ADDRESS(text), 0, 0, 0, 0, 0);
    at = text + 2 * 65; // release
    const char *build = text + 3 * 65;
    for (const char *c = build; *c; c++)
        if (starts_with(c, "Debian ")) at = c + length("Debian ");
    if (read_file("/proc/version_signature", signature, sizeof signature) > 0)
        for (const char *c = signature; *c; c++)
            if (*c == ' ') at = c + 1;
    for (int i = 0; i < 3; i++) {
        parts[i] = (u32)number_at(at);
        while (*at >= '0' && *at <= '9') at++;
        if (*at == '.') at++;
    }
    return parts[0] << 16 | parts[1] << 8 | (parts[2] > 255 ? 255 : parts[2]);
}

long load_program(enum program_type type, const struct instruction *code, u32 count, u32 btf_id) {
    struct {
        u32 type, count;
        u64 code, license;
        u32 log_level, log_size;
        u64 log;
        u32 version, flags, name[4], interface, attach_type, btf, function_size;
        u64 functions;
        u32 function_count, line_size;
        u64 lines;
        u32 line_count, btf_id, attach_program, unused;
    } arguments = {
        .type = type, .count = count, .code = (u64)code, .license = (u64)"GPL",
        .version = kernel_version(), .attach_type = btf_id ? TRACE_FENTRY : 0, .btf_id = btf_id,
    };
    _Static_assert(sizeof arguments == 120, "union bpf_attr");
    long fd = -EAGAIN;
    for (int i = 0; fd == -EAGAIN && i < LOAD_RETRIES; i++)
        fd = bpf(PROGRAM_LOAD, &arguments, sizeof arguments);
    return fd;
}

long load_counter(enum program_type type, long map, u32 btf_id) {
    struct instruction code[] = {
        STORE32(10, -4, 0), LOAD_MAP(1, map), MOVE(2, 10), ADD(2, -4), CALL(HELPER_LOOKUP),
        SKIP_IF_ZERO(0, 2), SET(1, 1), ATOMIC_ADD(0, 1), SET(0, 0), EXIT,
    };
    return load_program(type, code, sizeof code / sizeof *code, btf_id);
}

u64 count_of(long map) {
    u32 key = 0;
    u64 value = 0;
    struct { u64 fd, key, value, flags; } arguments = {(u64)map, (u64)&key, (u64)&value, 0};
    bpf(MAP_LOOKUP, &arguments, sizeof arguments);
    return value;
}

long attach_tracing(long program) {
    struct { u64 name; u32 program, unused; } arguments = {0, (u32)program, 0};
    return bpf(RAW_TRACEPOINT_OPEN, &arguments, sizeof arguments);
}

long open_perf_event(struct perf_event *event) {
    event->size = sizeof *event;
    return sys(SYS_PERF_EVENT_OPEN, ADDRESS(event), -1, 0, -1, PERF_FD_CLOEXEC, 0);
}

long start_program(long event, long program) {
    long result = sys(SYS_IOCTL, event, IOCTL_SET_PROGRAM, program, 0, 0, 0);
    return result < 0 ? result : sys(SYS_IOCTL, event, IOCTL_ENABLE, 0, 0, 0, 0);
}
