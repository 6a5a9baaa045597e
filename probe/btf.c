// Finds a function in the kernel's BTF.
#include "bpf.h"

enum { BTF_MAGIC = 0xeb9f, BTF_LIMIT = 64 << 20, KIND_FUNCTION = 12 };

struct btf_header { u16 magic; u8 version, flags; u32 size, types, types_size, names, names_size; };
struct btf_type { u32 name, info, type; };

// What follows a type, in bytes: `fixed` and `each` of its members; -1 for an unknown kind.
static long extra(u32 kind, u32 members) {
    static const signed char fixed[] = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};
    static const signed char each[] = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
    return kind < sizeof fixed ? fixed[kind] + (long)(each[kind] * members) : -1;
}

long btf_function(const char *name) {
    char *data = map_memory(BTF_LIMIT, MAP_PRIVATE | MAP_NORESERVE);
    if (!data) return -EAGAIN;
    long size = read_file("/sys/kernel/btf/vmlinux", data, BTF_LIMIT);
    if (size < 0) return size;
    const struct btf_header *header = (void *)data;
    if (size < (long)sizeof *header || header->magic != BTF_MAGIC) return -EINVAL;
    u64 at = (u64)header->size + header->types, end = at + header->types_size;
    u64 names = (u64)header->size + header->names;
    if (end > (u64)size || names + header->names_size > (u64)size) return -EINVAL;
    for (long id = 1; at + sizeof(struct btf_type) <= end; id++) {
        const struct btf_type *type = (void *)(data + at);
        u32 kind = type->info >> 24 & 31;
        long more = extra(kind, type->info & 0xffff);
        if (kind == KIND_FUNCTION && type->name < header->names_size && equal(data + names + type->name, name))
            return id;
        if (more < 0) return -EINVAL;
        at += sizeof *type + (u64)more;
    }
    return -ENOENT;
}
