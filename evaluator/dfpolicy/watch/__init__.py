"""`dfpolicy watch`: checks a cluster whenever it changes, and publishes the result."""
