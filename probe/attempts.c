// What the probe tries. Each attempt runs in a child of its own, which ends after it: descriptors
// are therefore not closed here, and nothing stays attached.
#include "attempts.h"

#include "bpf.h"

#define COUNT(array) ((u32)(sizeof(array) / sizeof *(array)))
#define CALLING(name, expression) (progress->call = (name), (expression))
// Runs a call, and returns from the attempt if it is refused.
#define TRY(variable, name, expression) \
    long variable = CALLING(name, expression); \
    if (variable < 0) return variable

struct progress *progress;

// --- Programs

static const struct instruction nothing[] = {SET(0, 0), EXIT};

static long load(enum program_type type) {
    return CALLING("bpf", load_program(type, nothing, COUNT(nothing), 0));
}
static long load_kprobe(void) { return load(PROGRAM_KPROBE); }
static long load_tracepoint(void) { return load(PROGRAM_TRACEPOINT); }
static long load_perf_event(void) { return load(PROGRAM_PERF_EVENT); }
static long load_socket_filter(void) { return load(PROGRAM_SOCKET_FILTER); }

// --- The function that kprobes and fentry programs attach to: a system call that changes nothing.

#if defined(__x86_64__)
static const char *const hooks[] = {"__x64_sys_getpriority", "sys_getpriority", "SyS_getpriority"};
#else
static const char *const hooks[] = {"__arm64_sys_getpriority", "sys_getpriority", "SyS_getpriority"};
#endif

static void call_hook(void) { sys(SYS_GETPRIORITY, 0, 0, 0, 0, 0, 0); }

static long hook_id(void) {
    long id = -ENOENT;
    for (u32 i = 0; id == -ENOENT && i < COUNT(hooks); i++) id = btf_function(hooks[i]);
    return id;
}

static long load_tracing(void) {
    TRY(id, "open", hook_id());
    return CALLING("bpf", load_program(PROGRAM_TRACING, nothing, COUNT(nothing), (u32)id));
}

// --- Helpers: the verifier decides when the program is loaded.

static long read_with(int helper) {
    struct instruction code[] = {
        CALL(HELPER_GET_CURRENT_TASK), MOVE(3, 0), MOVE(1, 10), ADD(1, -8), SET(2, 8), CALL(helper),
        SET(0, 0), EXIT,
    };
    return CALLING("bpf", load_program(PROGRAM_KPROBE, code, COUNT(code), 0));
}
static long probe_read(void) { return read_with(HELPER_PROBE_READ); }
static long probe_read_kernel(void) { return read_with(HELPER_PROBE_READ_KERNEL); }
static long probe_read_user(void) { return read_with(HELPER_PROBE_READ_USER); }

static long perf_event_output(void) {
    TRY(map, "bpf", new_map(MAP_PERF_EVENTS, 4, 4, 1, 0));
    struct instruction code[] = {
        STORE64(10, -8, 0), LOAD_MAP(2, map), SET32(3, -1), MOVE(4, 10), ADD(4, -8), SET(5, 8),
        CALL(HELPER_PERF_EVENT_OUTPUT), SET(0, 0), EXIT,
    };
    return load_program(PROGRAM_KPROBE, code, COUNT(code), 0);
}

static long get_stackid(void) {
    TRY(map, "bpf", new_map(MAP_STACKS, 4, 127 * 8, 64, 0));
    struct instruction code[] = {LOAD_MAP(2, map), SET(3, 0), CALL(HELPER_GET_STACKID), SET(0, 0), EXIT};
    return load_program(PROGRAM_KPROBE, code, COUNT(code), 0);
}

// --- Memory

enum { RLIMIT_MEMLOCK = 8, NO_PREALLOC = 1 };

// For this child only.
static long raise_memlock(void) {
    u64 limit[2] = {~0UL, ~0UL};
    return CALLING("setrlimit", sys(SYS_PRLIMIT64, 0, RLIMIT_MEMLOCK, ADDRESS(limit), 0, 0, 0));
}

static long small_map(void) { return CALLING("bpf", new_map(MAP_HASH, 8, 16, 64, 0)); }

// Kernels before 5.11 charge the whole size to the limit; the memory is not used.
static long large_map(void) {
    raise_memlock();
    return CALLING("bpf", new_map(MAP_HASH, 8, 1000, 65536, NO_PREALLOC));
}

