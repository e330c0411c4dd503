package selvedge.cli.kv;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.client.Client;
import selvedge.model.Namespace;

/** A namespace of a server, by title or id. */
final class NamespaceOption implements AutoCloseable {
  @Option(
      names = {"-n", "--namespace", "--namespace-id"},
      paramLabel = "NAME",
      required = true,
      description = "The title or the id of the namespace.")
  private String name = "";

  @Mixin private Connection connection = new Connection();

  private @Nullable Client client;

  Connection connection() {
    return connection;
  }

  String name() {
    return name;
  }

  /** Returns the namespace. It must exist: a wrong name creates nothing. */
  Namespace namespace() {
    String title;
    try (Rest rest = connection.rest()) {
      title = rest.title(name);
    }
    client = connection.client();
    return client.namespace(title);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
