#!/bin/sh
# Prints the facts of a node as one YAML document of the kind NodeFacts, for dfpolicy.
#
#   ssh host sh -s <collect_node.sh >host.yaml
#   sh collect_node.sh --root /host --name web-1
#
# It only reads: it changes nothing and writes no file, unless it probes. Facts that cannot be read are left out.
# If something refused, the reason is in `status.unread` and on standard error, because refused
# does not mean absent. Every file can be hostile: at most 1 MiB of it is read, links do not lead
# out of the root, and nothing in it is executed.
#
# Functions return values in variables of their own name, or as documented, because a subshell
# cannot record a reason. POSIX sh has no local variables: functions that call each other must
# not share one.

set -u
set -f
export LC_ALL=C
# Programs of the system come first: `sudo` may keep a PATH that others can write to.
PATH=/usr/sbin:/usr/bin:/sbin:/bin${PATH:+:$PATH}
export PATH

nl='
'
soh=$(printf '\001')
limit=1048576
most=4096
too_many="more than $most names"
root=
me=$$
name=
probing=
spec=
unread=
cut=

# --- Text ---------------------------------------------------------------------------------------

# quoted(text): a double-quoted scalar of YAML and JSON, or "" if the text is not UTF-8.
# Characters that control a terminal, or that YAML reads as the end of a line, are escaped.
awk_quoted='
function quoted(text,    i, byte, code, least, need, out, raw) {
  if (!(" " in ord)) for (i = 1; i < 256; i++) ord[sprintf("%c", i)] = i
  for (i = 1; i <= length(text); i++) {
    raw = raw substr(text, i, 1)
    byte = ord[substr(text, i, 1)]
    if (need) {
      if (byte < 128 || byte > 191) return ""
      code = code * 64 + byte - 128
      need--
    } else if (byte < 128) { code = byte; least = 0 }
    else if (byte < 194 || byte > 244) return ""
    else if (byte < 224) { code = byte - 192; least = 128; need = 1 }
    else if (byte < 240) { code = byte - 224; least = 2048; need = 2 }
    else { code = byte - 240; least = 65536; need = 3 }
    if (need) continue
    if (code < least || code > 1114111 || (code > 55295 && code < 57344)) return ""
    if (code == 34 || code == 92) raw = "\\" raw
    else if (code < 32 || within(code, 127, 160) || within(code, 8192, 8303) \
        || within(code, 65024, 65535)) raw = sprintf("\\u%04X", code)
    out = out raw
    raw = ""
  }
  return need ? "" : "\"" out "\""
}
function within(code, first, last) { return code >= first && code <= last }
'

# TEXT → `quoted`, or fails with `why`.
quoted() {
  why='longer than 1024 bytes'
  [ "${#1}" -le 1024 ] || return 1
  case $1 in
    *[!A-Za-z0-9._:/@+-]*) ;;
    *) quoted=\"$1\"; return 0 ;;
  esac
  why='not valid UTF-8'
  quoted=$(printf '%s\n' "$1" | awk "$awk_quoted"'
    { text = NR > 1 ? text "\n" $0 : $0 }
    END { print quoted(text) }')
  [ -n "$quoted" ]
}

# LINES → `list`, a YAML sequence on one line, or fails with `why`.
listed() {
  list=$(printf '%s\n' "$1" | awk -v most="$most" "$awk_quoted"'
    $0 == "" { next }
    length($0) > 1024 { exit status = 1 }
    ++count > most { exit status = 2 }
    {
      item = quoted($0)
      if (item == "") exit status = 3
      list = list (count > 1 ? ", " : "") item
    }
    END {
      if (status) exit status
      print "[" list "]"
    }')
  case $? in
    0) return 0 ;;
    1) why='longer than 1024 bytes' ;;
    2) why=$too_many ;;
    *) why='not valid UTF-8' ;;
  esac
  return 1
}

# Sorts lines by bytes. One line more than allowed is kept, so that the caller notices.
sorted() {
  awk -v most="$most" '
    NR <= most + 1 { line[++count] = $0 "" }
    END {
      for (gap = int(count / 2); gap > 0; gap = int(gap / 2))
        for (i = gap + 1; i <= count; i++) {
          item = line[i]
          for (at = i; at > gap && (line[at - gap] > item); at -= gap) line[at] = line[at - gap]
          line[at] = item
        }
      for (i = 1; i <= count; i++) print line[i]
    }'
}

# FACT PATH: adds `text` as the fact, if it is one word.
add_word() {
  why='contains unexpected characters'
  case $text in
    '' | *[!A-Za-z0-9._+~-]*) ;;
    *) quoted "$text" && add "$1" "$quoted" && return ;;
  esac
  unread "$1" "$2" "$why"
  return 1
}

# KEY YAML: adds a fact.
add() {
  case $2 in
    "$nl"*) spec="$spec  $1:$2$nl" ;;
    *) spec="$spec  $1: $2$nl" ;;
  esac
}

