package selvedge.verification.faults;

import static java.util.stream.Collectors.joining;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import selvedge.server.metrics.AlertRule;

/**
 * A fault, and how an operator names it who reads nothing but the log and the alerts. The table of
 * docs/how-to/name-a-fault.md follows from this one; the first row that fits names the fault.
 */
enum NamedFault {
  DISK_FULL(
      "the disk is full",
      "health: read-only: the disk …",
      "disk-full.md",
      AlertRule.SELVEDGE_READ_ONLY),
  DISK_FAILS(
      "the disk does not write",
      "health: read-only: …Input/output error",
      "damaged-file.md",
      AlertRule.SELVEDGE_COMMITS_FAIL),
  FILE_SYSTEM_READ_ONLY(
      "the file system is read-only",
      "health: read-only: …Read-only file system",
      "damaged-file.md",
      AlertRule.SELVEDGE_COMMITS_FAIL),
  FILE_DAMAGED(
      "a file has other bytes than were written",
      "health: damaged: ….sst",
      "damaged-file.md",
      AlertRule.SELVEDGE_DAMAGED),
  TOKEN_REVOKED(
      "the token of an edge is not valid",
      "the origin does not accept the token of this edge",
      "tokens.md",
      AlertRule.SELVEDGE_EDGE_NOT_CONNECTED),
  EDGE_CUT_OFF(
      "an edge cannot reach its origin",
      "not following: the origin …",
      "edge-does-not-follow.md",
      AlertRule.SELVEDGE_EDGE_NOT_CONNECTED,
      AlertRule.SELVEDGE_FOLLOWER_AWAY),
  CLOCK_AHEAD(
      "the clock of an edge is ahead",
      "the clock of this machine is … s ahead of that of the origin",
      "wrong-clock.md",
      AlertRule.SELVEDGE_CLOCK_AHEAD),
  CERTIFICATE_EXPIRES(
      "the certificate of a server expires soon",
      "the certificate of the server expires in … days",
      "certificate-expires.md",
      AlertRule.SELVEDGE_CERTIFICATE_EXPIRES);

  private final String description;
  private final String line;
  private final String page;
  private final AlertRule rule;
  private final AlertRule second;

  NamedFault(String description, String line, String page, AlertRule rule) {
    this(description, line, page, rule, rule);
  }

  NamedFault(String description, String line, String page, AlertRule rule, AlertRule second) {
    this.description = description;
    this.line = line;
    this.page = page;
    this.rule = rule;
    this.second = second;
  }

  /** Returns the lines of a log that name the fault. */
  List<String> lines(String log) {
    Pattern pattern = Pattern.compile(Pattern.quote(line).replace("…", "\\E.*\\Q"));
    return log.lines().filter(each -> pattern.matcher(each).find()).toList();
  }

  /** Returns the row of the table in docs/how-to/name-a-fault.md. */
  String row() {
    return "| "
        + description
        + " | `"
        + line
        + "` | "
        + rules().stream().map(each -> "`" + each.alert() + "`").collect(joining(", "))
        + " | ["
        + page
        + "]("
        + page
        + ") |";
  }

  Set<AlertRule> rules() {
    return EnumSet.of(rule, second);
  }
}
