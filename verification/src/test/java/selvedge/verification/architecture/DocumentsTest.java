package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.server.config.SettingKey;

/** Checks the Markdown pages: links, anchors, tables, the maps of pages and packages, and names. */
final class DocumentsTest {
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+?)\\s*$");
  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|Contract))`");
  private static final Pattern PAGE_NAME = Pattern.compile("\\bdocs/[\\w/-]+\\.md\\b");
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package (selvedge[\\w.]*);");
  private static final List<String> PURPOSES =
      List.of("tutorial", "how-to", "reference", "explanation");

  @Test
  void everyLinkAndAnchorResolves() {
    assertThat(broken(Tree.files(".md"))).isEmpty();
  }

  @Test
  void aBrokenLinkAndABrokenAnchorAreReported(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        # Page
        [good](#what-is-what-1) [good](other.md#here) `[code](no.md)`
        [bad](missing.md) [bad](#absent) [bad](other.md#there)
        ## What is what?
        ## What is `what`
        """);
    Path other = Files.writeString(folder.resolve("other.md"), "# Other\n## Here\n");

    assertThat(broken(List.of(page, other)))
        .containsExactly(
            page + " -> missing.md", page + " -> #absent", page + " -> other.md#there");
  }

  @Test
  void everyRowOfATableHasACellInEachColumn() {
    assertThat(incompleteRows(Tree.files(".md"))).isEmpty();
  }

  @Test
  void aRowWithTooFewCellsIsReported(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        | word | meaning |
        | --- | --- |
        | `a\\|b` | a \\| b |
          | `too|many` | cells |
        | too few |

        | another table |
        | --- |
        ```
        | no | row |
        ```
        """);

    assertThat(incompleteRows(List.of(page)))
        .containsExactly(page + ": | `too|many` | cells |", page + ": | too few |");
  }

  /** A bar separates cells also in code, unless it is escaped. */
  private static List<String> incompleteRows(Collection<Path> files) {
    List<String> incomplete = new ArrayList<>();
    for (Path file : files) {
      long columns = 0;
      for (String line : withoutBlocks(file).lines().map(String::strip).toList()) {
        long cells =
            line.startsWith("|")
                ? line.replace("\\|", "").chars().filter(c -> c == '|').count()
                : 0;
        if (columns > 0 && cells > 0 && cells != columns) {
          incomplete.add(file + ": " + line);
        }
        columns = cells == 0 ? 0 : Math.max(columns, cells);
      }
    }
    return incomplete;
  }

  @Test
  void everyPackageOfTheProgramsIsInTheArchitecture() {
    List<Path> files = Tree.files(".java");
    Set<String> packages = new HashSet<>();
    for (String module :
        List.of("model", "client", "engine", "patterns", "embedded", "server", "cli")) {
      Path sources = Tree.root().resolve(module + "/src/main");
      for (Path file : files) {
        Matcher matcher = PACKAGE.matcher(file.startsWith(sources) ? Tree.read(file) : "");
        if (matcher.find()) {
          packages.add("| `" + matcher.group(1) + "` |");
        }
      }
    }
    String architecture = Tree.read(Tree.root().resolve("ARCHITECTURE.md"));

    assertThat(packages)
        .hasSizeGreaterThan(40)
        .allSatisfy(name -> assertThat(architecture).contains(name));
  }

  @Test
  void everyPageIsOnTheMap() {
    Path docs = Tree.root().resolve("docs");
    Set<Path> linked = targets(docs.resolve("README.md"));

    assertThat(linked).containsAll(pages());
  }

  @Test
  void everyDecisionIsInTheIndexUnderItsTitle() {
    Path decisions = Tree.root().resolve("docs/adr");
    List<Path> pages =
        Tree.files(".md").stream()
            .filter(file -> file.startsWith(decisions) && !file.endsWith("README.md"))
            .toList();

    assertThat(Tree.read(decisions.resolve("README.md")).lines())
        .containsAll(pages.stream().map(DocumentsTest::rowOfDecision).toList());
    assertThat(pages).hasSizeGreaterThan(40);
  }

  private static String rowOfDecision(Path page) {
    String file = page.getFileName().toString();
    String number = file.substring(0, 4);
    String title = Tree.read(page).lines().findFirst().orElse("").replace("# " + number + " ", "");
    return "| [" + number + "](" + file + ") | " + title + " |";
  }

  @Test
  void everyPageHasOneTitleAndBeginsWithItsReader() {
    Path templates = Tree.root().resolve(".github");
    for (Path file : Tree.files(".md")) {
      if (file.startsWith(templates)) {
        continue;
      }
      List<String> titles =
          Tree.read(file)
              .replaceAll("(?s)```.*?```", "")
              .lines()
              .filter(line -> line.startsWith("# "))
              .toList();
      assertThat(titles).as("titles of %s", file).hasSize(1);
    }
    for (Path page : pages()) {
      String first = Tree.read(page).lines().skip(1).filter(l -> !l.isBlank()).findFirst().get();
      assertThat(first).as("first line of %s: for which reader is it?", page).startsWith("For ");
    }
  }

  @Test
  void everyTestThatADocumentNamesExists() {
    Set<String> sources = namesOfSources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path file : Tree.files(".md")) {
      Matcher matcher = TEST_NAME.matcher(Tree.read(file));
      for (; matcher.find(); named++) {
        if (!sources.contains(matcher.group(1) + ".java")) {
          missing.add(Tree.root().relativize(file) + ": " + matcher.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).as("tests that documents name").isGreaterThan(50);
  }

  @Test
  void everyPageThatASourceNamesExists() {
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path file : Tree.files(".java")) {
      Matcher matcher = PAGE_NAME.matcher(Tree.read(file));
      for (; matcher.find(); named++) {
        if (!Files.exists(Tree.root().resolve(matcher.group()))) {
          missing.add(file.getFileName() + ": " + matcher.group());
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).as("pages that sources name").isGreaterThan(5);
  }

  @Test
  void theTableOfSettingsHasTheKeysAndDefaultsOfTheServer() {
    List<String> expected = new ArrayList<>();
    for (SettingKey key : SettingKey.values()) {
      String value = key.standard().isEmpty() ? "" : "`" + key.standard() + "` ";
      expected.add("| `" + key.id() + "` | " + value + "|");
    }
    String page = Tree.read(Tree.root().resolve("docs/reference/settings.md"));
    String table = page.substring(page.indexOf("## All settings"), page.indexOf("## Flags"));

    assertThat(table.lines().filter(line -> line.startsWith("| `")))
        .map(line -> line.substring(0, line.indexOf('|', line.indexOf('|', 1) + 1) + 1))
        .containsExactlyElementsOf(expected);
  }

  private static List<Path> pages() {
    return Tree.files(".md").stream()
        .filter(
            file ->
                PURPOSES.stream()
                    .anyMatch(purpose -> file.startsWith(Tree.root().resolve("docs/" + purpose))))
        .toList();
  }

  private static Set<Path> targets(Path page) {
    Set<Path> targets = new HashSet<>();
    Matcher matcher = LINK.matcher(prose(page));
    while (matcher.find()) {
      targets.add(page.resolveSibling(matcher.group(1)).normalize());
    }
    return targets;
  }

  private static Set<String> namesOfSources() {
    return Tree.files(".java").stream()
        .map(file -> file.getFileName().toString())
        .collect(Collectors.toSet());
  }

  private static List<String> broken(Collection<Path> files) {
    List<String> broken = new ArrayList<>();
    for (Path file : files) {
      Matcher matcher = LINK.matcher(prose(file));
      while (matcher.find()) {
        if (!resolves(file, matcher.group(1), matcher.group(2))) {
          String anchor = matcher.group(2) == null ? "" : "#" + matcher.group(2);
          broken.add(file + " -> " + matcher.group(1) + anchor);
        }
      }
    }
    return broken;
  }

  private static boolean resolves(Path from, String path, String anchor) {
    if (path.contains("://") || path.startsWith("mailto:")) {
      return true;
    }
    Path target = path.isEmpty() ? from : from.resolveSibling(path);
    return Files.exists(target)
        && (anchor == null || (Files.isRegularFile(target) && anchors(target).contains(anchor)));
  }

  /** Returns the anchors that GitHub derives from the headings of a page. */
  private static Set<String> anchors(Path page) {
    Map<String, Integer> counts = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    Matcher matcher = HEADING.matcher(withoutBlocks(page));
    while (matcher.find()) {
      String slug =
          matcher
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}_ -]", "")
              .replace(' ', '-');
      int before = counts.merge(slug, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? slug : slug + "-" + before);
    }
    return anchors;
  }

  /** Returns the text of a page without its code, where a link is no link. */
  private static String prose(Path page) {
    return withoutBlocks(page).replaceAll("`[^`\n]*`", "");
  }

  private static String withoutBlocks(Path page) {
    return Tree.read(page).replaceAll("(?s)```.*?```", "");
  }
}