# FACT PATH REASON: records why a fact is left out.
unread() {
  quoted "$2" || quoted "${2%/*}"
  unread="$unread    - {fact: \"$1\", path: $quoted, reason: \"$3\"}$nl"
  quoted=${quoted#\"}
  printf 'collect: %s: %s: %s\n' "$1" "${quoted%\"}" "$3" >&2
}

fail() {
  printf 'collect: %s\n' "$1" >&2
  exit 2
}

# --- Files --------------------------------------------------------------------------------------

# PATH → `real`, its place, with links followed inside the root. Fails with 1 if it does not
# exist, with 2 and `why` if that is unknown.
resolve() {
  real=$root
  rest=$1
  hops=0
  while [ -n "$rest" ]; do
    part=${rest%%/*}
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
    case $part in
      '' | .) continue ;;
      ..)
        [ "$real" = "$root" ] || real=${real%/*}
        continue
        ;;
    esac
    [ -d "$real/" ] || return 1
    why='permission denied'
    # This asks the kernel; -x of some shells only looks at the mode.
    [ -e "$real/." ] || return 2
    if [ -L "$real/$part" ]; then
      hops=$((hops + 1))
      why='too many links'
      [ "$hops" -le 40 ] || return 2
      link=$(readlink "$real/$part" && echo .)
      link=${link%"$nl".}
      why='permission denied'
      [ -n "$link" ] || return 2
      case $link in
        /*) real=$root ;;
      esac
      rest=$link/$rest
    elif [ -e "$real/$part" ]; then
      real=$real/$part
    else
      return 1
    fi
  done
}

# PATH → `text`; fails like resolve. With `cut` set, the first 1 MiB is enough.
read_file() {
  resolve "$1" || return
  why='not a regular file'
  [ -f "$real" ] || return 2
  # Shells drop NUL or complain. It becomes a byte that no text contains, and so does a failure.
  text=$({ head -c $((limit + 1)) "$real" || printf '\000'; } 2>/dev/null | tr '\000' '\001')
  case $text in
    *"$soh"*)
      why=$(head -c 1 "$real" 2>&1 >/dev/null)
      case $why in
        '') why='not valid UTF-8' ;;
        *': Permission denied' | *': Operation not permitted') why='permission denied' ;;
        *) why='cannot be read' ;;
      esac
      return 2
      ;;
  esac
  why='larger than 1 MiB'
  [ "${#text}" -le "$limit" ] || [ -n "$cut" ] || return 2
}

# FACT PATH…: like `first`, and records why nothing was read.
take() {
  fact=$1
  shift
  first "$@" && return
  if [ -n "$refused" ]; then
    unread "$fact" "$refused" "$reason"
  else
    missing "$fact" "$1"
  fi
  return 1
}

# PATH…: reads the first readable file → `text`, `from`; otherwise the first that exists but is
# not readable → `refused`, `reason`.
first() {
  refused=
  for from in "$@"; do
    read_file "$from"
    case $? in
      0) return 0 ;;
      2) [ -n "$refused" ] || { refused=$from; reason=$why; } ;;
    esac
  done
  return 1
}

# FACT PATH: a file is missing. That needs a reason only if every host has such a file.
missing() {
  case $2 in
    /proc/*)
      if ! resolve /proc/sys; then
        unread "$1" "$2" 'procfs is not mounted'
        return
      fi
      case $2 in
        /proc/1/*) resolve /proc/1 || unread "$1" "$2" 'process 1 is not visible' ;;
      esac
      ;;
    /sys/*) resolve /sys/kernel || unread "$1" "$2" 'sysfs is not mounted' ;;
  esac
}

# DIRECTORY → `names`, one per line, sorted by bytes; fails like resolve.
entries() {
  resolve "$1" || return
  why='not a directory'
  [ -d "$real" ] || return 2
  why='permission denied'
  ls "$real/" >/dev/null 2>&1 || return 2
  names=
  set +f
  set -- "$real"/.* "$real"/*
  set -f
  why=$too_many
  [ $# -le "$most" ] || return 2
  why='a file name contains a line break'
  for entry in "$@"; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    entry=${entry##*/}
    case $entry in
      . | ..) ;;
      *"$nl"*) return 2 ;;
      *) names="$names${names:+$nl}$entry" ;;
    esac
  done
  names=$(printf '%s' "$names" | sorted)
}

# FACT PATH PARENT: whether PATH exists; unknown if PARENT does not exist.
existence() {
  resolve "$3"
  found=$?
  [ "$found" -ne 1 ] || { missing "$1" "$2"; return; }
  [ "$found" -ne 0 ] || { resolve "$2"; found=$?; }
  case $found in
    0) add "$1" true ;;
    1) add "$1" false ;;
    2) unread "$1" "$2" "$why" ;;
  esac
}

