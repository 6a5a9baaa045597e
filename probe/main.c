// The probe: runs the attempts one by one and prints their answers as one JSON document.
#include "attempts.h"

enum { ATTEMPT_LIMIT = 5000, TOTAL_LIMIT = 60000 }; // milliseconds
enum { SIGCHLD = 17, SIGKILL = 9, WNOHANG = 1, PR_SET_PDEATHSIG = 1, PR_GET_NO_NEW_PRIVS = 39 };
enum { RLIMIT_MEMLOCK = 8, AT_PAGESZ = 6, CAPABILITY_VERSION_3 = 0x20080522 };

u64 page_size = 4096;

// --- The document

static char document[16384];
static u64 used;

static void put(const char *string) {
    while (*string && used < sizeof document) document[used++] = *string++;
}

static void put_number(u64 value) {
    char digits[24];
    u64 at = sizeof digits - 1;
    digits[at] = 0;
    do digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    put(digits + at);
}

static void print(long to) {
    for (u64 at = 0; at < used;) {
        long written = sys(SYS_WRITE, to, ADDRESS(document + at), (long)(used - at), 0, 0, 0);
        if (written <= 0) sys(SYS_EXIT_GROUP, 1, 0, 0, 0, 0, 0);
        at += (u64)written;
    }
    used = 0;
}

// --- Names

static const char *error_name(long number) {
    static const struct { int number; const char *name; } names[] = {
        {1, "EPERM"}, {2, "ENOENT"}, {3, "ESRCH"}, {4, "EINTR"}, {5, "EIO"}, {6, "ENXIO"},
        {7, "E2BIG"}, {9, "EBADF"}, {11, "EAGAIN"}, {12, "ENOMEM"}, {13, "EACCES"}, {14, "EFAULT"},
        {16, "EBUSY"}, {17, "EEXIST"}, {19, "ENODEV"}, {20, "ENOTDIR"}, {22, "EINVAL"},
        {23, "ENFILE"}, {24, "EMFILE"}, {25, "ENOTTY"}, {28, "ENOSPC"}, {30, "EROFS"},
        {38, "ENOSYS"}, {40, "ELOOP"}, {92, "ENOPROTOOPT"}, {95, "EOPNOTSUPP"},
        {97, "EAFNOSUPPORT"}, {524, "ENOTSUPP"},
    };
    for (u32 i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == number) return names[i].name;
    return 0;
}

static const char *const capability_names[] = {
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
    "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
    "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
    "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
    "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
    "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
};

// --- The privileges that the answers are given under

// The value of a line of /proc/self/status; 0 if it cannot be read.
static u64 status(const char *key) {
    static char text[8192];
    if (read_file("/proc/self/status", text, sizeof text) > 0)
        for (const char *line = text; *line; line++)
            if ((line == text || line[-1] == '\n') && starts_with(line, key))
                return number_at(line + length(key));
    return 0;
}

static int in_user_namespace(void) {
    char text[64];
    if (read_file("/proc/self/uid_map", text, sizeof text) <= 0) return 0;
    const char *at = text;
    for (int i = 0; i < 3; i++) {
        while (*at == ' ') at++;
        if (i < 2 && number_at(at)) return 1;
        if (i == 2) return number_at(at) != 0xffffffff;
        while (*at >= '0' && *at <= '9') at++;
    }
    return 0;
}

static void put_capabilities(void) {
    u32 header[2] = {CAPABILITY_VERSION_3, 0}, sets[6] = {0};
    sys(SYS_CAPGET, ADDRESS(header), ADDRESS(sets), 0, 0, 0, 0);
    u64 effective = (u64)sets[3] << 32 | sets[0];
    const char *separator = "";
    for (u32 i = 0; i < sizeof capability_names / sizeof *capability_names; i++)
        if (effective >> i & 1) {
            put(separator);
            put("\"");
            put(capability_names[i]);
            put("\"");
            separator = ", ";
        }
}

// What confines the process: a label of SELinux, or a profile of AppArmor.
static void put_context(void) {
    char text[256];
    if (read_file("/proc/self/attr/current", text, sizeof text) <= 0) return;
    put(",\n    \"context\": \"");
    for (char *at = text; *at && *at != '\n'; at++) {
        char shown[2] = {*at, 0};
        put(*at < ' ' || *at > '~' || *at == '"' || *at == '\\' ? "?" : shown);
    }
    put("\"");
}

static void put_privileges(void) {
    static const char *const filters[] = {"disabled", "strict", "filter"};
    u64 limit[2] = {0, 0}, filter = status("Seccomp:\t");
    sys(SYS_PRLIMIT64, 0, RLIMIT_MEMLOCK, 0, ADDRESS(limit), 0, 0);
    put("  \"as\": {\n    \"uid\": ");
    put_number((u64)sys(SYS_GETEUID, 0, 0, 0, 0, 0, 0));
    put(",\n    \"effective\": [");
    put_capabilities();
    put("],\n    \"userNamespace\": ");
    put(in_user_namespace() ? "true" : "false");
    put(",\n    \"noNewPrivs\": ");
    put(sys(SYS_PRCTL, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) == 1 ? "true" : "false");
    put(",\n    \"seccomp\": \"");
    put(filters[filter < 3 ? filter : 2]);
    put("\",\n    \"memlock\": ");
    if (limit[0] == ~0UL) put("\"unlimited\"");
    else put_number(limit[0]);
    put_context();
    put("\n  },\n");
}

