package selvedge.engine.store.rocks;

/**
 * A range of entries that were deleted.
 *
 * @param end the first key after the range
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes of keys go to RocksDB as they are
record EmptiedRange(byte[] start, byte[] end) {}
