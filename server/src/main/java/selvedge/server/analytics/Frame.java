package selvedge.server.analytics;

import java.util.ArrayList;
import java.util.List;

/**
 * The operations of one minute or hour, or a part of them: frames of the same time are added up.
 *
 * @param start its first second, since 1970
 * @param number of this frame at this server; each frame has a larger one than the frame before
 * @param source the server that sent it; empty for this one
 * @param sourceNumber of the frame at that server
 * @param stored the amounts that were stored, in the order in which they were counted
 */
public record Frame(
    long start,
    long number,
    String source,
    long sourceNumber,
    List<Row> rows,
    List<Stored> stored) {

  public Frame {
    rows = List.copyOf(rows);
    stored = List.copyOf(stored);
  }

  /** Returns the same without the namespaces of the rows from an index on. */
  Frame folded(int kept) {
    List<Row> some = new ArrayList<>(rows.subList(0, kept));
    some.addAll(Row.merged(rows.subList(kept, rows.size()).stream().map(Row::folded).toList()));
    List<Stored> amounts = kept == rows.size() ? stored : Stored.folded(stored);
    return new Frame(start, number, source, sourceNumber, some, amounts);
  }
}
