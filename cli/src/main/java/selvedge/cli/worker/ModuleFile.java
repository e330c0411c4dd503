package selvedge.cli.worker;

import java.nio.file.Path;

/**
 * A file of a Worker and the name that other files import it with.
 *
 * @param name the path relative to the main module
 */
record ModuleFile(String name, Path file, Kind kind) {

  /** The module type of a file in workerd. */
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

    /** Returns the field for such a file in the schema of workerd. */
    String field() {
      return field;
    }

    /** Returns the default module type of a file name in wrangler. */
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
