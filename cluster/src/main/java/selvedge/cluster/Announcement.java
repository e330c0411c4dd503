package selvedge.cluster;

import java.io.IOException;

/**
 * What a voter announces to the one that leads.
 *
 * @param form in which it writes
 */
record Announcement(Release release, int form) {
  /** The request for an announcement. */
  static final String REQUEST = "selvedge-release";

  String text() {
    return form + " " + release.newest() + " " + release.name();
  }

  static Announcement parse(String text) throws IOException {
    String[] fields = text.split(" ", 3);
    try {
      return new Announcement(
          new Release(fields[2], Integer.parseInt(fields[1])), Integer.parseInt(fields[0]));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("\"" + text + "\" is no announcement of a release", e);
    }
  }
}