# POINT TYPE: whether a file system is mounted, and `writable`; 2 and `why` if the table is not
# readable.
mounted() {
  cut=yes
  read_file /proc/1/mounts || read_file "/proc/$me/mounts"
  found=$?
  cut=
  [ "$found" -eq 0 ] || { [ "$found" -eq 2 ] || why='missing'; return 2; }
  case $text in
    *" $1 $2 "*)
      # The last mount covers the others.
      writable=true
      case ${text##*" $1 $2 "} in
        ro | ro[,\ ]*) writable=false ;;
      esac
      return 0
      ;;
  esac
  why='larger than 1 MiB'
  [ "${#text}" -le "$limit" ] || return 2
  return 1
}

# --- Facts, in the order of the schema ----------------------------------------------------------

architecture() {
  if [ -z "$root" ] || this_machine; then
    text=$(uname -m)
  else
    take architecture /proc/sys/kernel/arch || return
  fi
  add_word architecture /proc/sys/kernel/arch
}

# If the root has the same kernel as this process, it is this machine, seen from a container.
this_machine() {
  for own in /proc/sys/kernel/osrelease /proc/version; do
    read_file "$own" || return
    [ "$text" = "$(head -c 4096 "$own" 2>/dev/null)" ] || return
  done
}

os() {
  file=/etc/os-release
  resolve "$file"
  [ $? -ne 1 ] || file=/usr/lib/os-release
  take os "$file" || return
  group=
  for pair in ID:id VERSION_ID:versionId PRETTY_NAME:prettyName; do
    if value=$(printf '%s\n' "$text" | os_value "${pair%:*}"); then
      [ -n "$value" ] || continue
      quoted "$value" && group="$group$nl    ${pair#*:}: $quoted" && continue
    else
      why='a quote is not closed'
    fi
    unread "os.${pair#*:}" "$file" "$why"
  done
  [ -z "$group" ] || add os "$group"
}

# KEY: its value in an os-release on standard input, unquoted as in a shell; fails if a quote is
# not closed.
os_value() {
  awk -v key="$1" '
    { sub(/^[ \t]+/, ""); sub(/\r$/, "") }
    index($0, key "=") == 1 { value = substr($0, length(key) + 2) }
    END {
      if (length(value) > 4096) exit 1
      for (i = 1; i <= length(value); i++) {
        c = substr(value, i, 1)
        if (c == "\\" && quote != "\047") {
          next_c = substr(value, ++i, 1)
          if (quote != "" && index("\\\"$`", next_c) == 0) out = out c
          out = out next_c
        } else if (c == quote) quote = ""
        else if (quote == "" && (c == "\"" || c == "\047")) quote = c
        else if (quote == "" && (c == " " || c == "\t" || c == ";")) break
        else out = out c
      }
      if (quote != "") exit 1
      print out
    }'
}

kernel_release() {
  release=
  if [ -z "$root" ]; then
    read_file /proc/sys/kernel/osrelease || text=$(uname -r)
  else
    take kernelRelease /proc/sys/kernel/osrelease || return
  fi
  add_word kernelRelease /proc/sys/kernel/osrelease && release=$text
}

kernel_config() {
  set --
  [ -z "$release" ] || set -- "/boot/config-$release" "/usr/lib/modules/$release/config" \
    "/lib/modules/$release/config"
  if packed_config; then
    from=/proc/config.gz
  else
    packed=$why
    if ! first "$@"; then
      [ -z "$packed" ] || { refused=/proc/config.gz; reason=$packed; }
      if [ -n "$refused" ]; then
        unread kernelConfig "$refused" "$reason"
      else
        missing kernelConfig /proc/config.gz
      fi
      return
    fi
  fi
  options=$(printf '%s\n' "$text" | awk -v names="BPF BPF_SYSCALL BPF_JIT BPF_JIT_ALWAYS_ON \
    BPF_EVENTS FTRACE_SYSCALLS KPROBES KPROBE_EVENTS KPROBE_EVENT UPROBES UPROBE_EVENTS \
    UPROBE_EVENT DEBUG_INFO_BTF" '
    /^CONFIG_[A-Za-z0-9_]+=/ { split($0, pair, "="); set[pair[1]] = pair[2]; any = 1 }
    /^# CONFIG_[A-Za-z0-9_]+ is not set$/ { set[$2] = "n"; any = 1 }
    END {
      if (!any) exit 1
      count = split(names, name, " ")
      for (i = 1; i <= count; i++) {
        option = "CONFIG_" name[i]
        if (set[option] ~ /^[ymn]$/) printf "\n    %s: \"%s\"", option, set[option]
      }
    }') || { unread kernelConfig "$from" 'not a kernel configuration'; return; }
  add kernelConfig "${options:-{\}}"
}

# /proc/config.gz → `text`; fails with `why`, which is empty if the file does not exist.
packed_config() {
  resolve /proc/config.gz
  case $? in
    1) why=; return 1 ;;
    2) return 1 ;;
  esac
  why='not a regular file'
  [ -f "$real" ] || return 1
  unpack=
  for tool in gzip zcat; do
    command -v "$tool" >/dev/null 2>&1 && unpack=$tool && break
  done
  why='neither gzip nor zcat is installed'
  [ -n "$unpack" ] || return 1
  text=$({ "$unpack" -dc <"$real" || printf '\000'; } 2>/dev/null | head -c $((limit + 1)) \
    | tr '\000' '\001')
  why='cannot be unpacked'
  case $text in
    *"$soh"*) return 1 ;;
  esac
  why='larger than 1 MiB'
  [ "${#text}" -le "$limit" ]
}

