package selvedge.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import selvedge.model.Limit;
import selvedge.model.Profile;

/** Compares the table in docs/reference/limits.md with the limits in the code. */
final class LimitsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/reference/limits.md");

  @Test
  void theTableHasTheLimitsOfTheCode() throws IOException {
    List<String> documented =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.startsWith("|")).toList();

    List<String> known = table();

    assertThat(documented)
        .withFailMessage(
            () ->
                "docs/reference/limits.md differs from selvedge.model.Limit in:\n"
                    + String.join("\n", differences(documented, known))
                    + "\n\nIts table has to be:\n"
                    + String.join("\n", known))
        .isEqualTo(known);
  }

  @Test
  void thePageNamesTheLimitsThatNeedARestart() throws IOException {
    String line =
        Files.readAllLines(DOCUMENT).stream()
            .filter(each -> each.contains("a change needs a restart: "))
            .findFirst()
            .orElse("");

    assertThat(line.substring(line.indexOf("needs a restart: ")).split("`"))
        .filteredOn(word -> word.matches("[a-z-]+"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Limit.values())
                .filter(Limit::isFixedAtStart)
                .map(Limit::id)
                .collect(Collectors.toList()));
  }

  private static List<String> differences(List<String> documented, List<String> known) {
    return Stream.concat(
            known.stream().filter(row -> !documented.contains(row)).map(row -> "missing   " + row),
            documented.stream().filter(row -> !known.contains(row)).map(row -> "not known " + row))
        .toList();
  }

  private static List<String> table() {
    String profiles =
        Arrays.stream(Profile.values())
            .map(profile -> "`" + profile.id() + "`")
            .collect(Collectors.joining(" | "));
    return Stream.concat(
            Stream.of(
                "| limit | unit | " + profiles + " | may be | bounds |",
                "| --- | --- | --- | --- | --- | --- | --- |"),
            Arrays.stream(Limit.values()).map(LimitsDocumentTest::row))
        .toList();
  }

  private static String row(Limit limit) {
    String values =
        Arrays.stream(Profile.values())
            .map(profile -> number(limit.in(profile)))
            .collect(Collectors.joining(" | "));
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(limit.id(), limit.unit(), values, range(limit), limit.meaning());
  }

  private static String range(Limit limit) {
    return number(limit.least())
        + (limit.most() == Limit.none() ? " or more" : " to " + number(limit.most()));
  }

  private static String number(long value) {
    return value == Limit.none() ? "none" : String.format(Locale.ROOT, "%,d", value);
  }
}
