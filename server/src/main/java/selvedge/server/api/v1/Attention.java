package selvedge.server.api.v1;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import selvedge.model.Staleness;
import selvedge.server.quota.QuotaBalance;
import tools.jackson.databind.JsonNode;

/** What an operator should look at, found in the status of a server and of the edges behind it. */
final class Attention {
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
  private static final Duration REFUSED_MAX = Duration.ofMinutes(10);
  private static final Duration CERTIFICATE_LEFT = Duration.ofDays(21);
  private static final int FREE_PERCENT_MIN = 10;

  private final List<Notice> notices = new ArrayList<>();

  /** How urgent a notice is. */
  enum Level {
    SOON,
    WRONG
  }

  /**
   * One thing to look at.
   *
   * @param subject the server or the part that it is about
   */
  record Notice(Level level, String subject, String text, String detail) {}

  List<Notice> notices() {
    return List.copyOf(notices);
  }

  /** Adds what is wrong with a server and with the edges behind it, by their status. */
  void status(JsonNode status) {
    String place = status.path("location").asString("");
    for (JsonNode damage : status.path("damage")) {
      add(Level.WRONG, place, "Damage on disk", damage.asString());
    }
    if (status.has("clock_doubt")) {
      add(
          Level.WRONG,
          place,
          "The clock is not trusted",
          status.path("clock_doubt").asString() + ". Expired entries are not freed until then.");
    }
    if (status.path("token_refused").asBoolean(false)) {
      add(
          Level.WRONG,
          place,
          "Its token is refused",
          "The origin does not accept the token of this edge. Set origin-token to a valid one.");
    }
    if (status.has("connected") && !status.path("connected").asBoolean()) {
      add(
          Level.WRONG,
          place,
          "Not connected to " + status.path("follows").asString(""),
          status.path("trouble").asString("Reads continue and carry their age."));
    }
    lineage(place, status);
    age(place, status.path("age_millis").asLong(0));
    for (JsonNode edge : status.path("edges")) {
      edge(edge);
    }
  }

  private void lineage(String place, JsonNode status) {
    if (status.has("blocked")) {
      add(
          Level.WRONG,
          place,
          "No snapshot can replace its store",
          status.path("blocked").asString());
    }
    for (JsonNode store : status.path("unseen")) {
      add(
          Level.SOON,
          place,
          store.asString() + " has changes that the origin does not have",
          "Export them, then delete this directory.");
    }
    if (status.has("lineage_begun")) {
      JsonNode begun = status.path("lineage_begun");
      add(
          Level.SOON,
          place,
          "A replica had more changes: a new lineage has begun",
          "That replica keeps its changes after version "
              + begun.path("agreed").asLong()
              + " in a store of their own. Export them there.");
    }
    for (JsonNode cluster : status.path("refused")) {
      if (Duration.ofMillis(cluster.path("asked_millis_ago").asLong()).compareTo(REFUSED_MAX) < 0) {
        add(
            Level.WRONG,
            place,
            "An edge of the cluster " + cluster.path("cluster").asString() + " was refused",
            "Point it to its own origin. If this is its origin, it has lost its data.");
      }
    }
  }

  private void age(String place, long millis) {
    Duration age = Duration.ofMillis(millis);
    Duration bound = Staleness.USUAL.bound();
    if (age.compareTo(bound) > 0) {
      add(
          Level.WRONG,
          place,
          age.toSeconds() + " s behind, bound is " + bound.toSeconds() + " s",
          "Reads continue and carry their age, unless their namespace refuses older answers.");
    } else if (age.multipliedBy(10).compareTo(bound) > 0) {
      add(
          Level.SOON,
          place,
          age.toSeconds() + " s behind, bound is " + bound.toSeconds() + " s",
          "Reads continue and carry their age.");
    }
  }

  private void edge(JsonNode edge) {
    Duration silence = Duration.ofMillis(edge.path("told_millis_ago").asLong(0));
    JsonNode status = edge.path("status");
    if (silence.compareTo(SILENCE_MAX) > 0) {
      add(
          Level.WRONG,
          status.path("location").asString(""),
          "No report for " + silence.toSeconds() + " s",
          "The edge has stopped, or cannot reach this server.");
    } else {
      status(status);
    }
  }

  /** Adds the disk if it is nearly full. */
  void disk(long freeBytes, long totalBytes, long reserveBytes) {
    String detail = freeBytes / 1_000_000 + " of " + totalBytes / 1_000_000 + " MB are free.";
    if (freeBytes < reserveBytes) {
      add(Level.WRONG, "disk", "The disk is full: puts are refused", detail);
    } else if (freeBytes < totalBytes * FREE_PERCENT_MIN / 100) {
      add(Level.SOON, "disk", "Less than " + FREE_PERCENT_MIN + " % of the disk is free", detail);
    }
  }

  /** Adds the certificate if it ends soon. */
  void certificate(Instant end, Instant now) {
    Duration left = Duration.between(now, end);
    String detail = "A new pair is read when its files change.";
    if (left.isNegative()) {
      add(Level.WRONG, "TLS", "The certificate has ended on " + end, detail);
    } else if (left.compareTo(CERTIFICATE_LEFT) < 0) {
      add(Level.SOON, "TLS", "The certificate ends in " + left.toDays() + " days", detail);
    }
  }

  /** Adds a quota of today that is used, or nearly used. */
  void quota(QuotaBalance balance) {
    String operations = balance.quota().name().toLowerCase(Locale.ROOT);
    String detail = "The count begins at zero at " + balance.resetsAt() + ".";
    if (balance.left() == 0) {
      add(
          Level.WRONG,
          "quota",
          "All " + balance.most() + " " + operations + " of today are used: more are refused",
          detail);
    } else if (balance.left() < balance.most() * FREE_PERCENT_MIN / 100) {
      add(
          Level.SOON,
          "quota",
          balance.used() + " of " + balance.most() + " " + operations + " of today are used",
          detail);
    }
  }

  private void add(Level level, String subject, String text, String detail) {
    notices.add(new Notice(level, subject, text, detail));
  }
}
