package selvedge.benchmarks.race;

import java.util.ArrayList;
import java.util.List;

/**
 * The page with the results: its head, a row for each contest, and a section for each contest. The
 * number of a contest is the first number of its row and of its heading.
 */
record ReportPage(List<String> head, List<String> rows, List<Section> sections) {

  /** The part of the page below the heading of a contest. */
  record Section(String heading, List<String> lines) {}

  static ReportPage read(String text) {
    List<String> lines = text.lines().toList();
    int table = lines.indexOf("| --- | --- | --- | --- | --- |") + 1;
    int end = table;
    while (end < lines.size() && lines.get(end).startsWith("|")) {
      end++;
    }
    List<Section> sections = new ArrayList<>();
    for (String line : lines.subList(end, lines.size())) {
      if (line.startsWith("## ")) {
        sections.add(new Section(line, new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.getLast().lines().add(line);
      }
    }
    return new ReportPage(
        lines.subList(0, table),
        lines.subList(table, end),
        sections.stream().map(ReportPage::stripped).toList());
  }

  /** Removes the empty lines around the content, which {@link #text} adds. */
  private static Section stripped(Section section) {
    return new Section(
        section.heading(), String.join("\n", section.lines()).strip().lines().toList());
  }

  /** Returns this page with the rows and the sections of the contests that another one has. */
  ReportPage replacedBy(ReportPage newer) {
    List<String> allRows = new ArrayList<>(rows);
    allRows.removeIf(row -> newer.rows().stream().anyMatch(other -> work(other).equals(work(row))));
    newer.rows().forEach(row -> allRows.add(place(allRows, row), row));
    List<Section> allSections = new ArrayList<>(sections);
    allSections.removeIf(
        section ->
            newer.sections().stream().anyMatch(other -> other.heading().equals(section.heading())));
    newer
        .sections()
        .forEach(
            section ->
                allSections.add(
                    place(allSections.stream().map(Section::heading).toList(), section.heading()),
                    section));
    return new ReportPage(head, allRows, allSections);
  }

  private static String work(String row) {
    return row.split(" \\| ", -1)[1];
  }

  /** Returns the place after the last line whose number is not greater. */
  private static int place(List<String> lines, String line) {
    int place = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (number(lines.get(i)) <= number(line)) {
        place = i + 1;
      }
    }
    return place;
  }

  private static int number(String line) {
    return Integer.parseInt(line.replaceAll("^\\D*(\\d+).*", "$1"));
  }

  String text() {
    List<String> lines = new ArrayList<>(head);
    lines.addAll(rows);
    for (Section section : sections) {
      lines.addAll(List.of("", section.heading(), ""));
      lines.addAll(section.lines());
    }
    return String.join("\n", lines) + "\n";
  }
}