// Without access, so that no page is used: only the limit counts.
static long lock_memory(void) {
    enum { LOCKED = 0x2000, SIZE = 64 << 20 };
    raise_memlock();
    return CALLING("mmap", sys(SYS_MMAP, 0, SIZE, 0, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | LOCKED, -1, 0));
}

// --- Attaching: the program must run, too.

static long ran(long map, void (*fire)(void)) {
    for (int i = 0; i < 5; i++) fire();
    return count_of(map) ? 0 : NO_HITS;
}

static long attach(struct perf_event event, enum program_type type, void (*fire)(void)) {
    raise_memlock();
    TRY(map, "bpf", new_map(MAP_ARRAY, 4, 8, 1, 0));
    TRY(program, "bpf", load_counter(type, map, 0));
    TRY(fd, "perf_event_open", open_perf_event(&event));
    TRY(started, "ioctl", start_program(fd, program));
    return ran(map, fire);
}

static u64 number_in(const char *path) {
    char text[24];
    return read_file(path, text, sizeof text) > 0 ? number_at(text) : 0;
}

#define PMU(name) "/sys/bus/event_source/devices/" name "/type"

// `exit`: when the function returns, as kretprobes and uretprobes do.
static long attach_pmu(const char *pmu, const char *where, u64 offset, int exit, void (*fire)(void)) {
    struct perf_event event = {
        .type = (u32)number_in(pmu), .config = exit ? 1 : 0, .sample_period = 1, .wakeup_events = 1,
        .config1 = (u64)where, .config2 = offset,
    };
    return attach(event, PROGRAM_KPROBE, fire);
}

static long kprobe(int exit) {
    long answer = -ENOENT;
    for (u32 i = 0; (answer == -ENOENT || answer == -EINVAL) && i < COUNT(hooks); i++) {
        long found = attach_pmu(PMU("kprobe"), hooks[i], 0, exit, call_hook);
        // The first name is the right one on current kernels.
        if (i == 0 || (found != -ENOENT && found != -EINVAL)) answer = found;
        if (answer < 0 && !equal(progress->call, "perf_event_open")) break;
    }
    return answer;
}
static long kprobe_entry(void) { return kprobe(0); }
static long kprobe_exit(void) { return kprobe(1); }

// Of the probe's own file: the functions begin with an instruction that every kernel can probe.
void uprobe_target(void);
__asm__(".text\n.globl uprobe_target\nuprobe_target:\n  nop\n  ret\n");

struct elf_header { u8 ident[16]; u16 type, machine; u32 version; u64 entry, segments; };
struct segment { u32 type, flags; u64 offset, address, physical, file_size, memory_size, align; };
extern const struct elf_header __ehdr_start;

static u64 file_offset(u64 address) {
    const struct segment *segment = (const void *)((const char *)&__ehdr_start + __ehdr_start.segments);
    while (segment->type != 1 || address < segment->address ||
           address >= segment->address + segment->file_size)
        segment++;
    return address - segment->address + segment->offset;
}

static long uprobe(int exit) {
    return attach_pmu(PMU("uprobe"), "/proc/self/exe", file_offset((u64)uprobe_target), exit, uprobe_target);
}
static long uprobe_entry(void) { return uprobe(0); }
static long uprobe_exit(void) { return uprobe(1); }

#define EVENT_ID "/events/syscalls/sys_enter_getpriority/id"

static long tracepoint(const char *path) {
    char text[24];
    TRY(size, "open", read_file(path, text, sizeof text));
    struct perf_event event = {
        .type = PERF_TRACEPOINT, .config = number_at(text), .sample_period = 1, .wakeup_events = 1,
    };
    return attach(event, PROGRAM_TRACEPOINT, call_hook);
}
static long tracepoint_debugfs(void) { return tracepoint("/sys/kernel/debug/tracing" EVENT_ID); }
static long tracepoint_tracefs(void) { return tracepoint("/sys/kernel/tracing" EVENT_ID); }

static long fentry(void) {
    raise_memlock();
    TRY(id, "open", hook_id());
    TRY(map, "bpf", new_map(MAP_ARRAY, 4, 8, 1, 0));
    TRY(program, "bpf", load_counter(PROGRAM_TRACING, map, (u32)id));
    TRY(link, "bpf", attach_tracing(program));
    return ran(map, call_hook);
}

