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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.tls.TrustOption;
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
      "Each server reads all its entries as of one version. Namespaces that change meanwhile are",
      "compared again. Exit status: 0 if they are equal, 1 if not."
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
    /** Returns the sums of all namespaces except the given ones. */
    Map<String, Sum> without(Set<String> excluded) {
      Map<String, Sum> others = new LinkedHashMap<>(namespaces);
      others.keySet().removeAll(excluded);
      return others;
    }

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
    for (int round = 1; true; round++) {
      Instant expiring = InstantSource.system().instant().plus(EXPIRING);
      Digest left = digest(one, expiring);
      Digest right = digest(other, expiring);
      if (left.epoch() != right.epoch()) {
        out.println("different: epoch " + left.epoch() + " and epoch " + right.epoch());
        return 1;
      }
      boolean same = left.without(right.cached()).equals(right.without(left.cached()));
      if (same || left.version() == right.version() || round == ROUNDS) {
        report(out, left, right);
        out.println(same ? "the same" : verdict(left, right));
        out.flush();
        return same ? 0 : 1;
      }
    }
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

  private static void report(PrintWriter out, Digest left, Digest right) {
    out.println("version " + left.version() + " and version " + right.version());
    var all = new TreeSet<>(left.namespaces().keySet());
    all.addAll(right.namespaces().keySet());
    var cached = new TreeSet<>(left.cached());
    cached.addAll(right.cached());
    all.removeAll(cached);
    cached.forEach(id -> out.println(id + "  cached, not compared"));
    for (String id : all) {
      Sum one = left.of(id);
      Sum other = right.of(id);
      out.println(
          one.equals(other)
              ? id + "  " + one.entries() + " entries, the same"
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
