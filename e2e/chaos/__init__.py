"""The desk under fire: a server that is killed, a network that fails, and a proof that nobody missed anything."""
