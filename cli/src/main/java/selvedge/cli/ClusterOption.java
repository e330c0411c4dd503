package selvedge.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;

/** The voter to which a command connects. Any voter will do. */
final class ClusterOption {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:SELVEDGE_URL:-}",
      description = "Any voter; default $SELVEDGE_URL, or http://127.0.0.1:5820.")
  private String server = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data directory of the voter that leads, on this machine; needs no token. Other"
              + " voters require one.")
  private @Nullable Path data;

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private TrustOption tls = new TrustOption();

  /** Returns a client of the voter. */
  Remote remote() {
    if (data != null) {
      return Remote.of(null, "", data, tls.trust());
    }
    return at(URI.create(server.isEmpty() ? "http://127.0.0.1:5820" : server));
  }

  /** Returns a client of another voter. */
  Remote at(URI uri) {
    return new Remote(uri, token.value(), tls.trust());
  }
}
