package selvedge.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;

/** The server that a command with arguments of its own administers. */
final class ServerFlags {
  @Option(names = "--server", paramLabel = "URL", description = "The server; or use --data.")
  private @Nullable URI server;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of a server that runs on this machine; no token needed.")
  private @Nullable Path data;

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private TrustOption tls = new TrustOption();

  /** Returns a client of the server. */
  Remote remote() {
    return Remote.of(server, token.value(), data, tls.trust());
  }
}
