package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Style rules that are checked on the text of the sources. */
final class TidyTest {
  private static final int METHOD_LINES_MAX = 60;
  private static final Pattern METHOD_START =
      Pattern.compile(
          "^( {2}| {4})(?! )(?!return|throw|new|else|switch|implements|extends)(?!.*="
              + " \\{)[\\w@<].*\\{$");

  /** The first line of a declaration that continues on the next line. */
  private static final Pattern LONG_METHOD_START =
      Pattern.compile(
          "^( {2}| {4})(?!return|throw|new|else|case|assert|yield)(?:[\\w.<>\\[\\],?@ ]+"
              + " )?\\w+\\((?:.*\\))?$");

  private static final Pattern TYPE_NAME =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
  private static final Pattern BANNED =
      Pattern.compile(
          "(?!TokenBucket$).*(Impl|Manager|Helper|Util|Utils|Service|Bucket|Item|Collection|Revision|Node|Master"
              + "|Data)$|^I[A-Z][a-z].*|^(Abstract|Base)[A-Z].*");

  @Test
  void methodsAreShort() {
    List<String> offenders = new ArrayList<>();
    for (Path file : Tree.files(".java")) {
      List<String> lines = Tree.read(file).lines().toList();
      for (int start = 0; start < lines.size(); start++) {
        int body = body(lines, start);
        if (body >= 0) {
          String indent = lines.get(start).replaceFirst("\\S.*", "");
          int end = lines.subList(body, lines.size()).indexOf(indent + "}");
          if (end > METHOD_LINES_MAX) {
            offenders.add(file.getFileName() + ":" + (start + 1) + " has " + end + " lines");
          }
        }
      }
    }
    assertThat(offenders).as("methods of more than %d lines", METHOD_LINES_MAX).isEmpty();
  }

  /** Returns the line with the brace of the method that begins in a line; -1 if none does. */
  private static int body(List<String> lines, int start) {
    String line = lines.get(start);
    if (isType(line)) {
      return -1;
    }
    if (METHOD_START.matcher(line).matches()) {
      return start;
    }
    if (!LONG_METHOD_START.matcher(line).matches()) {
      return -1;
    }
    String deeper = line.replaceFirst("\\S.*", "") + "    ";
    int next = start + 1;
    while (next < lines.size() && lines.get(next).startsWith(deeper)) {
      if (lines.get(next).endsWith("{")) {
        return lines.get(next).matches(".*(->|=|\\() ?\\{") ? -1 : next;
      }
      next++;
    }
    return -1;
  }

  private static boolean isType(String line) {
    return TYPE_NAME.matcher(line).find();
  }

  @Test
  void typesUseTheVocabulary() {
    List<String> offenders = new ArrayList<>();
    for (Path file : Tree.files(".java")) {
      Matcher matcher = TYPE_NAME.matcher(Tree.read(file).replaceAll("(?s)/\\*.*?\\*/", ""));
      while (matcher.find()) {
        if (BANNED.matcher(matcher.group(1)).matches()) {
          offenders.add(file.getFileName() + ": " + matcher.group(1));
        }
      }
    }
    assertThat(offenders).as("type names with words that STYLE.md does not use").isEmpty();
  }

  /** In some languages the zeros that fill a number are other characters than 0. */
  @Test
  void numbersOfAFixedWidthDoNotDependOnTheLanguageOfTheMachine() {
    Pattern format = Pattern.compile("String\\.format\\((?!Locale)[^;]*%0");
    for (Path file : Tree.files(".java")) {
      boolean isProduct = file.toString().contains("/src/main/");
      if (isProduct && !file.startsWith(Tree.root().resolve("benchmarks"))) {
        assertThat(format.matcher(Tree.read(file)).find()).as(file.toString()).isFalse();
      }
    }
  }

  @Test
  void sourcesHaveNoOpenTasks() {
    String mark = "TO" + "DO";
    for (Path file : Tree.files(".java")) {
      assertThat(Tree.read(file)).as(file.toString()).doesNotContain(mark, "FIX" + "ME");
    }
  }

  @Test
  void documentationCommentsUseTheUsualForm() {
    for (Path file : Tree.files(".java")) {
      assertThat(Tree.read(file).lines().filter(line -> line.strip().startsWith("//" + "/")))
          .as(file.toString())
          .isEmpty();
    }
  }

  @Test
  void noTestIsSkipped() {
    for (Path file : Tree.files("Test.java")) {
      assertThat(Tree.read(file))
          .as(file.toString())
          .doesNotContain(
              "@Dis" + "abled", "assume" + "True", "assume" + "That", "Thread.sl" + "eep(");
    }
  }
}
