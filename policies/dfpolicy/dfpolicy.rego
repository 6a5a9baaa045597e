# METADATA
# scope: subpackages
# title: dfpolicy
# description: >-
#   DeepFlow's requirements for manifests, nodes and clusters, and the library that reads them.
# authors:
#   - The dfpolicy authors
# schemas:
#   - input: schema["input.schema"]
package dfpolicy
