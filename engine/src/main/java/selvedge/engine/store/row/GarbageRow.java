package selvedge.engine.store.row;

/** The row of a large value to which no entry refers. */
public record GarbageRow(long sinceMillis, Stored.Chunked value) {

  public byte[] encode() {
    return new RowWriter(Long.BYTES + Stored.Chunked.BYTES).i64(sinceMillis).stored(value).row();
  }

  public static GarbageRow decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    var garbage = new GarbageRow(reader.i64(), reader.chunked());
    reader.end();
    return garbage;
  }
}