// --- Perf events

static void wait_a_little(void) { sleep_milliseconds(20); }

// 199 times a second on the first CPU, as the profiler samples.
static long cpu_clock(void) {
    enum { BY_FREQUENCY = 1 << 10 };
    struct perf_event event = {
        .type = PERF_SOFTWARE, .config = PERF_CPU_CLOCK, .sample_period = 199, .flags = BY_FREQUENCY,
    };
    return attach(event, PROGRAM_PERF_EVENT, wait_a_little);
}

extern u64 page_size;

// The ring of one CPU: 128 pages and its header.
static long perf_ring(void) {
    enum { RAW = 1 << 10 };
    struct perf_event event = {
        .type = PERF_SOFTWARE, .config = PERF_BPF_OUTPUT, .sample_period = 1, .sample_type = RAW,
        .wakeup_events = 1,
    };
    raise_memlock();
    TRY(fd, "perf_event_open", open_perf_event(&event));
    return CALLING("mmap", sys(SYS_MMAP, 0, (long)(129 * page_size), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}

// --- Files

// The symbols at the head may really have the address 0: per-CPU variables.
static long kallsyms(void) {
    enum { HEAD = 256 << 10 };
    char *text = map_memory(HEAD, MAP_PRIVATE);
    if (!text) return -EAGAIN;
    TRY(size, "open", read_file("/proc/kallsyms", text, HEAD));
    for (int line_start = 1; *text; line_start = *text++ == '\n')
        if (line_start)
            for (const char *digit = text; *digit && *digit != ' '; digit++)
                if (*digit != '0') return 0;
    return ZEROS;
}

static long type_information(void) {
    char head[64];
    return CALLING("open", read_file("/sys/kernel/btf/vmlinux", head, sizeof head));
}

#define JIT "/proc/sys/net/core/bpf_jit_enable"

// Whether the JIT compiler is on, or could be turned on. The kernel asks for the same privilege if
// nothing is written, and the value stays as it is.
static long jit(void) {
    if (number_in(JIT) == 1) return 0;
    TRY(fd, "open", open_path(JIT, O_WRONLY));
    return CALLING("write", sys(SYS_WRITE, fd, ADDRESS(JIT), 0, 0, 0, 0));
}

static long open_namespace(void) { return CALLING("open", open_path("/proc/1/ns/net", O_RDONLY)); }

// The namespace that this child is in already: the kernel asks for the same privilege as for another.
static long enter_namespace(void) {
    enum { NETWORK = 0x40000000 };
    TRY(fd, "open", open_path("/proc/self/ns/net", O_RDONLY));
    return CALLING("setns", sys(SYS_SETNS, fd, NETWORK, 0, 0, 0, 0));
}

static long process_executable(void) {
    char path[256];
    return CALLING("readlink", sys(SYS_READLINKAT, -100, ADDRESS("/proc/1/exe"), ADDRESS(path), sizeof path, 0, 0));
}
static long process_root(void) { return CALLING("open", open_path("/proc/1/root/", O_PATH)); }

// --- Packets

enum { AF_PACKET = 17, SOCK_RAW = 3, EVERY_PROTOCOL = 0x0300, LOOPBACK = 1 };
enum { SOL_SOCKET = 1, ATTACH_FILTER = 26, SOL_PACKET = 263, RX_RING = 5, VERSION = 10 };

static long set_option(long fd, int level, int name, const void *value, u64 size) {
    return sys(SYS_SETSOCKOPT, fd, level, name, ADDRESS(value), (long)size, 0);
}

static long packet_socket(void) {
    struct { u16 family, protocol; int interface; u8 rest[12]; } to = {AF_PACKET, EVERY_PROTOCOL, LOOPBACK, {0}};
    TRY(fd, "socket", sys(SYS_SOCKET, AF_PACKET, SOCK_RAW, EVERY_PROTOCOL, 0, 0, 0));
    TRY(bound, "bind", sys(SYS_BIND, fd, ADDRESS(&to), sizeof to, 0, 0, 0));
    return fd;
}

static long packet_filter(void) {
    struct { u16 code; u8 if_true, if_false; u32 value; } reject = {6, 0, 0, 0};
    struct { u16 count; const void *code; } filter = {1, &reject};
    TRY(fd, "socket", packet_socket());
    return CALLING("setsockopt", set_option(fd, SOL_SOCKET, ATTACH_FILTER, &filter, sizeof filter));
}

// One block of 1 MiB on the loopback interface.
static long packet_ring(void) {
    enum { BLOCK = 1 << 20, FRAME = 1 << 16, TPACKET_V3 = 2 };
    u32 version = TPACKET_V3, ring[7] = {BLOCK, 1, FRAME, BLOCK / FRAME, 10, 0, 0};
    TRY(fd, "socket", packet_socket());
    TRY(chosen, "setsockopt", set_option(fd, SOL_PACKET, VERSION, &version, sizeof version));
    TRY(made, "setsockopt", set_option(fd, SOL_PACKET, RX_RING, ring, sizeof ring));
    return CALLING("mmap", sys(SYS_MMAP, 0, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}

const struct attempt attempts[] = {
    {"load.kprobe", "load a kprobe program of two instructions", load_kprobe, 0},
    {"load.tracepoint", "load a tracepoint program of two instructions", load_tracepoint, 0},
    {"load.perfEvent", "load a perf event program of two instructions", load_perf_event, 0},
    {"load.socketFilter", "load a socket filter of two instructions", load_socket_filter, 0},
    {"load.tracing", "load an fentry program of two instructions", load_tracing, 0},
    {"helper.probeRead", "load a program that calls bpf_probe_read", probe_read, 0},
    {"helper.probeReadKernel", "load a program that calls bpf_probe_read_kernel", probe_read_kernel, 0},
    {"helper.probeReadUser", "load a program that calls bpf_probe_read_user", probe_read_user, 0},
    {"helper.perfEventOutput", "load a program that calls bpf_perf_event_output", perf_event_output, 0},
    {"helper.getStackid", "load a program that calls bpf_get_stackid", get_stackid, 0},
    {"rlimit.memlock", "raise the memory lock limit of a child process", raise_memlock, 0},
    {"memory.lock", "lock 64 MiB of address space without its memory", lock_memory, 0},
    {"map.small", "make a hash map of 64 entries", small_map, 0},
    {"map.large", "make a hash map of up to 64 MiB, without its memory", large_map, 0},
    {"kprobe.attach", "attach a kprobe to getpriority, call it, detach", kprobe_entry, PMU("kprobe")},
    {"kretprobe.attach", "attach a kretprobe to getpriority, call it, detach", kprobe_exit, PMU("kprobe")},
    {"uprobe.attach", "attach a uprobe to the probe's own file, run it, detach", uprobe_entry, PMU("uprobe")},
    {"uretprobe.attach", "attach a uretprobe to the probe's own file, run it, detach", uprobe_exit, PMU("uprobe")},
    {"tracepoint.debugfs", "attach to the tracepoint of getpriority by its id in debugfs, call it, detach", tracepoint_debugfs, 0},
    {"tracepoint.tracefs", "attach to the tracepoint of getpriority by its id in tracefs, call it, detach", tracepoint_tracefs, 0},
    {"fentry.attach", "attach an fentry program to getpriority, call it, detach", fentry, 0},
    {"perf.cpuClock", "sample CPU 0 with a program for up to 0.1 seconds", cpu_clock, 0},
    {"perf.ring", "map a perf event ring of 128 pages on CPU 0", perf_ring, 0},
    {"kallsyms", "read addresses from /proc/kallsyms", kallsyms, 0},
    {"btf", "read /sys/kernel/btf/vmlinux", type_information, 0},
    {"sysctl.jit", "open net.core.bpf_jit_enable for writing unless it is 1, and write nothing", jit, JIT},
    {"socket.packet", "open an AF_PACKET socket on the loopback interface", packet_socket, 0},
    {"socket.filter", "attach a filter that rejects all packets to such a socket", packet_filter, 0},
    {"socket.ring", "map a packet ring of 1 MiB on such a socket", packet_ring, 0},
    {"namespace.open", "open /proc/1/ns/net", open_namespace, 0},
    {"namespace.enter", "enter its own network namespace in a child process", enter_namespace, 0},
    {"process.executable", "read the link /proc/1/exe", process_executable, 0},
    {"process.root", "look up /proc/1/root", process_root, 0},
};
const u32 attempt_count = COUNT(attempts);
