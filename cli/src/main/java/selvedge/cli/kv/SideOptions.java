package selvedge.cli.kv;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import selvedge.cli.remote.TokenOption;
import selvedge.client.Client;
import selvedge.model.InvalidRequestException;

/** The two namespaces of a copy or a comparison. */
final class SideOptions implements AutoCloseable {
  private static final String CLOUDFLARE = "cloudflare:";

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      required = true,
      description = "A namespace of the server, CONTEXT:NAMESPACE or cloudflare:ACCOUNT/NAMESPACE.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "PLACE",
      required = true,
      description = "The other one, in the same form.")
  private String to = "";

  @Mixin private final PrefixOption prefix = new PrefixOption();

  @Option(
      names = "--exact",
      description =
          "Read each value of the service alone. Bulk reads are faster, but lose a byte order mark"
              + " at the start of a text.")
  private boolean exact;

  @Option(
      names = "--cloudflare-token-file",
      paramLabel = "FILE",
      description = "A file with the token of the service; default $CLOUDFLARE_API_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--cloudflare-api",
      paramLabel = "URL",
      defaultValue = "${env:CLOUDFLARE_API_BASE_URL:-https://api.cloudflare.com/client/v4}",
      description =
          "The API of the service; default $CLOUDFLARE_API_BASE_URL, or that of Cloudflare.")
  private String api = "";

  @Mixin private Connection connection = new Connection();

  private final List<Client> clients = new ArrayList<>();
  private final Set<Connection.Endpoint> endpoints = new LinkedHashSet<>();

  String prefix() {
    return prefix.text();
  }

  Side from() {
    return open(from);
  }

  Side to() {
    return open(to);
  }

  /** Returns the values that identify this pair. */
  List<String> identity() {
    return List.of(from, to, prefix.text(), connection.endpoint().uri().toString());
  }

  private Side open(String place) {
    if (place.startsWith(CLOUDFLARE)) {
      return new CloudflareSide(place.substring(CLOUDFLARE.length()), api, serviceToken(), exact);
    }
    int colon = place.indexOf(':');
    boolean inContext = colon > 0 && Contexts.ofUser().all().containsKey(place.substring(0, colon));
    return inContext
        ? open(Connection.saved(place.substring(0, colon)), place.substring(colon + 1), place)
        : open(connection.endpoint(), place, place);
  }

  private String serviceToken() {
    String variable = System.getenv("CLOUDFLARE_API_TOKEN");
    String token = tokenFile == null ? variable : TokenOption.read(tokenFile);
    if (token == null || token.isEmpty()) {
      throw new InvalidRequestException(
          "the service requires a token: set CLOUDFLARE_API_TOKEN or --cloudflare-token-file");
    }
    return token;
  }

  /** Returns the servers of the places that were opened. */
  Set<Connection.Endpoint> endpoints() {
    return endpoints;
  }

  private Side open(Connection.Endpoint server, String name, String place) {
    endpoints.add(server);
    String title;
    try (Rest rest = new Rest(server)) {
      title = rest.title(name);
    }
    Client client = Connection.client(server);
    clients.add(client);
    return new SelvedgeSide(client.namespace(title), place);
  }

  @Override
  public void close() {
    clients.forEach(Client::close);
  }
}
