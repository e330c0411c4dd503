package selvedge.cli.kv;

import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import selvedge.cli.remote.TerminalText;
import selvedge.client.IncompatibleException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The releases of servers, for a message about a server of another release. */
final class ServerRelease {
  private static final String UNKNOWN = "unknown";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private ServerRelease() {}

  /**
   * Returns the release of a server, "unknown" if the server does not say it; empty if the program
   * at the address is no Selvedge server.
   */
  static Optional<String> of(Connection.Endpoint server) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve("/v1/session")).timeout(TIMEOUT);
    try (HttpClient http = server.trust().http().build()) {
      JsonNode answer =
          JsonMapper.shared()
              .readTree(
                  Rest.exchange(server, http, request, HttpResponse.BodyHandlers.ofString())
                      .body());
      boolean isSelvedge = answer.has("guarded") || answer.path("error").has("code");
      return isSelvedge
          ? Optional.of(TerminalText.escape(answer.path("software").asString(UNKNOWN)))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /** Adds to the message of a failure the releases of the servers of a command, and what to do. */
  static String explain(IncompatibleException failure, CommandSpec command) {
    String servers =
        endpoints(command)
            .map(
                server ->
                    "the server at " + server.uri() + " is of release " + named(server) + ", ")
            .collect(Collectors.joining());
    String own =
        Optional.ofNullable(ServerRelease.class.getPackage().getImplementationVersion())
            .orElse(UNKNOWN);
    return failure.getMessage()
        + "; "
        + servers
        + "this command is of release "
        + own
        + ": use a command and a server of the same release";
  }

  private static String named(Connection.Endpoint server) {
    try {
      return of(server).orElse(UNKNOWN);
    } catch (UncheckedIOException e) {
      return UNKNOWN;
    }
  }

  private static Stream<Connection.Endpoint> endpoints(CommandSpec command) {
    return command.mixins().values().stream()
        .map(CommandSpec::userObject)
        .flatMap(
            mixin ->
                switch (mixin) {
                  case Connection connection -> Stream.of(connection.endpoint());
                  case NamespaceOption option -> Stream.of(option.connection().endpoint());
                  case SideOptions sides -> sides.endpoints().stream();
                  default -> Stream.empty();
                });
  }
}
