# METADATA
# title: Messages
# description: >-
#   What a finding says: a template, the values of its fields, and both as English text. The
#   template is what translators see. For another language, a host formats the same values with the
#   translated template; every other host uses the English text.
#
#   A string or number among the values is data and is shown as it is. A message among the values
#   is translated as well. A constant sentence needs no message: it is its own template.
package dfpolicy.lib.message

# METADATA
# title: Message
# description: The template with a value for each of its `{fields}`.
of(template, values) := {
	"text": _filled(template, values),
	"message": {"template": template, "values": _values(values)},
}

# METADATA
# title: Constant text as a value
# description: A text that is translated although it is a value.
text(template) := {"text": template, "message": {"template": template}}

# METADATA
# title: Message that depends on a number
# description: The template for one or for many, depending on `values.count`.
counted(one, many, values) := {
	"text": _filled(_chosen(one, many, values.count), values),
	"message": {"template": one, "plural": many, "values": _values(values)},
}

# METADATA
# title: List
# description: The first five of the strings or messages, and how many more there are.
list(items) := excerpt(array.slice(items, 0, 5), count(items))

# METADATA
# title: Excerpt of a list
# description: The first strings or messages of a list with `total` items, and how many more there are.
excerpt(first, total) := whole(first) if {
	total <= count(first)
} else := {
	"text": $"{_joined(first, ", ")} and {more} more",
	"message": {"items": _shown(first), "more": more},
} if {
	more := total - count(first)
}

# METADATA
# title: Whole list
# description: All of the strings or messages, however many there are.
whole(items) := {"text": _joined(items, ", "), "message": {"items": _shown(items)}}

# METADATA
# title: Clauses
# description: All of the strings or messages, separated by semicolons.
clauses(items) := {
	"text": _joined(items, "; "),
	"message": {"items": _shown(items), "separator": "; "},
}

# METADATA
# title: Text as a value
# description: The message as it is; a string is a constant text, which is translated as well.
phrase(part) := text(part) if {
	is_string(part)
} else := part

# METADATA
# title: English
# description: How a message, a string or a number reads in English.
english(part) := part if {
	is_string(part)
} else := part.text if {
	is_object(part)
} else := $"{part}"

# METADATA
# title: Templates
# description: The template and values of a finding; undefined for a constant text.
templates(part) := part.message if is_object(part)

_filled(template, values) := strings.replace_n(
	# The name between two braces.
	{concat(name, _braces): english(part) | some name, part in values},
	template,
)

_braces := ["{", "}"]

_chosen(one, many, number) := one if {
	number == 1
} else := many

_joined(items, separator) := concat(separator, [english(item) | some item in items])

_values(values) := {name: _inner(part) | some name, part in values}

_shown(items) := [_inner(item) | some item in items]

_inner(part) := part.message if {
	is_object(part)
} else := part