selinux() {
  if read_file /sys/fs/selinux/enforce; then
    case $text in
      0) add selinux '{enabled: true, mode: "permissive"}' ;;
      1) add selinux '{enabled: true, mode: "enforcing"}' ;;
      *) unread selinux /sys/fs/selinux/enforce 'must be 0 or 1' ;;
    esac
    return
  elif [ $? -eq 2 ]; then
    unread selinux /sys/fs/selinux/enforce "$why"
    return
  fi
  # The kernel registers the file system only if SELinux is on, also where it is not mounted,
  # for example in a container.
  take selinux /proc/filesystems || return
  case "$text$nl" in
    *selinuxfs"$nl"*) unread selinux /sys/fs/selinux 'selinuxfs is not mounted' ;;
    *) add selinux '{enabled: false, mode: "disabled"}' ;;
  esac
}

lockdown() {
  file=/sys/kernel/security/lockdown
  if read_file "$file"; then
    case $text in
      *'[none]'*) add lockdown '"none"' ;;
      *'[integrity]'*) add lockdown '"integrity"' ;;
      *'[confidentiality]'*) add lockdown '"confidentiality"' ;;
      *) unread lockdown "$file" 'an unknown value' ;;
    esac
    return
  elif [ $? -eq 2 ]; then
    unread lockdown "$file" "$why"
    return
  fi
  # If the file system is mounted and the file is missing, the kernel has no lockdown.
  entries /sys/kernel/security
  case $? in
    1) missing lockdown "$file"; return ;;
    2) unread lockdown "$file" "$why"; return ;;
  esac
  if [ -n "$names" ] || mounted /sys/kernel/security securityfs; then
    add lockdown '"none"'
  else
    unread lockdown "$file" 'securityfs is not mounted'
  fi
}

sysctls() {
  group=
  for key in kernel.kptr_restrict net.core.bpf_jit_enable kernel.perf_event_paranoid \
    kernel.unprivileged_bpf_disabled; do
    file=/proc/sys/$(printf '%s' "$key" | tr . /)
    # Only the first network namespace has this one.
    if [ "$key" = net.core.bpf_jit_enable ] && resolve /proc/sys; then
      resolve "$file"
      if [ $? -eq 1 ]; then
        unread "sysctls.$key" "$file" 'not visible in this network namespace'
        continue
      fi
    fi
    take "sysctls.$key" "$file" || continue
    # No leading zero: YAML would read it as octal.
    case $text in
      ????????????* | '' | - | *[!0-9-]* | ?*-* | 0?* | -0*)
        unread "sysctls.$key" "$file" 'not a number'
        ;;
      *) group="$group$nl    $key: $text" ;;
    esac
  done
  [ -z "$group" ] || add sysctls "$group"
}

paths() {
  group=
  if resolve /sys/kernel; then
    path_facts /sys/kernel/debug debugfs
    tracefs
  elif [ $? -eq 1 ]; then
    missing paths./sys/kernel/debug /sys/kernel/debug
  else
    unread paths./sys/kernel/debug /sys/kernel/debug "$why"
  fi
  # /var/run is a link to /run. A root without both is not a host.
  if resolve /run || resolve /var/run; then
    path_facts /var/run/netns ''
  fi
  [ -z "$group" ] || add paths "$group"
}

# PATH TYPE: adds to `group` whether PATH exists, and whether a file system of TYPE is mounted.
path_facts() {
  resolve "$1"
  case $? in
    0) facts='exists: true' ;;
    1) facts='exists: false' ;;
    2) unread "paths.$1" "$1" "$why"; return ;;
  esac
  if [ "$facts" = 'exists: false' ]; then
    :
  elif [ "$(id -u)" != 0 ]; then
    # The agent may read more than this user.
    unread "paths.$1.readable" "$1" 'needs root'
  elif ls "$real/" >/dev/null 2>&1; then
    facts="$facts, readable: true"
  else
    facts="$facts, readable: false"
  fi
  if [ -n "$2" ]; then
    mounted "$1" "$2"
    case $? in
      0) facts="$facts, mounted: true" ;;
      1) facts="$facts, mounted: false" ;;
      2) unread "paths.$1.mounted" /proc/1/mounts "$why" ;;
    esac
  fi
  group="$group$nl    \"$1\": {$facts}"
}

