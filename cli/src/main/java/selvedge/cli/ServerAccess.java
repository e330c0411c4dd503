package selvedge.cli;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;

/** How a command may administer a server: by its URL and a token, or by its data directory. */
final class ServerAccess {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data directory of a server that runs on this machine; no token needed.")
  private @Nullable Path data;

  @Mixin private TokenOption token = new TokenOption();

  @Mixin private TrustOption tls = new TrustOption();

  /** Returns a client of the server. */
  Remote remote(@Nullable URI server) {
    return Remote.of(server, token.value(), data, tls.trust());
  }
}
