package selvedge.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The server that a command administers, which its first argument names. */
final class ServerOption {
  @Parameters(arity = "0..1", paramLabel = "URL", description = "The server; or use --data.")
  private @Nullable URI server;

  @Mixin private ServerAccess access = new ServerAccess();

  /** Returns a client of the server. */
  Remote remote() {
    return access.remote(server);
  }
}
