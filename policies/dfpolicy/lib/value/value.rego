# METADATA
# title: Values of manifests
# description: >-
#   Reads fields of rendered manifests, where a null means the same as an absent
#   field and a field may hold any type. Nothing here is ever undefined.
package dfpolicy.lib.value

# METADATA
# title: Field at a path
# description: >-
#   The value at the path (a list of keys) or the fallback, which also stands
#   for a null and for a path that runs through something else than an object.
at(document, path, fallback) := found if {
	found := object.get(document, path, null)
	found != null
} else := fallback

# METADATA
# title: Object at a path
# description: The object at the path, empty for everything that is no object.
object_at(document, path) := found if {
	found := at(document, path, {})
	is_object(found)
} else := {}

# METADATA
# title: Objects of the list at a path
# description: The objects in the list at the path, empty for everything that is no list.
objects_at(document, path) := [item | some item in at(document, path, []); is_object(item)] if {
	is_array(at(document, path, []))
} else := []

# METADATA
# title: Texts of the list at a path
# description: The strings in the list at the path, empty for everything that is no list.
strings_at(document, path) := [item | some item in at(document, path, []); is_string(item)] if {
	is_array(at(document, path, []))
} else := []

# METADATA
# title: Text at a path
# description: The string at the path, empty for everything that is no string.
string_at(document, path) := found if {
	found := at(document, path, "")
	is_string(found)
} else := ""

# METADATA
# scope: document
# title: Truth at a path
# description: >-
#   True for the boolean true alone. The API server refuses the texts "true"
#   and "false" where it wants a boolean, so a text grants nothing.
default true_at(_, _) := false

true_at(document, path) if at(document, path, false) == true

# METADATA
# title: Shown value
# description: >-
#   A value as the manifest has it, for the observed part of a result; what is
#   nested deeper than one level shows as `{…}` or `[…]`.
shown(item) := concat("", ["{", concat(",", sort(members)), "}"]) if {
	is_object(item)
	members := [$"{_shown_text(key)}:{_shown_part(part)}" | some key, part in item]
} else := $"[{concat(",", [_shown_part(part) | some part in item])}]" if {
	is_array(item)
} else := _shown_part(item)

# METADATA
# title: Plain value
# description: A text as it is, anything else as it is shown.
plain(item) := item if {
	is_string(item)
} else := shown(item)

_shown_part(part) := "{…}" if {
	is_object(part)
} else := "[…]" if {
	is_array(part)
} else := _shown_text(part)

# No json.marshal for objects and texts: the engines order keys and escape
# letters in ways of their own.
_shown_text(part) := concat("", [`"`, replace(part, "\n", `\n`), `"`]) if {
	is_string(part)
} else := json.marshal(part)

# METADATA
# title: Whole number in a text
# description: The number that decimal digits spell, leading zeros allowed.
whole(digits) := to_number(trimmed) if {
	trimmed := trim_left(digits, "0")
	trimmed != ""
} else := 0

# METADATA
# title: Whole numbers in a dotted text
# description: The components of a version such as 4.19.90, as numbers.
components(dotted) := [whole(part) | some part in split(dotted, ".")]

# METADATA
# title: Index
# description: >-
#   The items of [[key, item], …] by key; of a key that stands twice the last item
#   counts. A partial rule would do the same in quadratic time.
indexed(pairs) := {row[0]: pairs[row[1]][1] |
	some n, row in rows
	_last_of_key(rows, n)
} if {
	rows := sort([[pair[0], i] | some i, pair in pairs])
}

_last_of_key(rows, n) if rows[n + 1][0] != rows[n][0]

_last_of_key(rows, n) if n + 1 == count(rows)

# METADATA
# title: Words of a command line
# description: The words that blanks divide; quotes hold one together.
words(line) := [concat("", array.slice(match, 1, 4)) |
	some match in regex.find_all_string_submatch_n(`"([^"]*)"|'([^']*)'|([^\s"']\S*)`, line, -1)
]

# METADATA
# title: Shown or not set
# description: The value as a message shows it, `not set` for the empty string.
shown_or_unset(given) := "not set" if {
	given == ""
} else := shown(given)
