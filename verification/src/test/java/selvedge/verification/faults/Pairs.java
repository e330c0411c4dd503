package selvedge.verification.faults;

import java.util.Base64;
import java.util.Collection;
import java.util.stream.Collectors;

/** The JSON of bulk requests. */
final class Pairs {
  private Pairs() {}

  static String json(Collection<Stamp> stamps) {
    return stamps.stream()
        .map(
            stamp ->
                "{\"key\":\"%s\",\"base64\":true,\"value\":\"%s\",\"metadata\":%s}"
                    .formatted(
                        stamp.key(),
                        Base64.getEncoder().encodeToString(stamp.value().toArray()),
                        stamp.metadata()))
        .collect(Collectors.joining(",", "[", "]"));
  }

  static String names(Collection<String> keys) {
    return keys.stream().map(key -> '"' + key + '"').collect(Collectors.joining(",", "[", "]"));
  }
}
