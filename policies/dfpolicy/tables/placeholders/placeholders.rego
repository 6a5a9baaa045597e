# METADATA
# title: Placeholders
# description: >-
#   Values that an operator must replace: those of DeepFlow's documentation, and the usual
#   spellings of "replace me" in examples and templates.
package dfpolicy.tables.placeholders

# METADATA
# scope: document
# title: Placeholder
# description: True for a string that you must replace when you copy an example.
found(text) if text in _texts

found(text) if {
	some pattern in _patterns
	regex.match(pattern, text)
}

_texts := {"", "10.1.2.3", "10.4.5.6", "1.2.3.4", "0.0.0.0", "127.0.0.1", "::", "::1", "localhost", "examle-domain-name"}

_patterns := [
	# Variables that nothing replaced: $NAME, ${NAME}, $(NAME), {{ name }}, %NAME%, __NAME__, @NAME@.
	`^\$[A-Za-z_]+$|\$\{[A-Za-z_][^}]*\}|\$\([A-Za-z_][^)]*\)|\{\{|^%[A-Za-z_]+%$|^__[A-Za-z_]+__$|^@+[A-Za-z_]+@+$`,
	# <name>, [name], and also as a part: df.<domain>.
	`<[^<>]*>|^\[[A-Za-z_ -]+\]$`,
	# xxx, d-xxxx, XXX-XXX, 10.x.x.x.
	`(?i)^(?:[gd]-)?x{3,}(?:[-_.]x+)*$|^(?:[0-9]{1,3}|[x*]{1,3})(?:\.(?:[0-9]{1,3}|[x*]{1,3})){0,2}\.[x*]{1,3}$`,
	# The documentation's IDs of a group and of a cluster: g-fffffff, fffffff.
	`(?i)^(?:[gd]-)?f{6,}$`,
	`(?i)^(?:please[-_ ]?)?(?:change|fix|fill|replace)[-_ ]?(?:me|this|it|in)(?:[-_ ].*)?$`,
	`(?i)^replace[-_ ](?:with|by)[-_ ]|^(?:insert|enter)[-_ ](?:your|the|here)\b|^(?:todo|tbd|fixme|placeholder)$|^(?:todo|fixme|placeholder)[-_: ]`,
	`(?i)^(?:the|put|my)?[-_ ]?your[-_ ]|^your(?:server|cluster|node|domain|group|ip)`,
	`^REPLACE(?:_|$)|[-_.](?:REPLACE_ME|CHANGE_?ME|YOUR_[A-Z_]+)(?:[-_.]|$)`,
	# NODE_IP, DEEPFLOW_SERVER_ADDRESS, AGENT_GROUP_ID.
	`^(?:[A-Z]+_)*(?:AGENT|CLUSTER|CONTROLLER|DOMAIN|GROUP|HOST|NODE|SERVER|VPC)_(?:ADDR|ADDRESS|HOST|ID|IP|IPS|NAME|UUID)$`,
]
