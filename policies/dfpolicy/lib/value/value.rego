# METADATA
# title: Values of manifests
# description: >-
#   Reads fields of rendered manifests. A field can have any type, and null means that it is not
#   set. No function here is ever undefined.
#
#   These functions are called thousands of times for each agent, and WebAssembly frees nothing
#   before the evaluation ends. Therefore a path of one key is a string, and a list that needs no
#   change is not copied.
package dfpolicy.lib.value

# METADATA
# title: Field at a path
# description: >-
#   The value at the path, which is a key, or a list of keys. The fallback replaces a missing value,
#   null, and a path through anything but an object.
at(document, path, fallback) := found if {
	found := object.get(document, path, fallback)
	not is_null(found)
} else := fallback

# METADATA
# title: Object at a path
# description: The object at the path; empty if it is not an object.
object_at(document, path) := found if {
	found := object.get(document, path, "")
	is_object(found)
} else := {}

# METADATA
# title: Objects of the list at a path
# description: The objects in the list at the path; empty if it is not a list.
objects_at(document, path) := list if {
	list := object.get(document, path, "")
	is_array(list)
	every item in list {
		is_object(item)
	}
} else := [item |
	list := object.get(document, path, "")
	is_array(list)
	some item in list
	is_object(item)
]

# METADATA
# title: Strings of the list at a path
# description: The strings in the list at the path; empty if it is not a list.
strings_at(document, path) := list if {
	list := object.get(document, path, "")
	is_array(list)
	every item in list {
		is_string(item)
	}
} else := [item |
	list := object.get(document, path, "")
	is_array(list)
	some item in list
	is_string(item)
]

# METADATA
# title: String at a path
# description: The string at the path; empty if it is not a string.
string_at(document, path) := found if {
	found := object.get(document, path, "")
	is_string(found)
} else := ""

# METADATA
# scope: document
# title: True at a path
# description: >-
#   True only for the boolean true. The API server refuses the string "true" in a boolean field, so
#   a string never counts as true.
default true_at(_, _) := false

true_at(document, path) if at(document, path, false) == true

# METADATA
# title: Shown value
# description: >-
#   A value as in the manifest, for findings. Values below the first level show as `{…}` or `[…]`.
shown(item) := concat("", ["{", concat(",", sort(members)), "}"]) if {
	is_object(item)
	members := [$"{_shown_text(key)}:{_shown_part(part)}" | some key, part in item]
} else := $"[{concat(",", [_shown_part(part) | some part in item])}]" if {
	is_array(item)
} else := _shown_part(item)

# METADATA
# title: Plain value
# description: A string without quotes; any other value as `shown`.
plain(item) := item if {
	is_string(item)
} else := shown(item)

_shown_part(part) := "{…}" if {
	is_object(part)
} else := "[…]" if {
	is_array(part)
} else := _shown_text(part)

# No json.marshal for objects and strings: engines order keys and escape characters differently.
_shown_text(part) := concat("", [`"`, replace(part, "\n", `\n`), `"`]) if {
	is_string(part)
} else := json.marshal(part)

# METADATA
# title: Whole number in a string
# description: The number in decimal digits; leading zeros are allowed.
whole(digits) := to_number(trimmed) if {
	trimmed := trim_left(digits, "0")
	trimmed != ""
} else := 0

# METADATA
# title: Whole numbers in a dotted string
# description: The components of a version as numbers, for example of 4.19.90.
components(dotted) := [whole(part) | some part in split(dotted, ".")]

# METADATA
# title: Index
# description: >-
#   The items of [[key, item], …] by key. The last item of a repeated key counts. A partial rule
#   would need quadratic time.
indexed(pairs) := {pair[0]: pair[1] | some pair in pairs} if {
	# Without a sort, which WebAssembly does in quadratic time.
	count({pair[0] | some pair in pairs}) == count(pairs)
} else := {row[0]: pairs[row[1]][1] |
	some n, row in rows
	_last_of_key(rows, n)
} if {
	rows := sort([[pair[0], i] | some i, pair in pairs])
}

_last_of_key(rows, n) if rows[n + 1][0] != rows[n][0]

_last_of_key(rows, n) if n + 1 == count(rows)

# METADATA
# title: Sorted strings
# description: >-
#   The strings in order. `sort` alone takes quadratic time in WebAssembly, so this sorts slices of
#   about √n strings.
sorted(texts) := [text |
	some i, _ in bounds
	some text in sort(_slice(texts, bounds, i))
] if {
	size := max([size | some size in _slice_sizes; size * size <= count(texts)])
	bounds := array.concat([""], sort([text | some i, text in texts; i % size == 0]))
} else := sort(texts)

_slice_sizes := [16, 32, 64, 128, 256, 512]

_slice(texts, bounds, i) := [text | some text in texts; text >= bounds[i]; text < bounds[i + 1]] if {
	i + 1 < count(bounds)
} else := [text | some text in texts; text >= bounds[i]]

# METADATA
# title: Words of a command line
# description: The words between spaces. Quotes keep spaces inside a word.
words(line) := [concat("", array.slice(match, 1, 4)) |
	some match in regex.find_all_string_submatch_n(`"([^"]*)"|'([^']*)'|([^\s"']\S*)`, line, -1)
]
