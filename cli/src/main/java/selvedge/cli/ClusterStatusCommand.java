package selvedge.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code selvedge cluster status}. */
@Command(
    name = "status",
    description = "Show the voters of a cluster. Any voter answers, also while none leads.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ClusterStatusCommand implements Runnable {
  private static final String FORM = "%-12s %-24s %-10s %12s %8s %12s %-18s %4s  %s%n";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final double GIGABYTE = 1e9;

  @Spec private CommandSpec spec;

  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table for people, json for programs; default table.")
  private Format format = Format.table;

  private enum Format {
    table,
    json
  }

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ClusterStatusCommand() {}

  /**
   * A voter as it answers itself.
   *
   * @param listed the voter in the answer of the first one
   * @param status empty if it does not answer
   */
  private record Seen(JsonNode listed, Optional<JsonNode> status, String failure) {
    String node() {
      return listed.path("node").asString();
    }

    long version() {
      return status.map(each -> each.path("version").asLong()).orElse(0L);
    }

    String state() {
      if (status.isEmpty()) {
        return "silent";
      }
      JsonNode quorum = status.get().path("quorum");
      if (quorum.path("leader").asString("").equals(node())) {
        return "leads";
      }
      return quorum.path("leader").asString("").isEmpty() ? "looks" : "follows";
    }
  }

  @Override
  public void run() {
    Remote first = cluster.remote();
    JsonNode status = first.get("/v1/status");
    JsonNode quorum = status.path("quorum");
    if (quorum.isMissingNode()) {
      throw new InvalidRequestException(
          first.uri() + " is no voter, but a single machine or an edge: see selvedge status");
    }
    List<Seen> voters = new ArrayList<>();
    for (JsonNode listed : quorum.path("voters")) {
      boolean own = listed.path("node").asString().equals(quorum.path("node").asString());
      voters.add(own ? new Seen(listed, Optional.of(status), "") : see(listed));
    }
    JsonNode waiting = waiting(quorum, voters);
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.json) {
      out.println(JsonMapper.shared().writeValueAsString(json(status, voters, waiting)));
    } else {
      print(out, voters, waiting);
    }
    out.flush();
  }

  private Seen see(JsonNode listed) {
    try {
      Remote remote = cluster.at(URI.create(listed.path("url").asString()));
      return new Seen(listed, Optional.of(remote.get("/v1/status", PATIENCE)), "");
    } catch (UncheckedIOException | InvalidRequestException e) {
      return new Seen(listed, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns the servers that wait to be added, which the leader lists. */
  private static JsonNode waiting(JsonNode quorum, List<Seen> voters) {
    return voters.stream()
        .filter(each -> each.state().equals("leads"))
        .findFirst()
        .flatMap(Seen::status)
        .map(each -> each.path("quorum").path("waiting"))
        .orElse(quorum.path("waiting"));
  }

  private static long newest(List<Seen> voters) {
    return voters.stream().mapToLong(Seen::version).max().orElse(0);
  }

  private static boolean hasMajority(List<Seen> voters) {
    long answering = voters.stream().filter(each -> each.status().isPresent()).count();
    return answering > voters.size() / 2;
  }

  private static Map<String, Object> json(JsonNode first, List<Seen> voters, JsonNode waiting) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("cluster", first.path("cluster").asString());
    all.put("leader", leader(voters).map(Seen::node).orElse(""));
    all.put("majority", hasMajority(voters));
    List<Map<String, Object>> members = new ArrayList<>();
    for (Seen voter : voters) {
      Map<String, Object> member = new LinkedHashMap<>();
      member.put("node", voter.node());
      member.put("address", voter.listed().path("address").asString());
      member.put("url", voter.listed().path("url").asString());
      member.put("state", voter.state());
      voter
          .status()
          .ifPresent(
              status -> {
                member.put("version", voter.version());
                member.put("term", status.path("quorum").path("term").asLong());
                member.put("applied", status.path("quorum").path("applied").asLong());
                member.put("disk_free_bytes", status.path("disk_free_bytes").asLong());
                member.put("software", status.path("software").asString(""));
                member.put("form", status.path("quorum").path("form").asInt(1));
                member.put("newest_form", status.path("quorum").path("newest_form").asInt(1));
                member.put("health", status.path("health").path("state").asString());
              });
      if (!voter.failure().isEmpty()) {
        member.put("failure", voter.failure());
      }
      members.add(member);
    }
    all.put("voters", members);
    all.put("waiting", waiting);
    return all;
  }

  private static Optional<Seen> leader(List<Seen> voters) {
    return voters.stream().filter(each -> each.state().equals("leads")).findFirst();
  }

  private static void print(PrintWriter out, List<Seen> voters, JsonNode waiting) {
    out.printf(
        Locale.ROOT,
        FORM,
        "VOTER",
        "ADDRESS",
        "STATE",
        "VERSION",
        "BEHIND",
        "FREE DISK",
        "RELEASE",
        "FORM",
        "");
    long newest = newest(voters);
    for (Seen voter : voters) {
      Optional<JsonNode> status = voter.status();
      out.printf(
          Locale.ROOT,
          FORM,
          TerminalText.escape(voter.node()),
          TerminalText.escape(voter.listed().path("address").asString()),
          voter.state(),
          status.isPresent() ? voter.version() : "-",
          status.isPresent() ? newest - voter.version() : "-",
          status.map(ClusterStatusCommand::free).orElse("-"),
          TerminalText.escape(status.map(each -> each.path("software").asString("-")).orElse("-")),
          status.map(each -> each.path("quorum").path("form").asString("-")).orElse("-"),
          TerminalText.escape(status.map(ClusterStatusCommand::remark).orElse(voter.failure())));
    }
    for (JsonNode server : waiting) {
      out.println(
          TerminalText.escape(server.path("node").asString())
              + " waits to be added: selvedge cluster add "
              + TerminalText.escape(server.path("node").asString()));
    }
    out.println(summary(voters));
  }

  private static String free(JsonNode status) {
    return String.format(
        Locale.ROOT, "%.1f GB", status.path("disk_free_bytes").asLong() / GIGABYTE);
  }

  /** Returns the state of a server that is not healthy. */
  private static String remark(JsonNode status) {
    String reason = status.path("health").path("reason").asString("");
    return reason.isEmpty() ? "" : status.path("health").path("state").asString() + ": " + reason;
  }

  private static String summary(List<Seen> voters) {
    int all = voters.size();
    int majority = all / 2 + 1;
    long answering = voters.stream().filter(each -> each.status().isPresent()).count();
    String count = answering + " of " + all + " voters answer, and writes need " + majority;
    if (answering < majority) {
      return count
          + ": no write is possible. Start the others; if they are lost for good, see selvedge"
          + " cluster recover";
    }
    if (leader(voters).isEmpty()) {
      return count + ": they have no leader at the moment";
    }
    long spare = answering - majority;
    return count
        + (spare == 0
            ? ": the loss of one more would stop writes"
            : ": " + spare + " more may be lost");
  }
}
