package selvedge.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A table of counts in {@code docs/reliability.md}, to which each slice of a soak adds. Belongs to
 * one thread.
 */
public final class ReliabilityRecord {
  private static final Path PAGE = Path.of("..", "docs", "reliability.md");
  private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\|((?: [\\d,]+ \\|)+)");

  private final Path page;
  private final String heading;

  private ReliabilityRecord(Path page, String heading) {
    this.page = page;
    this.heading = heading;
  }

  /** Returns the table below a heading. */
  public static ReliabilityRecord below(String heading) {
    return at(PAGE, heading);
  }

  static ReliabilityRecord at(Path page, String heading) {
    return new ReliabilityRecord(page, heading);
  }

  /** Returns the sum of the first column of counts. */
  public long rounds() throws IOException {
    return lines().stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .mapToLong(row -> counts(row.group(2))[0])
        .sum();
  }

  /** Adds counts to the row of a name, which is made if it is missing. */
  public void add(String name, long... counts) throws IOException {
    List<String> all = new ArrayList<>(Files.readAllLines(page));
    int start = all.indexOf(heading);
    int last = start;
    for (int i = start + 1; i < all.size() && !all.get(i).startsWith("## "); i++) {
      Matcher row = ROW.matcher(all.get(i));
      if (row.matches() && row.group(1).equals(name)) {
        all.set(i, row(name, sum(counts(row.group(2)), counts)));
        Files.write(page, all);
        return;
      }
      last = all.get(i).startsWith("|") ? i : last;
    }
    all.add(last + 1, row(name, counts));
    Files.write(page, all);
  }

  private List<String> lines() throws IOException {
    List<String> all = Files.readAllLines(page);
    int start = all.indexOf(heading);
    if (start < 0) {
      throw new IllegalStateException(page + " has no heading " + heading);
    }
    return all.subList(start + 1, all.size()).stream()
        .takeWhile(line -> !line.startsWith("## "))
        .toList();
  }

  private static long[] counts(String cells) {
    return Pattern.compile("[\\d,]+")
        .matcher(cells)
        .results()
        .mapToLong(each -> Long.parseLong(each.group().replace(",", "")))
        .toArray();
  }

  private static long[] sum(long[] before, long[] more) {
    long[] sum = new long[more.length];
    for (int i = 0; i < more.length; i++) {
      sum[i] = more[i] + (i < before.length ? before[i] : 0);
    }
    return sum;
  }

  private static String row(String name, long... counts) {
    return LongStream.of(counts)
        .mapToObj(each -> String.format(Locale.ROOT, "%,d", each))
        .collect(Collectors.joining(" | ", "| " + name + " | ", " |"));
  }
}
