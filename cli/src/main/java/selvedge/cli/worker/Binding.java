package selvedge.cli.worker;

import java.nio.file.Path;

/** One thing that a Worker finds in its environment. */
sealed interface Binding {

  /** What the Worker calls it. */
  String name();

  /**
   * A namespace.
   *
   * @param namespace its id or its title at the server
   * @param preview what takes its place in development
   */
  record Kv(String name, String namespace, String preview) implements Binding {
    Kv inDevelopment() {
      return new Kv(name, preview, preview);
    }
  }

  record Text(String name, String value) implements Binding {}

  record Json(String name, String json) implements Binding {}

  /** Taken from the environment of workerd when it starts. */
  record Secret(String name) implements Binding {}

  record TextFile(String name, Path file) implements Binding {}

  record BytesFile(String name, Path file) implements Binding {}

  record WasmFile(String name, Path file) implements Binding {}
}
