package selvedge.server.http;

/** A request in a version of HTTP other than 1.0 and 1.1. */
final class UnsupportedVersionException extends IllegalArgumentException {
  UnsupportedVersionException(String version) {
    super("HTTP/1.0 and HTTP/1.1 are spoken here, not " + version);
  }
}
