package selvedge.server.entrance;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/**
 * The settings that decide which requests are accepted without a token.
 *
 * @param open whether the server accepts requests without a token on any address and behind a proxy
 * @param allowedHosts host names that an open server accepts, in addition to those that a web page
 *     cannot have
 * @param allowedOrigins origins of the web pages that may read
 */
public record EntranceRules(boolean open, List<String> allowedHosts, List<String> allowedOrigins) {
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://(?:[a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::\\d{1,5})?");

  public EntranceRules {
    allowedHosts = List.copyOf(allowedHosts);
    allowedOrigins = allowedOrigins.stream().map(EntranceRules::origin).toList();
    new HostNames(allowedHosts);
  }

  private static String origin(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!ORIGIN.matcher(lower).matches()) {
      throw new InvalidRequestException(
          "allowed-origins must be origins such as https://app.example.com, without a path, got \""
              + text
              + "\"");
    }
    return lower;
  }

  HostNames hosts() {
    return new HostNames(allowedHosts);
  }
}
