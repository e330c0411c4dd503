package selvedge.server.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/**
 * The parameters of the query of a request. The first of several parameters with one name counts.
 */
public final class Query {
  private final Map<String, Bytes> parameters;

  private Query(Map<String, Bytes> parameters) {
    this.parameters = parameters;
  }

  public static Query of(Request request) {
    Map<String, Bytes> parameters = new LinkedHashMap<>();
    for (String pair : request.query().split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.putIfAbsent(decode(name).utf8(), decode(value));
      }
    }
    return new Query(parameters);
  }

  private static Bytes decode(String raw) {
    return PercentCode.decodeQuery(raw)
        .orElseThrow(
            () -> new InvalidRequestException("the query has a broken escape: \"" + raw + "\""));
  }

  public Optional<Bytes> bytes(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  public Optional<String> text(String name) {
    return bytes(name).map(Bytes::utf8);
  }

  /**
   * Returns a parameter that is true or false; false if it is missing.
   *
   * @throws InvalidRequestException if it is anything else
   */
  public boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new InvalidRequestException(name + " must be true or false, got \"" + text + "\"");
    };
  }
}
