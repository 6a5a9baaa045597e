"""`dfpolicy fleet`: many clusters, each judged as its own deployment by a worker process."""