# Adds to `group` whether tracefs is mounted below debugfs. It reads only the table of mounts: the
# kernel mounts tracefs when somebody opens the directory.
tracefs() {
  mounted /sys/kernel/debug/tracing tracefs
  case $? in
    0) facts="mounted: true, writable: $writable" ;;
    1) facts='mounted: false' ;;
    2) unread paths./sys/kernel/debug/tracing.mounted /proc/1/mounts "$why"; return ;;
  esac
  group="$group$nl    \"/sys/kernel/debug/tracing\": {$facts}"
}

cgroup() {
  if read_file /sys/fs/cgroup/cgroup.controllers; then
    version=2
    names=$(printf '%s\n' "$text" | tr ' ' '\n')
  elif [ $? -eq 2 ]; then
    unread cgroup /sys/fs/cgroup/cgroup.controllers "$why"
    return
  else
    take cgroup /proc/cgroups || return
    version=
    names=$(printf '%s\n' "$text" | awk '!/^#/ && $4 == 1 { print $1 }')
    IFS=$nl
    for entry in $names; do
      resolve "/sys/fs/cgroup/$entry" && version=1 && break
    done
    unset IFS
    [ -n "$version" ] || return
  fi
  listed "$names" || { unread cgroup /sys/fs/cgroup "$why"; return; }
  add cgroup "{version: $version, controllers: $list}"
}

cni() {
  folder=/etc/cni/net.d
  entries "$folder"
  case $? in
    1) ! resolve /etc || add cni '{configs: []}'; return ;;
    2) unread cni "$folder" "$why"; return ;;
  esac
  group=
  problem=
  IFS=$nl
  for file in $names; do
    unset IFS
    case $file in
      *.conflist | *.conf | *.json) ;;
      *) continue ;;
    esac
    problem=$folder/$file
    resolve "$problem" && [ -d "$real" ] && { problem=; continue; }
    # If one file is unreadable, it is unknown which one the runtime uses.
    read_file "$problem" || { [ $? -ne 1 ] || why='a broken symbolic link'; break; }
    quoted "$file" || break
    why='not valid JSON'
    plugins=$(printf '%s\n' "$text" | plugins) || break
    group="$group$nl      - file: $quoted$nl$plugins"
    problem=
  done
  unset IFS
  if [ -n "$problem" ]; then
    unread cni "$problem" "$why"
  elif [ -n "$group" ]; then
    add cni "$nl    configs:$group"
  else
    add cni '{configs: []}'
  fi
}

