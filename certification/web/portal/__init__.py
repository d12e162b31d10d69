"""The public portal: what has been published, for everybody, without an account."""
