package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** What the commands that change the voters have in common. */
final class ClusterChange {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int PAUSES = 100;

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(names = "--dry-run", description = "Only print what would change.")
  private boolean rehearsal;

  /** Adds a voter. */
  void add(String node, PrintWriter out) {
    send("/v1/voters?add=" + encoded(node), out);
  }

  /** Removes a voter. If it leads, another one leads first. */
  void remove(String node, PrintWriter out) {
    awaitOtherLeader(node, out);
    send("/v1/voters?remove=" + encoded(node), out);
  }

  /** Puts a server that waits in the place of a voter. */
  void replace(String node, String next, PrintWriter out) {
    awaitOtherLeader(node, out);
    send("/v1/voters?remove=" + encoded(node) + "&add=" + encoded(next), out);
  }

  /** Lets another voter lead; {@code next} may be empty for any. */
  void stepDown(String next, PrintWriter out) {
    send("/v1/voters/leader?" + (next.isEmpty() ? "" : "to=" + encoded(next)), out);
  }

  /** Changes the form in which the voters write. */
  void upgrade(PrintWriter out) {
    JsonNode quorum = quorum();
    String leader = quorum.path("leader").asString("");
    if (quorum.path("node").asString().equals(leader)) {
      requireForms(leader, quorum);
    }
    for (JsonNode voter : quorum.path("voters")) {
      String node = voter.path("node").asString();
      if (node.equals(leader) && !quorum.path("node").asString().equals(leader)) {
        Remote remote = cluster.at(URI.create(voter.path("url").asString()));
        requireForms(leader, remote.get("/v1/status").path("quorum"));
      }
    }
    send("/v1/voters/form?", out);
  }

  private static void requireForms(String node, JsonNode quorum) {
    if (quorum.path("newest_form").isMissingNode()) {
      throw new InvalidRequestException(
          "the voter "
              + node
              + " leads and announces no form, so it has an older release: start the new release"
              + " there first");
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private void send(String path, PrintWriter out) {
    JsonNode answer = cluster.remote().request("POST", path + "&dry-run=" + rehearsal, "");
    if (rehearsal) {
      out.println("dry run: nothing is changed");
    }
    answer.path("report").forEach(line -> out.println(TerminalText.escape(line.asString())));
    out.flush();
  }

  private void awaitOtherLeader(String node, PrintWriter out) {
    JsonNode quorum = quorum();
    if (!quorum.path("leader").asString("").equals(node) || quorum.path("voters").size() == 1) {
      return;
    }
    out.println(node + " leads, so another voter leads first");
    stepDown("", out);
    if (rehearsal) {
      return;
    }
    for (int i = 0; i < PAUSES; i++) {
      String leader = quorum().path("leader").asString("");
      if (!leader.isEmpty() && !leader.equals(node)) {
        return;
      }
      pause();
    }
    throw new InvalidRequestException(node + " still leads; selvedge cluster status shows why");
  }

  private JsonNode quorum() {
    return cluster.remote().get("/v1/status").path("quorum");
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
