package selvedge.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** {@code selvedge verify}. */
@Command(
    name = "verify",
    description = "Compare all entries of two servers, namespace by namespace.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge verify --against http://10.0.0.2:5820",
      "  selvedge verify http://10.0.0.1:5820 --token-file one \\",
      "      --against http://10.0.0.2:5820 --against-token-file other",
      "",
      "Both servers read all their entries at the same time, each as of one version. Namespaces",
      "that change during the comparison are compared again. Exit status: 0 if all are equal, 1 if"
          + " not."
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int ROUNDS = 10;

  /** Entries that expire during a comparison are excluded on both servers. */
  private static final Duration EXPIRING = Duration.ofMinutes(10);

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "${env:SELVEDGE_URL:-http://127.0.0.1:5820}",
      description = "One server; default $SELVEDGE_URL, or http://127.0.0.1:5820.")
  private @Nullable URI server;

  @Mixin private TokenOption token;

  @Option(
      names = "--against",
      paramLabel = "URL",
      required = true,
      description = "The other server.")
  private @Nullable URI against;

  @Option(
      names = "--against-token-file",
      paramLabel = "FILE",
      description = "A file with the token for --against; default the token of the first server.")
  private @Nullable Path againstTokenFile;

  @Option(
      names = "--against-token",
      paramLabel = "T",
      description = "The token for --against; default the token of the first server.")
  private @Nullable String againstToken;

  @Mixin private TrustOption tls = new TrustOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  VerifyCommand() {}

  /** The number of entries and the digest of a namespace on one server. */
  private record Sum(long entries, String digest) {}

  /**
   * @param cached the namespaces that the server caches
   */
  private record Digest(long epoch, long version, Map<String, Sum> namespaces, Set<String> cached) {
    Sum of(String namespace) {
      return namespaces.getOrDefault(namespace, new Sum(0, "none"));
    }
  }

  private String against(String own) {
    if (againstTokenFile != null) {
      return TokenOption.read(againstTokenFile);
    }
    return againstToken == null ? own : againstToken;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String own = token.value();
    var one = new Remote(required(server), own, tls.trust());
    var other = new Remote(required(against), against(own), tls.trust());
    Map<String, Sum> equal = new TreeMap<>();
    for (int round = 1; true; round++) {
      Instant expiring = InstantSource.system().instant().plus(EXPIRING);
      FutureTask<Digest> reading = new FutureTask<>(() -> digest(one, expiring));
      Thread.ofVirtual().start(reading);
      Digest right = digest(other, expiring);
      Digest left = result(reading);
      if (left.epoch() != right.epoch()) {
        out.println("different: epoch " + left.epoch() + " and epoch " + right.epoch());
        return 1;
      }
      Set<String> open = compare(left, right, equal);
      boolean same = open.isEmpty();
      if (same || left.version() == right.version() || round == ROUNDS) {
        report(out, left, right, equal);
        out.println(same ? "the same" : verdict(left, right));
        out.flush();
        return same ? 0 : 1;
      }
    }
  }

  private static Digest result(FutureTask<Digest> reading) {
    try {
      return reading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Adds the namespaces that are equal now, and returns those that have not been equal in any
   * round. Namespaces that change all the time are seldom equal at the same moment.
   */
  private static Set<String> compare(Digest left, Digest right, Map<String, Sum> equal) {
    Set<String> open = compared(left, right);
    open.removeIf(
        id -> {
          boolean same = left.of(id).equals(right.of(id));
          if (same) {
            equal.put(id, left.of(id));
          }
          return same || equal.containsKey(id);
        });
    return open;
  }

  /** Returns the namespaces of both servers, except those that one of them only caches. */
  private static Set<String> compared(Digest left, Digest right) {
    var all = new TreeSet<>(left.namespaces().keySet());
    all.addAll(right.namespaces().keySet());
    all.removeAll(left.cached());
    all.removeAll(right.cached());
    return all;
  }

  private static URI required(@Nullable URI uri) {
    if (uri == null) {
      throw new InvalidRequestException("the URLs of two servers are required");
    }
    return uri;
  }

  private static Digest digest(Remote remote, Instant expiring) {
    JsonNode json = remote.get("/v1/digest?expiring=" + expiring);
    Map<String, Sum> namespaces = new LinkedHashMap<>();
    for (JsonNode namespace : json.path("namespaces")) {
      namespaces.put(
          namespace.path("id").asString(),
          new Sum(namespace.path("entries").asLong(), namespace.path("digest").asString()));
    }
    Set<String> cached = new TreeSet<>();
    json.path("cached").forEach(id -> cached.add(id.asString()));
    return new Digest(
        json.path("epoch").asLong(), json.path("version").asLong(), namespaces, cached);
  }

  private static void report(PrintWriter out, Digest left, Digest right, Map<String, Sum> equal) {
    out.println("version " + left.version() + " and version " + right.version());
    var cached = new TreeSet<>(left.cached());
    cached.addAll(right.cached());
    cached.forEach(id -> out.println(id + "  cached, not compared"));
    for (String id : compared(left, right)) {
      Sum same = equal.get(id);
      Sum one = left.of(id);
      Sum other = right.of(id);
      out.println(
          same != null
              ? id + "  " + same.entries() + " entries, the same"
              : id + "  " + one.entries() + " and " + other.entries() + " entries, different");
    }
  }

  private static String verdict(Digest left, Digest right) {
    return left.version() == right.version()
        ? "different"
        : "no result: the servers had different versions in all "
            + ROUNDS
            + " rounds because of writes";
  }
}
