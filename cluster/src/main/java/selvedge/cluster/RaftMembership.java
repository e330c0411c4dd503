package selvedge.cluster;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.InvalidRequestException;
import selvedge.model.OverloadedException;
import selvedge.server.voter.Membership;

/**
 * Changes the voters by the configuration of Ratis, which is an entry of the log. Safe for use by
 * many threads.
 *
 * <p>A server that is added first receives the entries that it lacks, without a vote. The change is
 * refused if it would leave the cluster without a majority that answers.
 */
final class RaftMembership implements Membership {
  private static final Logger LOG = LoggerFactory.getLogger(RaftMembership.class);
  static final Duration HAND_OVER = Duration.ofSeconds(2);

  /** How long a change may take. A server that is added has loaded its store before. */
  private static final Duration CHANGE = Duration.ofSeconds(60);

  /** A voter that has answered within this time counts as reachable. */
  private static final Duration REACHABLE = Duration.ofSeconds(3);

  private final RaftServer server;
  private final RaftGroupId group;
  private final RaftPeerId id;
  private final Facts facts;
  private final ClientId client = ClientId.randomId();
  private final Waiting waiting = new Waiting(System::nanoTime);
  private final ReentrantLock changing = new ReentrantLock();
  private long calls;

  /** What the voter knows about itself. */
  interface Facts {

    /** Returns whether this voter leads. */
    boolean leads();

    /** Returns a place in the log up to which the store has everything that it needs. */
    Optional<TermIndex> place();

    /** Returns the form in which this voter writes. */
    int form();

    /** Makes the form of the cluster an entry of the log. */
    void upgrade(int form);

    /** Requests what a voter announces, which may be this one. */
    Announcement announcement(Peer voter) throws IOException;
  }

  RaftMembership(RaftServer server, RaftGroupId group, RaftPeerId id, Facts facts) {
    this.server = server;
    this.group = group;
    this.id = id;
    this.facts = facts;
  }

  /** Returns the voters of the configuration that was appended last. */
  List<Peer> members() {
    return division().getRaftConf().getCurrentPeers().stream()
        .map(Peer::of)
        .sorted(Comparator.comparing(Peer::id))
        .toList();
  }

  List<Peer> waiting() {
    return waiting.all();
  }

  private RaftServer.Division division() {
    try {
      return server.getDivision(group);
    } catch (IOException e) {
      throw new IllegalStateException("the voter is closed", e);
    }
  }

  private void requireLeading() {
    if (!facts.leads()) {
      throw new OverloadedException("this voter does not lead, so it cannot change the voters");
    }
  }

  @Override
  public Invitation join(String line) {
    requireLeading();
    Peer candidate = candidate(line);
    List<Peer> members = members();
    TermIndex place =
        facts
            .place()
            .orElseThrow(() -> new OverloadedException("this voter has applied no entry yet"));
    if (members.stream().noneMatch(each -> each.id().equals(candidate.id()))) {
      waiting.announce(candidate);
    }
    URI own = find(members, id).map(Peer::uri).orElseThrow();
    return new Invitation(
        group.getUuid().toString(),
        own,
        place.getTerm(),
        place.getIndex(),
        facts.form(),
        members.stream().map(Peer::toString).toList());
  }

  private static Peer candidate(String line) {
    try {
      return Peer.parse(line);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InvalidRequestException(
          "voter must be an id, HOST:PORT and a URL, got \"" + line + "\"");
    }
  }

  private static Optional<Peer> find(List<Peer> peers, RaftPeerId wanted) {
    return peers.stream().filter(each -> each.id().equals(wanted.toString())).findFirst();
  }

  @Override
  public Report change(Optional<String> added, Optional<String> removed, boolean isRehearsal) {
    requireLeading();
    if (facts.form() < VoterFile.FOLLOWING) {
      throw new InvalidRequestException(
          "the voters have form "
              + facts.form()
              + ", which cannot record other voters: start the new release on all of them, and then"
              + " run selvedge cluster upgrade");
    }
    requireAlone();
    try {
      var change = new Change(members(), added, removed);
      change.require();
      List<String> lines = new ArrayList<>(change.lines());
      if (!isRehearsal) {
        commit(change);
        added.ifPresent(waiting::remove);
        lines.add("done: the voters are " + names(change.after));
        LOG.info(
            "the voters were changed from {} to {}", names(change.before), names(change.after));
      }
      return new Report(lines);
    } finally {
      changing.unlock();
    }
  }