# The name and the plug-in types of the CNI configuration on standard input; fails if that is
# not JSON. Records are separated by quotes, so that a long line is as fast as a short one. A
# delegate is listed where its object begins, whatever the order of keys.
plugins() {
  awk "$awk_quoted"'
    function bad() { failed = 1; exit 1 }
    function opened(kind,    up) {
      if (expected !~ /value/ || depth == 64 || (depth == 0 && kind == "[")) bad()
      up = depth++
      kinds[depth] = kind
      roles[depth] = role(kind, up)
      if (roles[depth] == "plugin") slots[depth] = ++slot
      expected = kind == "{" ? "key or end" : "value or end"
    }
    function role(kind, up) {
      if (up == 0) return "plugin"
      if (roles[up] == "list") return kind == "{" ? "plugin" : "none"
      if (roles[up] != "plugin") return "none"
      if (kind == "{") return keys[up] == "delegate" ? "plugin" : "none"
      return keys[up] == "plugins" || keys[up] == "delegates" ? "list" : "none"
    }
    function closed(kind) {
      if (depth == 0 || kinds[depth] != kind || expected !~ /end/) bad()
      depth--
      valued()
    }
    function valued() { expected = depth == 0 ? "nothing" : "comma or end" }
    function punctuation(c) {
      if (c == "{" || c == "[") opened(c)
      else if (c == "}") closed("{")
      else if (c == "]") closed("[")
      else if (c == ":" && expected == "colon") expected = "value"
      else if (c == "," && expected == "comma or end")
        expected = kinds[depth] == "{" ? "key" : "value"
      else bad()
    }
    function worded() {
      if (word == "") return
      if (expected !~ /value/ || depth == 0) bad()
      if (word !~ /^(true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)$/) bad()
      word = ""
      valued()
    }
    function outside(text,    from, block, i, c) {
      # substr costs the length of its text in some awks, hence blocks.
      for (from = 1; from <= length(text); from += 256) {
        block = substr(text, from, 256)
        for (i = 1; i <= length(block); i++) {
          c = substr(block, i, 1)
          if (c ~ /[-+.0-9A-Za-z]/) {
            word = word c
            if (length(word) > 400) bad()
            continue
          }
          worded()
          if (c !~ /[ \t\r\n]/) punctuation(c)
        }
      }
      worded()
    }
    function string(text) {
      if (expected ~ /key/) {
        keys[depth] = length(text) > 1024 ? "" : decoded(text)
        expected = "colon"
        return
      }
      if (expected !~ /value/ || depth == 0) bad()
      if (roles[depth] == "plugin" && keys[depth] == "type") types[slots[depth]] = shown(text)
      if (depth == 1 && keys[1] == "name") name = shown(text)
      valued()
    }
    function shown(text) {
      text = length(text) > 1024 ? "" : quoted(decoded(text))
      if (text == "") bad()
      return text
    }
    function decoded(text,    at, c, code, out) {
      while ((at = index(text, "\\")) > 0) {
        out = out substr(text, 1, at - 1)
        c = substr(text, at + 1, 1)
        text = substr(text, at + 2)
        if (c != "u") {
          at = index("bfnrt", c)
          out = out (at ? substr("\b\f\n\r\t", at, 1) : c)
          continue
        }
        code = number(text)
        text = substr(text, 5)
        if (within(code, 55296, 56319)) {
          if (text !~ /^\\u[dD][c-fC-F]/) bad()
          code = 65536 + (code - 55296) * 1024 + number(substr(text, 3)) - 56320
          text = substr(text, 7)
        } else if (code == 0 || within(code, 56320, 57343)) bad()
        out = out utf8(code)
      }
      return out text
    }
    function number(text,    i, sum) {
      for (i = 1; i <= 4; i++)
        sum = sum * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
      return sum
    }
    function utf8(code) {
      if (code < 128) return sprintf("%c", code)
      if (code < 2048) return sprintf("%c", 192 + int(code / 64)) tail(code)
      if (code < 65536) return sprintf("%c", 224 + int(code / 4096)) tail(code / 64) tail(code)
      return sprintf("%c", 240 + int(code / 262144)) tail(code / 4096) tail(code / 64) tail(code)
    }
    function tail(code) { return sprintf("%c", 128 + int(code) % 64) }

    BEGIN { RS = "\""; expected = "value" }
    !inside { outside($0); inside = 1; kept = ""; next }
    {
      piece = $0
      rest = piece
      gsub(/\\(["\\\/bfnrt]|u[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f])/, "", rest)
      escaped = rest ~ /\\$/
      if (escaped) sub(/\\$/, "", rest)
      if (rest ~ /[\\\001-\037]/) bad()
      # No name is longer.
      if (length(kept) < 4096) kept = kept substr(piece, 1, 4096) (escaped ? "\"" : "")
      if (escaped) next
      string(kept)
      inside = 0
    }
    END {
      if (failed || expected != "nothing") exit 1
      if (name != "") print "        name: " name
      for (i = 1; i <= slot; i++) if (i in types) all = all (all == "" ? "" : ", ") types[i]
      print "        plugins: [" all "]"
    }'
}

interfaces() {
  from=/sys/class/net
  # With a root, process 1 has the network of the host.
  if [ -n "$root" ] && read_file /proc/1/net/dev; then
    from=/proc/1/net/dev
    names=$(printf '%s\n' "$text" | awk -F: 'NR > 2 { sub(/^ +/, "", $1); print $1 }' | sorted)
  else
    entries "$from"
    case $? in
      1) missing interfaces "$from"; return ;;
      2) unread interfaces "$from" "$why"; return ;;
    esac
    names=$(printf '%s\n' "$names" | grep -v -x bonding_masters)
  fi
  listed "$names" || { unread interfaces "$from" "$why"; return; }
  add interfaces "$list"
}

# The addresses in the host's network namespace. A host without IPv6 has no second file.
addresses() {
  take addresses /proc/1/net/fib_trie "/proc/$me/net/fib_trie" || return
  found=$(printf '%s\n' "$text" | awk '
    $1 == "|--" { address = $2 }
    $1 == "/32" && $3 == "LOCAL" && address !~ /^127\./ && address ~ /^[0-9.]+$/ { print address }')
  read_file "${from%fib_trie}if_inet6"
  case $? in
    0) found=$found$nl$(printf '%s\n' "$text" | awk '
      $1 ~ /^[0-9a-f]+$/ && length($1) == 32 && $1 !~ /^0+1$/ {
        line = ""
        for (i = 1; i < 32; i += 4) {
          part = substr($1, i, 4)
          sub(/^0+/, "", part)
          line = line (i > 1 ? ":" : "") (part == "" ? "0" : part)
        }
        print line
      }') ;;
    2) unread addresses "${from%fib_trie}if_inet6" "$why"; return ;;
  esac
  found=$(printf '%s\n' "$found" | awk 'NF && !seen[$0]++' | sorted)
  listed "$found" || { unread addresses "$from" "$why"; return; }
  add addresses "$list"
}

capabilities() {
  take capabilities /proc/1/status "/proc/$me/status" || return
  # Digit by digit, because some awks and shells cannot count to 2^64.
  names=$(printf '%s\n' "$text" | awk -v names="CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER \
    FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN \
    NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN \
    SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE \
    AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ \
    PERFMON BPF CHECKPOINT_RESTORE" '
    $1 == "CapBnd:" && $2 ~ /^[0-9a-f]+$/ { set = $2 }
    END {
      if (set == "") exit 1
      count = split(names, name, " ")
      for (bit = 0; bit < count && bit < 4 * length(set); bit++) {
        digit = index("0123456789abcdef", substr(set, length(set) - int(bit / 4), 1)) - 1
        for (n = bit % 4; n > 0; n--) digit = int(digit / 2)
        if (digit % 2) print name[bit + 1]
      }
    }') || { unread capabilities "$from" 'CapBnd is missing'; return; }
  listed "$names"
  add capabilities "$list"
}

cpus() {
  file=/sys/devices/system/cpu/online
  take cpus "$file" || return
  online=$(printf '%s\n' "$text" | awk '
    NR > 1 || !/^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$/ { exit 1 }
    {
      count = split($0, range, ",")
      for (i = 1; i <= count; i++)
        sum += (split(range[i], end, "-") == 2 ? end[2] - end[1] : 0) + 1
      if (sum < 1 || sum > 65536) exit 1
      print sum
    }') || { unread cpus "$file" 'not a valid list of CPUs'; return; }
  add cpus "$online"
}

memory() {
  take memoryBytes /proc/meminfo || return
  bytes=$(printf '%s\n' "$text" | awk '
    $1 == "MemTotal:" && $2 ~ /^[0-9]+$/ && length($2) < 13 { printf "%.0f\n", $2 * 1024; exit }')
  if [ -n "$bytes" ]; then
    add memoryBytes "$bytes"
  else
    unread memoryBytes /proc/meminfo 'MemTotal is missing or invalid'
  fi
}

# Docker includes containerd, and both can be left over: only a single socket is certain.
container_runtime() {
  runtime=
  for pair in containerd:/run/containerd/containerd.sock cri-o:/run/crio/crio.sock \
    docker:/var/run/docker.sock; do
    resolve "${pair#*:}"
    case $? in
      0) [ ! -S "$real" ] || runtime="$runtime${runtime:+ and }${pair%%:*}" ;;
      2) unread containerRuntime "${pair#*:}" "$why"; return ;;
    esac
  done
  case $runtime in
    '' | *' and '*) ;;
    *) add containerRuntime "{name: \"$runtime\"}" ;;
  esac
}

