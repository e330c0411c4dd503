package selvedge.cli.worker;

import java.nio.file.Path;

/**
 * A file of a Worker and the name that the other files import it by.
 *
 * @param name relative to the first module
 */
record ModuleFile(String name, Path file, Kind kind) {

  /** What workerd makes of a file. */
  enum Kind {
    ES_MODULE("esModule"),
    COMMON_JS("commonJsModule"),
    TEXT("text"),
    DATA("data"),
    WASM("wasm"),
    JSON("json");

    private final String field;

    Kind(String field) {
      this.field = field;
    }

    /** The field of workerd's schema that holds such a file. */
    String field() {
      return field;
    }

    /** As wrangler judges a file by its name, where no rule says otherwise. */
    static Kind of(String name) {
      return switch (name.substring(name.lastIndexOf('.') + 1)) {
        case "js", "mjs" -> ES_MODULE;
        case "cjs" -> COMMON_JS;
        case "wasm" -> WASM;
        case "json" -> JSON;
        case "txt", "html", "sql" -> TEXT;
        default -> DATA;
      };
    }
  }
}
