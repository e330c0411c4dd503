package selvedge.verification.edge;

import java.net.http.HttpRequest.BodyPublishers;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.ServerProcess;
import tools.jackson.databind.JsonNode;

/** A server of a cluster and a client of it. */
record Region(RunningServer server, RestClient client) implements AutoCloseable {
  static Region of(RunningServer server) {
    return new Region(server, server.client());
  }

  /** Returns the process of a server that has one of its own. */
  ServerProcess process() {
    if (server instanceof ServerProcess process) {
      return process;
    }
    throw new IllegalStateException("the server runs in the process of the test");
  }

  Reply ask(String path) {
    return client.send("GET", path, BodyPublishers.noBody());
  }

  JsonNode status() {
    return ask("/v1/status").ok().json();
  }

  long version() {
    return status().path("version").asLong();
  }

  /** Returns the age in milliseconds. */
  long age() {
    return status().path("age_millis").asLong();
  }

  /** Waits until this server has the current version of the other one. */
  void catchUpWith(Region origin) throws Exception {
    long version = origin.version();
    Polling.await("version " + version, () -> version() >= version);
  }

  /** Waits until the server has all changes of its origin. */
  void complete() throws Exception {
    Polling.await("a known age", () -> !status().path("age_millis").isNull());
  }

  /** Returns the digests of all namespaces except the system namespace. */
  String digest() {
    StringBuilder digest = new StringBuilder();
    for (JsonNode each :
        ask("/v1/digest?expiring=2020-01-01T00:00:00Z").ok().json().path("namespaces")) {
      if (!each.path("id").asString().startsWith("0000")) {
        digest.append(each).append('\n');
      }
    }
    return digest.toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
