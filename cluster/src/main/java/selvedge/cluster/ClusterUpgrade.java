package selvedge.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import selvedge.model.InvalidRequestException;
import selvedge.server.voter.Membership;

/**
 * Changes the form in which all voters write, once each of them knows the newer one. Used once by
 * one thread.
 */
final class ClusterUpgrade {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int PAUSES = 50;

  private final List<Peer> voters;
  private final Requests requests;

  /** Requests what a voter announces. */
  interface Requests {
    Announcement announcement(Peer voter) throws IOException;
  }

  ClusterUpgrade(List<Peer> voters, Requests requests) {
    this.voters = voters;
    this.requests = requests;
  }

  /**
   * @param write makes the form an entry of the log, which every voter applies
   */
  Membership.Report run(boolean isRehearsal, IntConsumer write) {
    Map<Peer, Announcement> announced = announcements();
    int next =
        announced.values().stream().mapToInt(each -> each.release().newest()).min().orElse(0);
    List<String> lines = new ArrayList<>();
    announced.forEach((voter, each) -> lines.add(line(voter, each)));
    if (announced.values().stream().allMatch(each -> each.form() >= next)) {
      lines.add("nothing to do: every voter has form " + next);
      return new Membership.Report(lines);
    }
    lines.add("every voter can write form " + next + "; an older release cannot read it");
    if (!isRehearsal) {
      write.accept(next);
      lines.add(awaitAll(next));
    }
    return new Membership.Report(lines);
  }

  private static String line(Peer voter, Announcement announcement) {
    return voter.name()
        + " runs release "
        + announcement.release().name()
        + ", has form "
        + announcement.form()
        + " and can write form "
        + announcement.release().newest();
  }

  private Map<Peer, Announcement> announcements() {
    Map<Peer, Announcement> all = new LinkedHashMap<>();
    for (Peer voter : voters) {
      try {
        all.put(voter, requests.announcement(voter));
      } catch (IOException e) {
        throw new InvalidRequestException(
            "the voter "
                + voter.name()
                + " announces no form, so it does not run or has an older release: start the new"
                + " release there first; "
                + e.getMessage());
      }
    }
    return all;
  }

  /** Waits a while for the voters to apply the entry. One that does not will do so later. */
  private String awaitAll(int form) {
    List<String> late = late(form);
    for (int i = 0; i < PAUSES && !late.isEmpty(); i++) {
      pause();
      late = late(form);
    }
    return late.isEmpty()
        ? "done: every voter has form " + form
        : "done, and "
            + String.join(", ", late)
            + " will follow: it has not applied the change yet";
  }

  private List<String> late(int form) {
    return voters.stream().filter(each -> !has(each, form)).map(Peer::name).toList();
  }

  private boolean has(Peer voter, int form) {
    try {
      return requests.announcement(voter).form() >= form;
    } catch (IOException _) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stops", e);
    }
  }
}
