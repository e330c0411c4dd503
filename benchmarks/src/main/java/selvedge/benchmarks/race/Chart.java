package selvedge.benchmarks.race;

import java.util.List;
import java.util.Locale;

/** A chart of bars: for each contest how much CPU time an operation takes each contestant. */
final class Chart {
  private static final int WIDTH = 760;
  private static final int LABEL = 200;
  private static final int BAR = 18;
  private static final int TITLE = 34;

  private Chart() {}

  static String of(List<Report.Result> results) {
    StringBuilder bars = new StringBuilder();
    int y = 10;
    for (Report.Result result : results) {
      Standings standings = result.standings();
      double most = 0;
      for (String name : standings.names()) {
        most = Math.max(most, standings.cpu(name));
      }
      bars.append(
          String.format(
              "<text x='10' y='%d' font-weight='bold'>%d: %s, CPU time of one</text>%n",
              y + 18, result.contest().show(), result.contest().work()));
      y += TITLE - 8;
      for (String name : standings.names()) {
        double width = Math.max(1, standings.cpu(name) / most * (WIDTH - LABEL - 100));
        boolean ours = name.startsWith("Selvedge");
        bars.append(
            String.format(
                Locale.ROOT,
                "<text x='10' y='%d'>%s</text><rect x='%d' y='%d' width='%.0f' height='%d'"
                    + " fill='%s'/><text x='%.0f' y='%d'>%.1f µs</text>%n",
                y + BAR - 5,
                name,
                LABEL,
                y,
                width,
                BAR - 4,
                ours ? "#b5523b" : "#8fa3ad",
                LABEL + width + 6,
                y + BAR - 5,
                standings.cpu(name)));
        y += BAR;
      }
      y += 10;
    }
    return String.format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif'"
            + " font-size='12'>%n<rect width='100%%' height='100%%' fill='white'/>%n%s</svg>%n",
        WIDTH, y, bars);
  }
}
