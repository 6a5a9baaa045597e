# METADATA
# title: Values that the API server accepts
# description: >-
#   The formats of names, labels and quantities in Kubernetes, and the findings for values that
#   break a rule. Field paths and values are data. Only the sentences are translated.
package dfpolicy.lib.valid_value

import data.dfpolicy.lib.message
import data.dfpolicy.lib.quantity
import data.dfpolicy.lib.value

# METADATA
# title: Missing field
# description: The finding that a field is required and has no value.
missing(field) := message.of("{field} is missing", {"field": field})

# METADATA
# title: Invalid value
# description: The finding that a value breaks the rules of its field.
invalid(field, given) := message.of("{field} is {value}, which is not valid", {"field": field, "value": value.shown(given)})

# METADATA
# title: Repeated value
# description: The finding that a value is used twice where it must be unique.
repeated(field, given) := message.of("{field} {value} is used more than once", {"field": field, "value": value.shown(given)})

# METADATA
# title: Conflicting fields
# description: The finding that two settings cannot be combined.
conflicting(one, other) := message.of("{first} cannot be combined with {second}", {"first": one, "second": other})

# METADATA
# title: Dependent field
# description: The finding that a setting requires another one, which is missing.
dependent(one, other) := message.of("{first} requires {second}", {"first": one, "second": other})

# METADATA
# title: Undeclared volume
# description: The finding that a mount names a volume that the pod does not have.
undeclared(field, name) := message.of("{field} mounts the volume {volume}, which the pod does not have", {"field": field, "volume": value.shown(name)})

# METADATA
# title: Mistyped fields
# description: The findings for fields of a document whose value has another type than the table says.
mistyped(place, document, table) := {message.of(
	"{field} is {value}, but its type is {type}",
	{"field": $"{place}.{field}", "value": value.shown(given), "type": expected},
) |
	some field, expected in table
	given := value.at(document, field, null)
	given != null
	not _typed(expected, given)
}

_typed("integer", given) if {
	is_number(given)
	floor(given) == given
}

_typed(expected, given) if {
	expected != "integer"
	type_name(given) == expected
}

# METADATA
# title: Values that are not strings
# description: The findings for entries of an object, such as labels, whose value is not a string.
not_strings(place, document) := {message.of(
	"{field} is {value}, but its type is {type}",
	{"field": $"{place}.{key}", "value": value.shown(given), "type": "string"},
) |
	some key, given in value.object_at(document, [])
	given != null
	not is_string(given)
}

# METADATA
# title: Unlisted values
# description: The findings for fields of a document whose string is not one of those that the table lists.
unlisted(place, document, table) := {invalid($"{place}.{field}", given) |
	some field, allowed in table
	given := value.at(document, field, null)
	is_string(given)
	not given in allowed
}

# METADATA
# title: Numbers out of range
# description: The findings for fields of a document whose number is below the first or above the second of the table.
out_of_range(place, document, table) := {invalid($"{place}.{field}", given) |
	some field, [low, high] in table
	given := value.at(document, field, null)
	is_number(given)
	_outside(given, low, high)
}

_outside(given, low, _) if given < low

_outside(given, _, high) if given > high

# METADATA
# scope: document
# title: Label
# description: True for a DNS label, such as the name of a container.
label(name) if {
	regex.match(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, name)
	count(name) <= 63
}

# METADATA
# scope: document
# title: Subdomain
# description: True for a DNS subdomain, such as the name of most objects.
subdomain(name) if {
	regex.match(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`, name)
	count(name) <= 253
}

# METADATA
# scope: document
# title: Key
# description: True for a key of labels, taints and extended resources, with or without a prefix.
key(text) if {
	not contains(text, "/")
	_key_name(text)
}

key(text) if {
	[prefix, name] := split(text, "/")
	subdomain(prefix)
	_key_name(name)
}

_key_name(name) if {
	regex.match(`^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`, name)
	count(name) <= 63
}

_label_value(text) if {
	regex.match(`^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`, text)
	count(text) <= 63
}

# METADATA
# title: Invalid labels
# description: The findings for labels, or a nodeSelector, with a key or value that is not valid.
labels(place, document) := {invalid($"{place} key", name) |
	some name, _ in value.object_at(document, [])
	not key(name)
} | {invalid($"{place}.{name}", given) |
	some name, given in value.object_at(document, [])
	is_string(given)
	not _label_value(given)
}

# METADATA
# scope: document
# title: Quantity
# description: True for an amount that is not negative, such as 500m, 1Gi, 1e3 or the number 2.
amount(given) if {
	is_number(given)
	given >= 0
}

amount(given) if {
	is_string(given)
	regex.match(`^\+?([0-9]+|[0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$`, given)
}

# METADATA
# scope: document
# title: Above
# description: True when both amounts are readable and the first is greater.
above(one, other) if {
	quantity.number(one) != null
	quantity.number(other) != null
	quantity.number(one) > quantity.number(other)
}

# METADATA
# title: Items
# description: Pairs of position and object for the list of a field, empty for everything else.
items(document, path) := [[i, item] | some i, item in value.at(document, path, []); is_object(item)] if {
	is_array(value.at(document, path, []))
} else := []

# METADATA
# title: Repeated names
# description: The findings for items of a list whose field has the value of an earlier item.
repeats(place, list, field) := {repeated($"{place}.{field}", name) |
	some i, item in list
	name := value.at(item, field, "")
	not name in {"", null}
	some k, other in list
	k < i
	value.at(other, field, "") == name
}
