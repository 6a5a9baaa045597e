// Maps, programs and perf events: each function returns a descriptor or a negative errno.
#ifndef PROBE_BPF_H
#define PROBE_BPF_H

#include "sys.h"

struct instruction { u8 code, registers; short offset; int value; };

#define REGISTERS(to, from) ((u8)((from) << 4 | (to)))
#define SET(to, number) {0xb7, REGISTERS(to, 0), 0, number}
#define SET32(to, number) {0xb4, REGISTERS(to, 0), 0, number}
#define MOVE(to, from) {0xbf, REGISTERS(to, from), 0, 0}
#define ADD(to, number) {0x07, REGISTERS(to, 0), 0, number}
#define STORE32(to, at, number) {0x62, REGISTERS(to, 0), at, number}
#define STORE64(to, at, number) {0x7a, REGISTERS(to, 0), at, number}
#define LOAD_MAP(to, fd) {0x18, REGISTERS(to, 1), 0, (int)(fd)}, {0, 0, 0, 0}
#define ATOMIC_ADD(to, from) {0xdb, REGISTERS(to, from), 0, 0}
#define SKIP_IF_ZERO(of, count) {0x15, REGISTERS(of, 0), count, 0}
#define CALL(helper) {0x85, 0, 0, helper}
#define EXIT {0x95, 0, 0, 0}

enum map_type { MAP_HASH = 1, MAP_ARRAY = 2, MAP_PERF_EVENTS = 4, MAP_STACKS = 7 };

enum program_type {
    PROGRAM_SOCKET_FILTER = 1, PROGRAM_KPROBE = 2, PROGRAM_TRACEPOINT = 5, PROGRAM_PERF_EVENT = 7,
    PROGRAM_TRACING = 26,
};

enum helper {
    HELPER_LOOKUP = 1, HELPER_PROBE_READ = 4, HELPER_PERF_EVENT_OUTPUT = 25,
    HELPER_GET_STACKID = 27, HELPER_GET_CURRENT_TASK = 35, HELPER_PROBE_READ_USER = 112,
    HELPER_PROBE_READ_KERNEL = 113,
};

enum { PERF_SOFTWARE = 1, PERF_TRACEPOINT = 2, PERF_CPU_CLOCK = 0, PERF_BPF_OUTPUT = 10 };

struct perf_event {
    u32 type, size;
    u64 config, sample_period, sample_type, read_format, flags;
    u32 wakeup_events, breakpoint_type;
    u64 config1, config2, rest[5];
};
_Static_assert(sizeof(struct perf_event) == 112, "PERF_ATTR_SIZE_VER5");

long new_map(enum map_type type, u32 key_size, u32 value_size, u32 entries, u32 flags);
// `btf_id` is the function that a tracing program is for.
long load_program(enum program_type type, const struct instruction *code, u32 count, u32 btf_id);
// A program that counts its runs in the first entry of a map.
long load_counter(enum program_type type, long map, u32 btf_id);
u64 count_of(long map);
long attach_tracing(long program);
long open_perf_event(struct perf_event *event);
// Connects a program with a perf event and enables it.
long start_program(long event, long program);

// The id of a function in the kernel's BTF, or a negative errno.
long btf_function(const char *name);

#endif
