package selvedge.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The server that a command with arguments of its own administers. */
final class ServerFlags {
  @Option(names = "--server", paramLabel = "URL", description = "The server; or use --data.")
  private @Nullable URI server;

  @Mixin private ServerAccess access = new ServerAccess();

  /** Returns a client of the server. */
  Remote remote() {
    return access.remote(server);
  }
}
