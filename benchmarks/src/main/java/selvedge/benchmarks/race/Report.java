package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The results of a race as a document and a chart.
 *
 * @param command the command that repeats the race
 * @param failed the contests that failed, with the reasons
 */
record Report(
    List<String> machine,
    String command,
    LocalDate date,
    List<Result> results,
    List<String> failed) {

  /** One contest and its result. */
  record Result(Contest contest, Standings standings, Contest.Verdict verdict) {
    Optional<Chart> chart() {
      return contest.chart(standings);
    }
  }

  /**
   * Writes the document and its charts.
   *
   * @param whole whether all contests have run; otherwise, their rows and sections replace those of
   *     an existing document, whose chart remains that of the last whole run
   */
  void write(Path folder, boolean whole) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("benchmarks.md");
    var page = new ReportPage(head(), rows(), sections());
    if (whole || !Files.exists(file)) {
      Files.writeString(file, page.text());
      write(folder, chart());
    } else {
      Files.writeString(file, ReportPage.read(Files.readString(file)).replacedBy(page).text());
    }
    for (Result result : results) {
      if (result.chart().isPresent()) {
        write(folder, result.chart().get());
      }
    }
  }

  private static void write(Path folder, Chart chart) throws IOException {
    Files.writeString(folder.resolve(chart.file()), chart.svg());
  }

  private Chart chart() {
    return new Chart(
        "benchmarks.svg",
        results.stream()
            .filter(result -> result.chart().isEmpty())
            .map(result -> Chart.of(result.contest(), result.standings()))
            .toList());
  }

  private List<String> head() {
    List<String> lines = new ArrayList<>();
    lines.add("# Benchmarks");
    lines.add("");
    lines.add(
        "For readers who compare programs: this page has the figures of the last race of Selvedge"
            + " against other programs.");
    lines.add("");
    lines.add(
        "Each figure is the median of several rounds. In each round the contestants take turns on"
            + " one machine, and figures are compared only within one run. The last run of all"
            + " contests was made on "
            + date
            + " with this command. A contest that was run again says so.");
    lines.add("");
    lines.addAll(List.of("```", command, "```", ""));
    machine.forEach(line -> lines.add("- " + line));
    lines.addAll(List.of("", "![CPU time](" + chart().file() + ")", ""));
    failed.forEach(reason -> lines.addAll(List.of("Failed: " + reason, "")));
    lines.add("| # | work | target | measured | |");
    lines.add("| --- | --- | --- | --- | --- |");
    return lines;
  }

  private List<String> rows() {
    return results.stream()
        .map(
            result ->
                String.format(
                    "| %d | %s | %s | %s | %s |",
                    result.contest().show(),
                    result.contest().work(),
                    result.contest().target(),
                    result.verdict().measured(),
                    result.verdict().met() ? "met" : "not met"))
        .toList();
  }

  private List<ReportPage.Section> sections() {
    return results.stream().map(this::section).toList();
  }

  private ReportPage.Section section(Result result) {
    List<String> lines = new ArrayList<>();
    lines.addAll(List.of("Run on " + date + ": `" + command + "`", ""));
    result
        .chart()
        .ifPresent(chart -> lines.addAll(List.of("![CPU time](" + chart.file() + ")", "")));
    lines.addAll(table(result.standings()));
    return new ReportPage.Section(
        "## " + result.contest().show() + ": " + result.contest().work(), lines);
  }

  static List<String> table(Standings standings) {
    List<String> lines = new ArrayList<>();
    lines.add("| | operations/s | p50 | p99 | CPU per operation | peak memory |");
    lines.add("| --- | --- | --- | --- | --- | --- |");
    for (String name : standings.names()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s |",
              name,
              rate(standings.perSecond(name)),
              micros(standings.median(name, Sample::median)),
              micros(standings.median(name, Sample::p99)),
              micros(standings.cpu(name)),
              standings.peakBytes(name) == 0 ? "" : (standings.peakBytes(name) >> 20) + " MB"));
    }
    return lines;
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
  }

  static String micros(double micros) {
    if (Double.isNaN(micros)) {
      return "";
    }
    if (micros < 1) {
      return String.format(Locale.ROOT, "%.0f ns", micros * 1000);
    }
    return micros < 10_000
        ? String.format(Locale.ROOT, "%.1f µs", micros)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1000);
  }
}
