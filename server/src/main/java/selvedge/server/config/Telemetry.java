package selvedge.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where traces and metrics are sent.
 *
 * @param collector the address of a collector for OTLP over HTTP; empty for none
 * @param headers of each request to it
 * @param share of the requests without a trace that begin one, from 0 to 1
 */
public record Telemetry(String collector, Map<String, String> headers, double share) {
  public Telemetry {
    headers = Map.copyOf(headers);
  }

  /** Parses {@code NAME=VALUE,…}; empty for a text that is not of that form. */
  static Optional<Map<String, String>> headers(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int mark = header.indexOf('=');
      if (mark <= 0) {
        return Optional.empty();
      }
      headers.put(header.substring(0, mark).strip(), header.substring(mark + 1).strip());
    }
    return Optional.of(headers);
  }
}
