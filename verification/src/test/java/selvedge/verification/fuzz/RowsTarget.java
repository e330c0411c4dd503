package selvedge.verification.fuzz;

import java.util.Arrays;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.FeedPoint;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.GarbageRow;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.RowReader;
import selvedge.model.StoreDamagedException;

/** Fuzzes the rows of the store. */
public final class RowsTarget {
  private static final String TABLE = "table";

  private RowsTarget() {}

  /** Called for each input. The first byte selects the type of row. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] row = Arrays.copyOfRange(data, 1, data.length);
    try {
      switch (data[0] & 3) {
        case 0 -> EntryRow.decode(row, TABLE);
        case 1 -> FeedRow.decode(row, TABLE);
        case 2 -> IndexRow.decode(new RowReader(row, TABLE));
        default -> {
          FeedPoint.decode(row, TABLE);
          GarbageRow.decode(row, TABLE);
        }
      }
    } catch (StoreDamagedException e) {
      if (!String.valueOf(e.getMessage()).contains(TABLE)) {
        throw new AssertionError("the error does not contain the position of the damage", e);
      }
    }
  }
}
