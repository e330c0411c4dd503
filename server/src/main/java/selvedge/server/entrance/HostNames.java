package selvedge.server.entrance;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/**
 * The host names that an open server accepts: those that a web page cannot have, and those that the
 * operator allows. Immutable.
 */
final class HostNames {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]*:[0-9a-f:.]*]");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
  private static final Pattern ALLOWED =
      Pattern.compile("(?:\\*\\.)?[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*(?::\\d{1,5})?");

  /** Suffixes of names on one machine or in a container network. None is a public domain. */
  private static final List<String> PRIVATE_SUFFIXES =
      List.of(".localhost", ".internal", ".svc", ".cluster.local");

  private final List<Authority> allowed;

  /**
   * @param allowed names, with a port to restrict them to it; {@code *.} matches any subdomain
   */
  HostNames(List<String> allowed) {
    this.allowed = allowed.stream().map(HostNames::allowed).toList();
  }

  private static Authority allowed(String entry) {
    if (!ALLOWED.matcher(entry.toLowerCase(Locale.ROOT)).matches()) {
      throw new InvalidRequestException(
          "allowed-hosts must be names such as kv.example.com or *.example.com, got \""
              + entry
              + "\"");
    }
    return Authority.of(entry);
  }

  /** Returns whether the host of a request is accepted. */
  boolean accept(Authority host) {
    String name = host.name();
    if (host.isInvalid()) {
      return false;
    }
    if (name.startsWith("[")) {
      return IPV6.matcher(name).matches();
    }
    if (!NAME.matcher(name).matches()) {
      return false;
    }
    String full = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return name.indexOf('.') < 0
        || full.equals("localhost")
        || IPV4.matcher(name).matches()
        || PRIVATE_SUFFIXES.stream().anyMatch(full::endsWith)
        || allowed.stream().anyMatch(entry -> entry.covers(full));
  }

  /** Returns whether a page was loaded from an allowed host, with any scheme. */
  boolean areOrigin(Authority page) {
    return allowed.stream()
        .anyMatch(entry -> entry.covers(page.name()) && entry.port().equals(page.port()));
  }
}
