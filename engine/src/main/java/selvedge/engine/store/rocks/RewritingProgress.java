package selvedge.engine.store.rocks;

import java.util.Arrays;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.RowWriter;
import selvedge.model.Bytes;
import selvedge.model.Version;

/**
 * The progress of a rewriting.
 *
 * @param since the first data key under which rows remain as they are
 * @param switched the version of the store at the beginning
 * @param done the number of rows that were read
 * @param total an estimate of the number of all rows
 * @param position the key of the first row that was not read
 */
record RewritingProgress(
    Phase phase, int since, Version switched, long done, long total, Bytes position) {
  static final RewritingProgress DONE =
      new RewritingProgress(Phase.DONE, 0, Version.NONE, 0, 0, Bytes.EMPTY);

  /** The tables in their order, and then the files. */
  enum Phase {
    ENTRIES(1),
    LARGE(2),
    GARBAGE(3),
    FILES(4),
    DONE(5);

    private final int number;

    Phase(int number) {
      this.number = number;
    }
  }

  byte[] encode() {
    return new RowWriter(5 * Long.BYTES + position.size())
        .i64(phase.number)
        .i64(since)
        .version(switched)
        .i64(done)
        .i64(total)
        .bytes(position)
        .row();
  }

  static RewritingProgress decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    long number = reader.i64();
    Phase phase =
        Arrays.stream(Phase.values())
            .filter(each -> each.number == number)
            .findFirst()
            .orElseThrow(() -> reader.damaged("rewriting is in phase " + number));
    return new RewritingProgress(
        phase, (int) reader.i64(), reader.version(), reader.i64(), reader.i64(), reader.rest());
  }

  RewritingProgress at(long more, byte[] next) {
    return new RewritingProgress(phase, since, switched, done + more, total, Bytes.copyOf(next));
  }

  RewritingProgress to(Phase next, byte[] start) {
    return new RewritingProgress(next, since, switched, done, total, Bytes.copyOf(start));
  }
}