  private void requireAlone() {
    if (!changing.tryLock()) {
      throw new InvalidRequestException("another change of the voters is under way");
    }
  }

  @Override
  public Report upgrade(boolean isRehearsal) {
    requireLeading();
    requireAlone();
    try {
      return new ClusterUpgrade(members(), facts::announcement).run(isRehearsal, facts::upgrade);
    } finally {
      changing.unlock();
    }
  }

  private static String names(List<Peer> peers) {
    return peers.stream().map(Peer::name).collect(Collectors.joining(", "));
  }

  private void commit(Change change) {
    var arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .setServersInCurrentConf(raft(change.before))
            .setListenersInCurrentConf(List.of())
            .setServersInNewConf(raft(change.after))
            .setListenersInNewConf(List.of())
            .build();
    try {
      RaftClientReply reply =
          server
              .setConfigurationAsync(
                  new SetConfigurationRequest(client, id, group, calls++, arguments))
              .get(CHANGE.toSeconds(), TimeUnit.SECONDS);
      if (!reply.isSuccess()) {
        throw failed(String.valueOf(reply.getException().getMessage()));
      }
    } catch (ExecutionException e) {
      throw failed(String.valueOf(e.getCause()));
    } catch (IOException e) {
      throw failed(String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      throw failed("it is not committed after " + CHANGE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server stops", e);
    }
  }

  private static List<RaftPeer> raft(List<Peer> peers) {
    return peers.stream().map(Peer::raft).toList();
  }

  private static OverloadedException failed(String reason) {
    return new OverloadedException(
        "the voters were not changed, or not yet; selvedge cluster status shows them: " + reason);
  }

  /** One change: at most one voter more, at most one less. */
  private final class Change {
    private final List<Peer> before;
    private final List<Peer> after;
    private final Optional<String> added;
    private final Optional<String> removed;

    Change(List<Peer> before, Optional<String> added, Optional<String> removed) {
      this.before = before;
      this.added = added;
      this.removed = removed;
      Stream<Peer> kept =
          before.stream().filter(each -> removed.filter(each.name()::equals).isEmpty());
      this.after =
          Stream.concat(kept, added.map(this::waitingOne).stream())
              .sorted(Comparator.comparing(Peer::id))
              .toList();
    }

    private Peer waitingOne(String name) {
      return waiting
          .find(name)
          .orElseThrow(
              () ->
                  new InvalidRequestException(
                      isMember(name)
                          ? name + " is a voter already"
                          : "no server named "
                              + name
                              + " waits to be added; start an empty one with: selvedge serve --node"
                              + " "
                              + name
                              + " --cluster "
                              + name
                              + "=HOST:PORT --join HOST:PORT"
                              + (waiting.all().isEmpty()
                                  ? ""
                                  : "; waiting: " + names(waiting.all()))));
    }

    private boolean isMember(String name) {
      return before.stream().anyMatch(each -> each.name().equals(name));
    }

    void require() {
      removed.ifPresent(this::requireRemovable);
      if (added.isPresent() && !added.equals(removed) && isMember(added.get())) {
        throw new InvalidRequestException(
            "there is a voter "
                + added.get()
                + " already; to put the waiting server in its place: selvedge cluster replace "
                + added.get());
      }
      Map<String, Boolean> reachable = reachable();
      List<String> silent =
          after.stream()
              .filter(each -> before.contains(each) && !reachable.getOrDefault(each.id(), false))
              .map(Peer::name)
              .toList();
      if (after.size() - silent.size() < majority(after)) {
        throw new InvalidRequestException(
            "the voters would be "
                + names(after)
                + ", of which "
                + String.join(", ", silent)
                + " cannot be reached, so no majority would be left and writes would stop; remove"
                + " the lost voter instead, or start it again first");
      }
      if (removed.isPresent() && added.isPresent() && before.size() == 2) {
        throw new InvalidRequestException(
            "with two voters none can be replaced in one step: add "
                + added.get()
                + " first, then remove "
                + removed.get());
      }
    }

    private void requireRemovable(String name) {
      if (!isMember(name)) {
        throw new InvalidRequestException(
            "there is no voter " + name + "; the voters are " + names(before));
      }
      if (before.size() == 1) {
        throw new InvalidRequestException(
            name
                + " is the only voter; selvedge cluster end makes it a single machine again, once"
                + " it is stopped");
      }
      if (find(before, id).filter(own -> own.name().equals(name)).isPresent()) {
        throw new InvalidRequestException(
            name + " leads; let another voter lead first: selvedge cluster step-down");
      }
    }

    private int majority(List<Peer> voters) {
      return voters.size() / 2 + 1;
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add("voters now: " + describe(before));
      lines.add("voters afterwards: " + describe(after));
      added.ifPresent(
          name -> lines.add(name + " first receives the changes that it lacks, and votes then"));
      removed.ifPresent(
          name ->
              lines.add(
                  name
                      + " votes no more; stop it and keep its directory until the others have"
                      + " served for a while"));
      if (after.size() % 2 == 0) {
        lines.add(
            after.size()
                + " voters survive the loss of "
                + (after.size() - majority(after))
                + ", no more than "
                + (after.size() - 1)
                + " do: make it an odd number soon");
      }
      return lines;
    }

    private String describe(List<Peer> voters) {
      return names(voters) + " (writes need " + majority(voters) + " of " + voters.size() + ")";
    }
  }

  /** Returns which voters have answered a moment ago, by their id. */
  private Map<String, Boolean> reachable() {
    Map<String, Boolean> reachable = new TreeMap<>();
    reachable.put(id.toString(), true);
    for (ServerRpcProto each :
        division().getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
      reachable.put(
          each.getId().getId().toStringUtf8(),
          each.getLastRpcElapsedTimeMs() < REACHABLE.toMillis());
    }
    return reachable;
  }

  @Override
  public Report stepDown(Optional<String> next, boolean isRehearsal) {
    requireLeading();
    List<Peer> members = members();
    Map<String, Boolean> reachable = reachable();
    List<Peer> others =
        members.stream()
            .filter(each -> !each.id().equals(id.toString()))
            .filter(each -> next.isEmpty() || each.name().equals(next.get()))
            .toList();
    if (others.isEmpty()) {
      throw new InvalidRequestException(
          next.isEmpty()
              ? "this voter is the only one, so no other can lead"
              : next.get() + " is no other voter; the voters are " + names(members));
    }
    Optional<Peer> ready =
        others.stream().filter(each -> reachable.getOrDefault(each.id(), false)).findFirst();
    if (ready.isEmpty()) {
      throw new InvalidRequestException(names(others) + " cannot be reached, so it cannot lead");
    }
    String own = find(members, id).map(Peer::name).orElse(id.toString());
    if (isRehearsal) {
      return new Report(
          List.of(
              own + " leads now",
              ready.get().name() + " would lead afterwards; writes wait until it does"));
    }
    if (!transfer(RaftPeerId.valueOf(ready.get().id()))) {
      throw new OverloadedException(
          ready.get().name()
              + " does not lead yet; selvedge cluster status shows which voter does");
    }
    return new Report(
        List.of(own + " led before", "done: " + ready.get().name() + " leads from now on"));
  }

  /** Lets another voter lead, the first that can. Returns after a short while in any case. */
  void handOver() {
    Map<String, Boolean> reachable = reachable();
    for (Peer peer : members()) {
      if (!peer.id().equals(id.toString())
          && reachable.getOrDefault(peer.id(), false)
          && transfer(RaftPeerId.valueOf(peer.id()))) {
        LOG.info("the voter {} leads from now on", peer.name());
        return;
      }
    }
  }

  private boolean transfer(RaftPeerId next) {
    var request =
        new TransferLeadershipRequest(client, id, group, calls++, next, HAND_OVER.toMillis());
    try {
      RaftClientReply reply = server.transferLeadership(request);
      if (!reply.isSuccess()) {
        LOG.warn("the voter {} does not take the lead: {}", next, reply.getException());
      }
      return reply.isSuccess();
    } catch (IOException e) {
      LOG.warn("the voter {} does not lead: {}", next, e.getMessage());
      return false;
    }
  }

  /** Returns whether a configuration has this server as a voter. */
  boolean isMember() {
    return division().getRaftConf().getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
        .anyMatch(each -> each.getId().equals(id));
  }
}