processes() {
  # If the processes of other users are hidden, process 1 is hidden too.
  take processes.deepflowAgents /proc/1/comm || return
  resolve /proc || return
  agents=0
  set --
  set +f
  for entry in "$real"/[0-9]*; do
    case ${entry##*/} in
      *[!0-9]*) continue ;;
    esac
    if [ -f "$entry/comm" ] && [ ! -L "$entry" ] && [ ! -L "$entry/comm" ]; then
      set -- "$@" "$entry/comm"
    fi
    [ $# -lt 100 ] || { count_agents "$@"; set --; }
  done
  set -f
  [ $# -eq 0 ] || count_agents "$@"
  add processes "{deepflowAgents: $agents}"
}

count_agents() {
  agents=$((agents + $(head -q -c 64 "$@" 2>/dev/null | grep -c -x deepflow-agent)))
}

ports() {
  # A busy host has megabytes of connections; listening sockets come first.
  cut=yes
  ports=
  if take portsInUse /proc/1/net/tcp "/proc/$me/net/tcp" && listening "$from" && listening6; then
    listed "$(printf '%s\n' "$ports" | awk '
      { seen[$1] = 1 }
      END { for (port = 1; port < 65536; port++) if (port in seen) print port }')"
    add portsInUse "$(printf '%s' "$list" | tr -d '"')"
  fi
  cut=
}

# A host without IPv6 has no such file.
listening6() {
  read_file "${from}6"
  case $? in
    0) listening "${from}6" ;;
    1) return 0 ;;
    2) unread portsInUse "${from}6" "$why"; return 1 ;;
  esac
}