// --- The attempts

static void attempt(const struct attempt *tried) {
    sys(SYS_PRCTL, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0, 0);
    progress->answer = tried->run();
    progress->done = 1;
    sys(SYS_EXIT_GROUP, 0, 0, 0, 0, 0, 0);
}

// Waits for the child, and ends it at the limit. A child that the kernel does not let go is left.
static int ended_in_time(long child) {
    u64 limit = milliseconds() + ATTEMPT_LIMIT, pause = 1;
    int in_time = 1;
    while (sys(SYS_WAIT4, child, 0, WNOHANG, 0, 0, 0) == 0) {
        if (milliseconds() > limit) {
            if (!in_time) break;
            sys(SYS_KILL, child, SIGKILL, 0, 0, 0, 0);
            in_time = 0;
            limit += 1000;
        }
        sleep_milliseconds(pause);
        if (pause < 16) pause *= 2;
    }
    return in_time;
}

static long answer_of(const struct attempt *tried) {
    progress->done = 0;
    progress->call = 0;
    long child = sys(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0);
    if (child == 0) attempt(tried);
    if (child < 0) return child;
    if (!ended_in_time(child)) return TIMEOUT;
    return progress->done ? progress->answer : KILLED;
}

static void put_answer(long answer) {
    if (answer >= 0) {
        put("ok");
    } else if (answer <= ZEROS) {
        static const char *const words[] = {"zeros", "noHits", "timeout", "killed"};
        put(words[ZEROS - answer]);
    } else if (error_name(-answer)) {
        put(error_name(-answer));
    } else {
        put("E");
        put_number((u64)-answer);
    }
}

static void put_entry(const char **separator, const char *id) {
    put(*separator);
    put("\n    \"");
    put(id);
    put("\": \"");
    *separator = ",";
}

// Whether the arguments choose this attempt: its id, or the part before the dot. None choose all.
static int chosen(const char *id, char **ids) {
    for (char **each = ids; *each; each++)
        if (equal(id, *each) || (starts_with(id, *each) && id[length(*each)] == '.')) return 1;
    return !*ids;
}

static int exists(const char *path) {
    long fd = open_path(path, O_PATH);
    close_fd(fd);
    return fd >= 0;
}

static void probe(char **ids) {
    static const char *refused[64];
    const char *separator = "";
    u64 end = milliseconds() + TOTAL_LIMIT;
    progress = map_memory(sizeof *progress, MAP_SHARED);
    if (!progress) sys(SYS_EXIT_GROUP, 1, 0, 0, 0, 0, 0);
    put("{\n  \"version\": 1,\n");
    put_privileges();
    put("  \"results\": {");
    for (u32 i = 0; i < attempt_count && milliseconds() < end; i++) {
        if (!chosen(attempts[i].id, ids) || (attempts[i].needs && !exists(attempts[i].needs))) continue;
        long answer = answer_of(attempts + i);
        if (answer < 0 && answer != ZEROS && answer != NO_HITS) refused[i] = progress->call;
        put_entry(&separator, attempts[i].id);
        put_answer(answer);
        put("\"");
    }
    put("\n  },\n  \"refused\": {");
    separator = "";
    for (u32 i = 0; i < attempt_count; i++)
        if (refused[i]) {
            put_entry(&separator, attempts[i].id);
            put(refused[i]);
            put("\"");
        }
    put(*separator ? "\n  }\n}\n" : "}\n}\n");
    print(1);
}

static void list(void) {
    for (u32 i = 0; i < attempt_count; i++) {
        put(attempts[i].id);
        for (u64 column = length(attempts[i].id); column < 24; column++) put(" ");
        put(attempts[i].does);
        put("\n");
    }
    print(1);
}

static void help(long to) {
    put("Usage: dfpolicy-probe [--list | --help | ATTEMPT...]\n\n"
        "Tries what DeepFlow's agent does on this kernel, with the privileges of this process, and\n"
        "prints the answers as JSON: ok, the name of an error, zeros, noHits, timeout or killed.\n"
        "Each attempt runs in a child process for at most 5 seconds, all of them for 60 seconds.\n"
        "Nothing stays attached. The probe changes no file, no sysctl and no kprobe_events.\n\n"
        "  --list   print what it will try, and try nothing\n"
        "  ATTEMPT  try only these: an id of the list, or the part before its dot\n");
    print(to);
}

static u64 page_size_of(char **environment) {
    while (*environment) environment++;
    for (u64 *entry = (u64 *)(environment + 1); entry[0]; entry += 2)
        if (entry[0] == AT_PAGESZ) return entry[1];
    return 4096;
}

__attribute__((noreturn)) void run(u64 *stack) {
    int code = 0;
    char **arguments = (char **)(stack + 1);
    char **ids = *arguments ? arguments + 1 : arguments;
    page_size = page_size_of(arguments + stack[0] + 1);
    if (*ids && equal(*ids, "--list")) {
        list();
    } else if (*ids && equal(*ids, "--help")) {
        help(1);
    } else if (*ids && **ids == '-') {
        help(2);
        code = 2;
    } else {
        probe(ids);
    }
    for (;;) sys(SYS_EXIT_GROUP, code, 0, 0, 0, 0, 0);
}
