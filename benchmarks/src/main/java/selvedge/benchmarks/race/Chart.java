package selvedge.benchmarks.race;

import java.util.List;
import java.util.Locale;

/**
 * A bar chart of the CPU time per operation.
 *
 * @param file the file that it is written to
 */
record Chart(String file, List<Group> groups) {
  private static final int WIDTH = 760;
  private static final int LABEL = 200;
  private static final int BAR = 18;
  private static final int TITLE = 34;

  /** Bars that are compared with each other. */
  record Group(String title, List<Bar> bars) {}

  /** One bar, in microseconds. */
  record Bar(String name, double micros, boolean isSelvedge) {}

  /** Returns the group of all entrants of a contest. */
  static Group of(Contest contest, Standings standings) {
    return new Group(
        contest.show() + ": " + contest.work(),
        standings.names().stream()
            .map(name -> new Bar(name, standings.cpu(name), name.startsWith("Selvedge")))
            .toList());
  }

  String svg() {
    StringBuilder bars = new StringBuilder();
    int y = 10;
    for (Group group : groups) {
      double most = group.bars().stream().mapToDouble(Bar::micros).max().orElse(1);
      bars.append(
          String.format(
              "<text x='10' y='%d' font-weight='bold'>%s, CPU time of one</text>%n",
              y + 18, group.title()));
      y += TITLE - 8;
      for (Bar bar : group.bars()) {
        bars.append(drawn(bar, y, Math.max(1, bar.micros() / most * (WIDTH - LABEL - 100))));
        y += BAR;
      }
      y += 10;
    }
    return String.format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif'"
            + " font-size='12'>%n<rect width='100%%' height='100%%' fill='white'/>%n%s</svg>%n",
        WIDTH, y, bars);
  }

  private static String drawn(Bar bar, int y, double width) {
    return String.format(
        Locale.ROOT,
        "<text x='10' y='%d'>%s</text><rect x='%d' y='%d' width='%.0f' height='%d'"
            + " fill='%s'/><text x='%.0f' y='%d'>%s</text>%n",
        y + BAR - 5,
        bar.name(),
        LABEL,
        y,
        width,
        BAR - 4,
        bar.isSelvedge() ? "#b5523b" : "#8fa3ad",
        LABEL + width + 6,
        y + BAR - 5,
        Report.micros(bar.micros()));
  }
}
