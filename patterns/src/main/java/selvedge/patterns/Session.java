package selvedge.patterns;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A session as it was when it was read.
 *
 * @param expires when it ends, if nobody uses it before
 */
public record Session(String id, String user, Map<String, String> data, Instant expires) {
  public Session {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }
}
