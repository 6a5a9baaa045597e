# METADATA
# title: Placeholders of the documentation
# description: Values in examples that no deployment uses.
package dfpolicy.tables.placeholders

# METADATA
# scope: document
# title: Placeholder
# description: True for a string that you must replace when you copy an example.
found(text) if text in _texts

found(text) if regex.match(`^(g-|d-)?x{4,}(-x{4,})*$|^\$\{?[A-Za-z_]+\}?$|^<.*>$`, text)

_texts := {
	"", "FIXME", "g-fffffff", "fffffff", "10.1.2.3", "10.4.5.6", "0.0.0.0", "127.0.0.1",
	"your-cluster-name", "examle-domain-name",
}
