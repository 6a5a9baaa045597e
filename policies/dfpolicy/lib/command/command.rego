# METADATA
# title: Commands of containers
# description: >-
#   What the command and arguments of a container do, as far as the manifest shows: they start a
#   program, end at once or never end.
package dfpolicy.lib.command

import data.dfpolicy.lib.value

# METADATA
# title: Words
# description: The command and the arguments of a container as one list of strings.
words(container) := array.concat(value.strings_at(container, "command"), value.strings_at(container, "args"))

# METADATA
# title: Line
# description: The command and the arguments of a container as one string. Empty when the manifest sets none.
line(container) := concat(" ", words(container))

# METADATA
# scope: document
# title: Sidecar
# description: True if the agent starts as a sidecar.
sidecar(container) if {
	text := line(container)
	contains(text, "--sidecar")
	regex.match(`(^|\s)--sidecar(\s|$)`, text)
}

# METADATA
# title: Program
# description: The name of a program without its directory.
program(word) := parts[count(parts) - 1] if parts := split(word, "/")

# METADATA
# title: Script
# description: The script that a shell runs with `-c`; undefined for other commands.
script(container) := [words(container)[i + 1] |
	_shell(words(container)[0])
	some i, word in words(container)
	i > 0
	regex.match(`^-[a-z]*c$`, word)
][0]

_shell(word) if program(word) in {"ash", "bash", "busybox", "dash", "sh"}

# METADATA
# scope: document
# title: Starts a program
# description: True if the command names the program, directly, behind a wrapper or in a script.
starts(container, name) if program(words(container)[0]) == name

starts(container, name) if {
	not idles(container)
	some word in words(container)
	program(word) == name
}

starts(container, name) if regex.match(concat("", [`(^|[\s/"'(])`, name, `($|[\s"';&|)])`]), script(container))

# METADATA
# scope: document
# title: Idles
# description: True if the command is certainly another program that does nothing, or a shell without a script.
idles(container) if program(words(container)[0]) in _idle

idles(container) if {
	_shell(words(container)[0])
	count(words(container)) == 1
}

# Every command of the script is known to be something else than the agent.
idles(container) if {
	# A word that dfpolicy hid is no operator in parentheses.
	text := replace(replace(script(container), "exec ", ""), "(hidden)", "hidden")
	every match in regex.find_all_string_submatch_n(`(?:^|[;&|\n(]|\bdo\b|\bthen\b|\belse\b)\s*([^\s;&|()]+)`, text, -1) {
		match[1] in (_idle | {":", "do", "done", "exit", "set", "sysctl", "trap", "wait", "while"})
	}
}

_idle := {"cat", "date", "echo", "false", "ls", "pause", "sleep", "tail", "true"}

# METADATA
# scope: document
# title: Fails
# description: True if the command certainly ends with an error.
fails(container) if program(words(container)[0]) == "false"

fails(container) if {
	text := trim_space(script(container))
	regex.match(`(^|[;\n])\s*(false|exit\s+[1-9][0-9]*)\s*;?$`, text)
	not regex.match(`\bif\b|\bexec\b|exit\s+0|exit\s*(;|$)|&&|\|\|`, text)
}

# METADATA
# scope: document
# title: Never ends
# description: True if the command certainly does not end.
never_ends(container) if _endless(line(container))

never_ends(container) if _endless(trim_prefix(trim_space(script(container)), "exec "))

_endless(line) if regex.match(`^(/[a-z/]*/)?(sleep (inf|infinity)|tail -[fF] /dev/null|pause)$`, line)

# METADATA
# title: Options without a start
# description: The options with which the agent prints something and exits.
idle_options := {"-h", "--help", "-v", "--version", "--dump-ifs", "--check-privileges"}
