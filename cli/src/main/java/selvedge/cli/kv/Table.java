package selvedge.cli.kv;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns, for people. */
final class Table {
  private static final int GAP = 2;
  private static final int WIDTH_MAX = 80;

  private final List<String[]> rows = new ArrayList<>();

  Table(String... heading) {
    rows.add(heading);
  }

  void row(String... cells) {
    rows.add(cells);
  }

  /** Prints the rows, and the heading if there is a row. */
  void print(PrintWriter out) {
    if (rows.size() > 1) {
      int[] widths = widths();
      rows.forEach(row -> out.println(line(row, widths)));
    }
    out.flush();
  }

  private int[] widths() {
    int[] widths = new int[rows.getFirst().length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.min(WIDTH_MAX, Math.max(widths[i], row[i].length()));
      }
    }
    return widths;
  }

  private static String line(String[] row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      line.append(row[i]);
      if (i < row.length - 1) {
        line.append(" ".repeat(Math.max(0, widths[i] - row[i].length()) + GAP));
      }
    }
    return line.toString().stripTrailing();
  }
}
