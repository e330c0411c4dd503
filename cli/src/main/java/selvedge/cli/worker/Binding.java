package selvedge.cli.worker;

import java.nio.file.Path;

/** A binding in the environment of a Worker. */
sealed interface Binding {

  /** Returns the name of the binding in the Worker. */
  String name();

  /**
   * A KV namespace.
   *
   * @param namespace the id or the title of the namespace on the server
   * @param preview the id or the title of the namespace in development
   */
  record Kv(String name, String namespace, String preview) implements Binding {
    Kv inDevelopment() {
      return new Kv(name, preview, preview);
    }
  }

  record Text(String name, String value) implements Binding {}

  record Json(String name, String json) implements Binding {}

  /** A secret that workerd reads from its environment when it starts. */
  record Secret(String name) implements Binding {}

  record TextFile(String name, Path file) implements Binding {}

  record BytesFile(String name, Path file) implements Binding {}

  record WasmFile(String name, Path file) implements Binding {}
}
