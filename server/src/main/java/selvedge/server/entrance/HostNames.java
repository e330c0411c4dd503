package selvedge.server.entrance;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/**
 * The names under which an open server accepts requests: those that no web page can have, and those
 * that the operator allows. Immutable.
 */
final class HostNames {
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]*:[0-9a-f:.]*]");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_.-]+");
  private static final Pattern ALLOWED =
      Pattern.compile("(?:\\*\\.)?[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*(?::\\d{1,5})?");

  /** Names of the machine itself and of the networks of containers; none is a public domain. */
  private static final List<String> PRIVATE_SUFFIXES =
      List.of(".localhost", ".internal", ".svc", ".cluster.local");

  private final List<Authority> allowed;

  /**
   * @param allowed names, with a port if only that one is meant; {@code *.} stands for any names
   *     below
   */
  HostNames(List<String> allowed) {
    this.allowed = allowed.stream().map(HostNames::allowed).toList();
  }

  private static Authority allowed(String entry) {
    if (!ALLOWED.matcher(entry.toLowerCase(Locale.ROOT)).matches()) {
      throw new InvalidRequestException(
          "allowed-hosts takes names such as kv.example.com or *.example.com, not \""
              + entry
              + "\"");
    }
    return Authority.of(entry);
  }

  /** Whether the host of a request is a name that a web page cannot have, or an allowed one. */
  boolean accept(Authority host) {
    String name = host.name();
    if (host.isBroken()) {
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

  /** Whether a page has been loaded from an allowed host, by whatever scheme. */
  boolean areOrigin(Authority page) {
    return allowed.stream()
        .anyMatch(entry -> entry.covers(page.name()) && entry.port().equals(page.port()));
  }
}
