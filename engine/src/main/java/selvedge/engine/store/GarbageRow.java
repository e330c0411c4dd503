package selvedge.engine.store;

/** A large value that no entry refers to any more. */
record GarbageRow(long sinceMillis, Stored.Chunked value) {

  byte[] encode() {
    return new RowWriter(Long.BYTES + Stored.Chunked.BYTES).i64(sinceMillis).stored(value).row();
  }

  static GarbageRow decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    var garbage = new GarbageRow(reader.i64(), reader.chunked());
    reader.end();
    return garbage;
  }
}
