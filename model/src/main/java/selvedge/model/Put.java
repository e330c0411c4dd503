package selvedge.model;

import java.time.Instant;

/** How a value is put: with which metadata and expiry, and on what condition. */
public record Put(Metadata metadata, Expiry expiry, Condition condition) {

  /** No metadata, no expiry, no condition. */
  public static final Put PLAIN = new Put(Metadata.NONE, Expiry.NEVER, Condition.ALWAYS);

  public static Put expiresAt(Instant instant) {
    return PLAIN.expiry(Expiry.at(instant));
  }

  public Put metadata(Metadata given) {
    return new Put(given, expiry, condition);
  }

  public Put expiry(Expiry given) {
    return new Put(metadata, given, condition);
  }

  public Put condition(Condition given) {
    return new Put(metadata, expiry, given);
  }

  public Put ifAbsent() {
    return condition(Condition.ABSENT);
  }

  public Put ifVersion(Version version) {
    return condition(Condition.version(version));
  }
}
