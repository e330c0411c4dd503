package selvedge.embedded;

import java.nio.file.Path;

/** A program that ends without a chance to clean up. */
final class KilledProgram {
  private KilledProgram() {}

  /**
   * Writes to a store and halts.
   *
   * @param arguments the directory of the store
   */
  public static void main(String[] arguments) {
    EmbeddedOrigin store = EmbeddedOrigin.open(Path.of(arguments[0]), EmbeddedOptions.usual());
    store.namespace("n").put("k", "v");
    Runtime.getRuntime().halt(7);
  }
}