# PATH: adds the listening ports in `text` to `ports`.
listening() {
  if ! found=$(printf '%s\n' "$text" | awk '
    $1 !~ /^[0-9]+:$/ || $2 !~ /^[0-9A-F]+:[0-9A-F][0-9A-F][0-9A-F][0-9A-F]$/ { next }
    NF > 4 { last = $4 }
    $4 == "0A" {
      sub(/.*:/, "", $2)
      port = 0
      for (i = 1; i <= 4; i++)
        port = port * 16 + index("0123456789ABCDEF", substr($2, i, 1)) - 1
      print port
    }
    END { exit last == "0A" }') && [ "${#text}" -gt "$limit" ]; then
    unread portsInUse "$1" 'larger than 1 MiB'
    return 1
  fi
  ports=$ports$nl$found
}

# --- The probe ----------------------------------------------------------------------------------

# The binaries for `--probe`: `dfpolicy collect script --probe` adds them.
# ARCHITECTURE: prints the checksum and the base64 of its probe.
binary() { return 1; }

# A directory of its own holds the probe while it runs. `noexec` is common for /tmp.
probe() {
  [ -n "$probing" ] || return 0
  case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) unread probe /proc/sys/kernel/arch 'no probe for this architecture'; return ;;
  esac
  why='not in this script; use dfpolicy collect script --probe'
  if binary "$machine" >/dev/null; then
    why='no directory where a program can be written and run'
    for place in "${TMPDIR:-/tmp}" /run /dev/shm /var/tmp "${HOME:-/}"; do
      probe_in "$place" && return
    done
  fi
  unread probe /proc/self/exe "$why"
}

# DIRECTORY: adds the answers of the probe, if it can run there.
probe_in() {
  held=$(umask 077; mktemp -d "$1/dfpolicy.XXXXXXXXXX" 2>/dev/null) || return 1
  trap 'rm -rf "$held"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  answers=
  if unpack "$held/probe"; then
    answers=$("$held/probe" 2>/dev/null) || answers=
  fi
  rm -rf "$held"
  trap - EXIT HUP INT TERM
  # Nothing but the document, so that it is one fact.
  case $answers in
    '{'*'"version": 1,'*'}') ;;
    *) return 1 ;;
  esac
  add probe "[$(printf '%s' "$answers" | tr '\n' ' ' | tr -s ' ')]"
}

# FILE: writes the probe, and fails if it is not what it should be.
unpack() {
  binary "$machine" | sed 1d | { base64 -d 2>/dev/null || openssl base64 -d 2>/dev/null; } >"$1"
  sum=$(sha256sum "$1" 2>/dev/null || openssl dgst -sha256 -r "$1" 2>/dev/null) || return 1
  [ "${sum%% *}" = "$(binary "$machine" | sed q)" ] && chmod 700 "$1"
}

# --- The document -------------------------------------------------------------------------------

usage() {
  printf '%s\n' 'usage: sh collect_node.sh [--root DIR] [--name NAME] [--probe]' '' \
    'Prints the facts of this host as YAML, for dfpolicy. Run it as root to collect all facts.' '' \
    '  --root DIR   read the host that is mounted at DIR' \
    '  --name NAME  name of the node (default: name of the host)' \
    '  --probe      try what the agent does on this kernel, with a program in a temporary file'
}

node_name() {
  if [ -z "$root" ]; then
    uname -n
  elif read_file /etc/hostname || read_file /proc/sys/kernel/hostname; then
    printf '%s\n' "$text" | awk '!/^#/ && NF { print $1; exit }'
  fi
}

document() {
  if [ -n "$root" ]; then
    [ -d "$root/" ] || fail '--root is not a directory'
    case $root in
      /*) ;;
      *) root=./$root ;;
    esac
    while [ "$root" != "${root%/}" ]; do root=${root%/}; done
  fi
  if [ -n "$root" ]; then
    me=1
  elif [ "$(uname -s)" != Linux ]; then
    fail 'not a Linux host; give the directory where one is mounted with --root'
  fi
  [ -z "$probing" ] || [ -z "$root" ] || fail '--probe cannot be used with --root'
  [ -n "$name" ] || name=$(node_name)
  [ -n "$name" ] || fail 'the name of the node is unknown; give it with --name'
  quoted "$name" || fail "the name of the node is $why"
  name=$quoted

  architecture
  os
  kernel_release
  kernel_config
  existence btf /sys/kernel/btf/vmlinux /sys/kernel
  existence uprobePmu /sys/bus/event_source/devices/uprobe/type /sys/bus/event_source/devices
  selinux
  lockdown
  sysctls
  paths
  cgroup
  cni
  interfaces
  addresses
  capabilities
  cpus
  memory
  container_runtime
  processes
  ports
  probe

  facts="---${nl}apiVersion: dfpolicy.dev/v1${nl}kind: NodeFacts${nl}metadata:${nl}  name: $name$nl"
  if [ -n "$spec" ]; then
    facts="${facts}spec:$nl$spec"
  else
    facts="${facts}spec: {}$nl"
  fi
  [ -z "$unread" ] || facts="${facts}status:$nl  unread:$nl$unread"
  printf '%s' "$facts"
}

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) usage; return ;;
      --probe) probing=yes; shift; continue ;;
      --root | --name) [ $# -gt 1 ] || fail "$1 needs a value" ;;
      *) fail 'unknown option; see --help' ;;
    esac
    case $1 in
      --root) root=$2 ;;
      --name) [ -n "$2" ] || fail '--name is empty'; name=$2 ;;
    esac
    shift 2
  done
  document
}

# No command reads the script as its input. A script that is cut off does not parse up to here.
{ main "$@" </dev/null; exit; }
