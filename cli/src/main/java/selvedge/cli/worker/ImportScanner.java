package selvedge.cli.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.cli.worker.ScriptTokens.Kind;
import selvedge.cli.worker.ScriptTokens.Token;

/**
 * Finds the imports of a JavaScript file. Comments, strings, templates and regular expressions are
 * tokens, so imports inside them are ignored.
 *
 * @param isModule whether the file has a static import or export; otherwise it is a script
 * @param targets the imported modules, in the order of the file
 */
record ImportScanner(boolean isModule, List<String> targets) {
  ImportScanner {
    targets = List.copyOf(targets);
  }

  static ImportScanner scan(String source) {
    return new Scan(ScriptTokens.of(source)).run();
  }

  /** One pass over the tokens of a file. */
  private static final class Scan {
    private final List<Token> tokens;
    private final List<String> targets = new ArrayList<>();
    private boolean isModule;

    private Scan(List<Token> tokens) {
      this.tokens = tokens;
    }

    private ImportScanner run() {
      for (int i = 0; i < tokens.size(); i++) {
        boolean property = at(i - 1).is(".") || at(i + 1).is(":");
        if (property || at(i).kind() != Kind.WORD) {
          continue;
        }
        if (at(i).is("import")) {
          importAt(i);
        } else if (at(i).is("export") && at(i + 1).startsExport()) {
          isModule = true;
          if (at(i + 1).is("*") || at(i + 1).is("{")) {
            from(i + 1).ifPresent(targets::add);
          }
        }
      }
      return new ImportScanner(isModule, targets);
    }

    private void importAt(int index) {
      Token next = at(index + 1);
      if (next.is("(")) {
        boolean literal = at(index + 3).is(")") || at(index + 3).is(",");
        if (at(index + 2).kind() == Kind.STRING && literal) {
          targets.add(at(index + 2).text());
        }
        return;
      }
      Optional<String> target =
          next.kind() == Kind.STRING ? Optional.of(next.text()) : from(index + 1);
      target.ifPresent(
          name -> {
            isModule = true;
            targets.add(name);
          });
    }

    /** Returns the module that follows the names of an import or export. */
    private Optional<String> from(int start) {
      boolean braces = false;
      for (int i = start; i < tokens.size(); i++) {
        Token token = at(i);
        if (token.is("from") && !braces && at(i + 1).kind() == Kind.STRING) {
          return Optional.of(at(i + 1).text());
        }
        boolean name = token.kind() == Kind.WORD || (braces && token.kind() == Kind.STRING);
        boolean part = token.is(",") || token.is("*") || token.is("{") || token.is("}");
        boolean ended = at(i - 1).is("}") && !token.is("from");
        if (!(name || part) || ended) {
          return Optional.empty();
        }
        braces = token.is("{") || (braces && !token.is("}"));
      }
      return Optional.empty();
    }

    private Token at(int index) {
      return index >= 0 && index < tokens.size() ? tokens.get(index) : Token.NONE;
    }
  }
}
