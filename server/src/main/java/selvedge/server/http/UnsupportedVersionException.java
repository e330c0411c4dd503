package selvedge.server.http;

/** A request in a version of HTTP other than 1.0 and 1.1. */
final class UnsupportedVersionException extends IllegalArgumentException {
  UnsupportedVersionException(String version) {
    super("the HTTP version must be 1.0 or 1.1, got " + version);
  }
}
