# METADATA
# title: Quantities
# description: Reads Kubernetes quantities as numbers, for example 4, 1500m, 16Gi or 8052468Ki.
package dfpolicy.lib.quantity

import data.dfpolicy.lib.value

# METADATA
# title: Number of a quantity
# description: The quantity in its base unit (CPUs, bytes); null if it is not valid.
number(written) := written if {
	is_number(written)
} else := (_decimal(match) * _units[match[3]][0]) / _units[match[3]][1] if {
	is_string(written)
	match := regex.find_all_string_submatch_n(_pattern, written, 1)[0]
} else := null

_pattern := `^([0-9]{1,15})(?:\.([0-9]{1,9}))?(Ki|Mi|Gi|Ti|Pi|m|k|M|G|T|P)?$`

_decimal(match) := to_number($"{value.whole(match[1])}.{match[2]}0")

# Each suffix with a multiplier and a divisor.
_units := {
	"": [1, 1],
	"m": [1, 1000],
	"k": [1000, 1],
	"M": [1000000, 1],
	"G": [1000000000, 1],
	"T": [1000000000000, 1],
	"P": [1000000000000000, 1],
	"Ki": [1024, 1],
	"Mi": [1048576, 1],
	"Gi": [1073741824, 1],
	"Ti": [1099511627776, 1],
	"Pi": [1125899906842624, 1],
}
