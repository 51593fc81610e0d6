"""Workers killed, a broker restarted and a storage that fails in the middle of an issue in bulk, and the counts."""
