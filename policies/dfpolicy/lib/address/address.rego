# METADATA
# title: IP addresses
# description: >-
#   Compares addresses, and checks whether one is in a range: a network such as 10.0.0.0/8, two
#   ends such as 224.0.0.0-240.255.255.255, or a single address.
package dfpolicy.lib.address

# METADATA
# title: Key of an address
# description: >-
#   A string that sorts like the addresses of one family, with the family as prefix. Undefined
#   when the string is not an address. A zone is ignored.
key(text) := concat("", array.concat(["4"], [_padded(octet, "000") | some octet in octets])) if {
	octets := _octets(text)
} else := concat("", array.concat(["6"], [_padded(hextet, "0000") | some hextet in hextets])) if {
	contains(text, ":")
	hextets := _hextets(lower(split(text, "%")[0]))
}

_padded(digits, zeros) := concat("", [substring(zeros, 0, count(zeros) - count(digits)), digits])

_octets(text) := octets if {
	regex.match(`^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$`, text)
	octets := split(text, ".")
	every octet in octets {
		to_number(octet) <= 255
	}
}

# Always eight: `::` is expanded.
_hextets(text) := hextets if {
	not contains(text, "::")
	hextets := _group(text)
	count(hextets) == 8
} else := array.flatten([left, ["0" | some _ in numbers.range(1, missing)], right]) if {
	[before, after] := split(text, "::")
	left := _group(before)
	right := _group(after)
	missing := 8 - (count(left) + count(right))
	missing > 0
}

_group("") := []

_group(text) := hextets if {
	text != ""
	parts := split(text, ":")
	hextets := array.flatten([_part(part) | some part in parts])
	every hextet in hextets {
		regex.match(`^[0-9a-f]{1,4}$`, hextet)
	}
}

# The last two hextets can be written as an IPv4 address.
_part(part) := [
	format_int((to_number(octets[0]) * 256) + to_number(octets[1]), 16),
	format_int((to_number(octets[2]) * 256) + to_number(octets[3]), 16),
] if {
	octets := _octets(part)
} else := [part]

# METADATA
# title: Family of an address
# description: IPv4, IPv6, or name, as the agent reads it. An IPv6 address can be in brackets.
family(text) := "IPv4" if {
	startswith(key(text), "4")
} else := "IPv6" if {
	startswith(key(trim_suffix(trim_prefix(text, "["), "]")), "6")
} else := "name"

# METADATA
# title: IPv6
# description: True for an address, or a range of addresses, of IPv6.
version_six(text) if contains(text, ":")

# METADATA
# scope: document
# title: Address in a range
# description: True when the address is in the range. Never true for invalid strings.
within(address, range) if {
	_network(range) >= 0
	substring(key(split(range, "/")[0]), 0, 1) == substring(key(address), 0, 1)
	net.cidr_contains(range, split(address, "%")[0])
}

within(address, range) if {
	ends := _ends(range)
	key(ends[0]) <= key(address)
	key(address) <= key(ends[1])
}

within(address, range) if key(address) == key(range)

# METADATA
# scope: document
# title: Valid range
# description: True for a network, for two ends of one family in ascending order, and for an address.
range_formed(range) if _network(range) >= 0

range_formed(range) if _ends(range)

range_formed(range) if key(range)

_network(range) := size if {
	[base, written] := split(range, "/")
	regex.match(`^(0|[1-9][0-9]{0,2})$`, written)
	size := to_number(written)
	size <= {"4": 32, "6": 128}[substring(key(base), 0, 1)]
}

_ends(range) := [first, last] if {
	[first, last] := [trim_space(end) | some end in split(range, "-")]
	substring(key(first), 0, 1) == substring(key(last), 0, 1)
	key(first) <= key(last)
}
