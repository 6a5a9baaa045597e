# METADATA
# scope: subpackages
# title: dfpolicy
# description: >-
#   The requirements that a deployment of DeepFlow makes of its manifests, nodes
#   and clusters, and the library that reads them.
# authors:
#   - The dfpolicy authors
# schemas:
#   - input: schema["input.schema"]
package dfpolicy
