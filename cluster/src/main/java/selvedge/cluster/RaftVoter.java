package selvedge.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.cache.HotStore;
import selvedge.engine.edge.Replica;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Source;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.work.WorkerThread;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.config.Config;
import selvedge.server.voter.Membership;
import selvedge.server.voter.Voter;

/**
 * A voter over the replicated log of Apache Ratis. Safe for use by many threads.
 *
 * <p>Of Ratis only the log is used: entries are submitted to the server in this process, and never
 * again, and no read goes through it.
 */
public final class RaftVoter implements Voter {
  private static final Logger LOG = LoggerFactory.getLogger(RaftVoter.class);

  private static final Duration RENEWAL = Duration.ofSeconds(2);

  private final String node;
  private final @Nullable VoterTls tls;
  private final WorkerThread renewal =
      new WorkerThread("selvedge-voter-certificates", this::renew, RaftVoter::notRenewed);
  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final GuardedStore store;
  private final LogKeys keys;
  private final @Nullable KeyHandOver handOver;
  private final VoterQuery query;
  private final Release release;
  private final SnapshotLoad snapshots;
  private final Repair repair;
  private final VoterMachine machine;
  private final RaftServer server;
  private final RaftMembership membership;
  private final Announcing announcing;
  private final RaftGroupId group;
  private final RaftPeerId id;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong numbers = new AtomicLong();
  private final BiConsumer<String, Throwable> broken;
  private final Map<String, String> settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock recording = new ReentrantLock();
  private final VoterFile file;
  private VoterFile.Content content;

  private volatile @Nullable Origin origin;
  private @Nullable Leadership leadership;
  private long leadsFrom;
  private @Nullable RaftPeerId leader;
  private boolean closed;

  /** Opens the voter of a configuration. A log or a store that fails ends the process. */
  public static Voter open(Config config, InstantSource clock, RandomGenerator random) {
    return open(config, new Surroundings(clock, random, Release.own(), RaftVoter::halt, Map.of()));
  }

  /** A voter whose log has failed would stay a member that never answers. */
  private static void halt(String reason, Throwable cause) {
    LOG.error("{}, so this process ends; start it again when the disk works", reason, cause);
    Runtime.getRuntime().halt(3);
  }

  static RaftVoter open(Config config, Surroundings surroundings) {
    GrpcLog.quiet();
    try {
      VoterTls tls = VoterTls.of(config.voting());
      LogKeys keys = LogKeys.open(config.data(), config.encryption());
      var forming = new Forming(config, surroundings.random(), surroundings.release(), tls, keys);
      VoterFile.Content own =
          config.voting().join().isEmpty()
              ? forming.form()
              : forming.join(new SnapshotLoad(config, surroundings.clock(), surroundings.random()));
      return new RaftVoter(config, own, new Secrets(tls, keys), surroundings);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the voter in " + config.data(), e);
    }
  }

  /**
   * What a voter takes from its process.
   *
   * @param broken receives the reason when the log or the store has failed
   * @param settings settings of Ratis, which replace the common ones
   */
  record Surroundings(
      InstantSource clock,
      RandomGenerator random,
      Release release,
      BiConsumer<String, Throwable> broken,
      Map<String, String> settings) {}

  /** What protects the log of a voter, in transit and at rest. */
  private record Secrets(@Nullable VoterTls tls, LogKeys keys) {
    Parameters parameters() {
      return tls == null ? new Parameters() : tls.parameters();
    }

    /** Returns what sends the key to other voters; null if this voter has no master key. */
    @Nullable KeyHandOver handOver(VoterQuery query) {
      return keys.isWanted() ? new KeyHandOver(keys, query) : null;
    }
  }

  private RaftVoter(
      Config config, VoterFile.Content own, Secrets secrets, Surroundings surroundings)
      throws IOException {
    this.node = config.voting().node();
    this.limits = config.limits();
    this.tls = secrets.tls();
    this.keys = secrets.keys();
    this.query = new VoterQuery(secrets.parameters());
    this.handOver = secrets.handOver(query);
    this.release = surroundings.release();
    this.file = new VoterFile(config.data(), release);
    this.clock = surroundings.clock();
    this.random = surroundings.random();
    this.broken = surroundings.broken();
    this.settings = surroundings.settings();
    this.content = own;
    this.group = RaftGroupId.valueOf(own.group());
    this.id = RaftPeerId.valueOf(own.id());
    var directory = new StoreDirectory(config.data(), config.encryption());
    directory.recover();
    var mark = new LogMark(config.data().resolve("voter.mark"));
    this.snapshots = new SnapshotLoad(config, clock, random);
    snapshots.install(mark);
    this.repair = new Repair(config, own, snapshots);
    RocksStore rocks = openOrRepair(directory, mark);
    try {
      this.store = new GuardedStore(rocks, new HotStore(rocks, limits));
      Descent.settle(store);
      upgraded(ClusterForm.of(store));
      this.machine =
          new VoterMachine(
              store,
              mark,
              new LogTail(this::keptLog),
              new OpenUploads(rocks::upload, limits.size(Limit.CHUNK_BYTES)),
              keys,
              client.toByteString(),
              new Happenings());
      Version latest = own.log().isNew() ? Version.NONE : rocks.latest();
      Path log = config.data().resolve("raft");
      RaftStorage.StartupOption option = LogDirectory.require(log, latest, mark.index(), keptLog());
      this.server = build(config, own, secrets, option);
      this.membership = new RaftMembership(server, group, id, new Facts());
      server.start();
      record(VoterFile.Content::withOldLog);
      this.announcing = new Announcing(config, own, membership).start();
      renewal.start();
    } catch (IOException | RuntimeException e) {
      rocks.close();
      throw e;
    }
  }

  private LogSize keptLog() {
    return LogSize.kept(limits);
  }

  /** The facts about this voter that the membership reads. */
  private final class Facts implements RaftMembership.Facts {
    @Override
    public boolean leads() {
      return standing() instanceof Leading;
    }

    @Override
    public Optional<TermIndex> place() {
      return machine.wholePlace();
    }

    @Override
    public int form() {
      return RaftVoter.this.form();
    }

    @Override
    public void upgrade(int form) {
      RaftVoter.this.upgrade(form);
    }

    @Override
    public Announcement announcement(Peer voter) throws IOException {
      return voter.id().equals(id.toString())
          ? RaftVoter.this.announcement()
          : Announcement.parse(query.send(configuration(), voter, Announcement.REQUEST));
    }
  }

  /** The store is what the log has made, so another voter can give it. */
  private RocksStore openOrRepair(StoreDirectory directory, LogMark mark) throws IOException {
    try {
      return directory.open(limits, clock, random);
    } catch (StoreDamagedException e) {
      if (!repair.isPossible()) {
        throw e;
      }
      LOG.error("{}; this voter loads the store of the leader in its place", e.getMessage());
      repair.loadWithPatience();
      snapshots.install(mark);
      return directory.open(limits, clock, random);
    }
  }

  /** A voter with a damaged table lets another one lead, and loads the store of that one. */
  private void repairTable() {
    Optional<String> damage = store.rocks().damagedTable();
    if (damage.isEmpty() || !repair.isPossible()) {
      return;
    }
    if (standing() instanceof Leading) {
      LOG.error("{}; this voter lets another one lead", damage.get());
      membership.handOver();
    } else if (standing() instanceof Following) {
      snapshots.start(
          () -> {
            LOG.error("{}; this voter loads the store of the leader", damage.get());
            repair.load();
            ended("a table of its own store is damaged");
          });
    }
  }

  private Duration renew() {
    if (tls != null) {
      tls.refresh();
    }
    repairTable();
    try {
      renewKeys();
    } catch (SelvedgeException e) {
      LOG.warn("the key of the log is not renewed, another attempt follows: {}", e.getMessage());
    }
    return RENEWAL;
  }

  private void renewKeys() {
    store.rocks().encryption().ifPresent(state -> keys.follow(state.masterKey()));
    if (handOver != null && form() >= LogKeys.FROM_FORM && standing() instanceof Leading) {
      handOver.step(configuration(), id.toString());
    }
  }

  private static void notRenewed(Throwable failure) {
    LOG.error("changed certificates and keys of the voter wait for the next start", failure);
  }

  private RaftServer build(
      Config config, VoterFile.Content own, Secrets secrets, RaftStorage.StartupOption option)
      throws IOException {
    Path log = config.data().resolve("raft");
    InetSocketAddress address =
        Peer.address(String.valueOf(config.voting().cluster().get(config.voting().node())));
    boolean isVoter = own.peers().stream().anyMatch(each -> each.id().equals(own.id()));
    List<RaftPeer> peers = isVoter ? own.peers().stream().map(Peer::raft).toList() : List.of();
    return RaftServer.newBuilder()
        .setServerId(id)
        .setGroup(RaftGroup.valueOf(group, peers))
        .setOption(option)
        .setStateMachine(machine)
        .setProperties(RaftSettings.of(log, address, settings))
        .setParameters(secrets.parameters())
        .build();
  }

  /** Receives the events of Ratis. */
  private final class Happenings implements VoterMachine.Events {
    @Override
    public void leads(long term) {
      var next = new Leadership(term, new Submitter(), System::nanoTime);
      machine.begin(next);
      update(
          () -> {
            leadership = next;
            leadsFrom = System.nanoTime() + Leadership.LEASE.toNanos();
          });
    }

    @Override
    public void leadsNoMore() {
      update(() -> leader = null);
    }

    @Override
    public void elected(RaftPeerId elected) {
      update(() -> leader = elected);
    }

    @Override
    public void voters(List<RaftPeer> voters, long index) {
      record(content -> content.voting(voters.stream().map(Peer::of).toList(), index));
    }

    @Override
    public void upgraded(int form) {
      RaftVoter.this.upgraded(form);
    }

    @Override
    public String asked(String request) {
      return request.equals(Announcement.REQUEST)
          ? announcement().text()
          : KeyHandOver.answer(keys, request);
    }

    @Override
    public void broken(String reason, Throwable cause) {
      if (!isClosed()) {
        broken.accept(reason, cause);
      }
    }

    @Override
    public CompletableFuture<TermIndex> snapshotNeeded(RoleInfoProto role, TermIndex first) {
      Standing standing = standing();
      if (standing instanceof Following(URI uri)) {
        snapshots.start(uri, Descent.of(store), first, RaftVoter.this::loaded);
      }
      return CompletableFuture.failedFuture(
          new StoreUnusableException("the store is being loaded"));
    }
  }

  private int form() {
    recording.lock();
    try {
      return content.form();
    } finally {
      recording.unlock();
    }
  }

  private Announcement announcement() {
    return new Announcement(release, form());
  }

  /** Writes in the form that the store names, from now on. */
  private void upgraded(int form) {
    release.require(form, "the cluster of this voter");
    if (form > form()) {
      record(content -> content.withForm(form));
      LOG.info("this voter writes form {} from now on; older releases cannot read it", form);
    }
  }

  private void upgrade(int form) {
    Origin leading = origin;
    if (leading == null || !(standing() instanceof Leading)) {
      throw new OverloadedException("this voter does not lead");
    }
    if (!(leading
            .system()
            .put(ClusterForm.KEY, Bytes.utf8(Integer.toString(form)), WriteOptions.PLAIN)
        instanceof Outcome.Accepted)) {
      throw new OverloadedException("another request has changed the form at the same time");
    }
  }

  /** Changes the file of this voter. */
  private void record(UnaryOperator<VoterFile.Content> change) {
    recording.lock();
    try {
      VoterFile.Content next = change.apply(content);
      if (!next.equals(content)) {
        file.write(next);
        content = next;
      }
    } finally {
      recording.unlock();
    }
  }

  private void update(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Submits entries to the server in this process. */
  private final class Submitter implements Leadership.Submitter {
    @Override
    public long next() {
      return numbers.incrementAndGet();
    }

    @Override
    public void stepDown() {
      LOG.warn("this voter steps down, because a write of its term failed");
      var request =
          new TransferLeadershipRequest(
              client, id, group, next(), null, RaftMembership.HAND_OVER.toMillis());
      try {
        server
            .transferLeadershipAsync(request)
            .whenComplete((_, failure) -> notSteppedDown(failure));
      } catch (IOException e) {
        notSteppedDown(e);
      }
    }

    private void notSteppedDown(@Nullable Throwable failure) {
      if (failure != null) {
        LOG.warn("this voter did not step down: {}", failure.getMessage());
      }
    }

    @Override
    public void submit(long number, LogEntry entry, Ticket ticket) {
      ByteString bytes = UnsafeByteOperations.unsafeWrap(keys.encode(entry));
      RaftClientRequest request =
          RaftClientRequest.newBuilder()
              .setClientId(client)
              .setServerId(id)
              .setGroupId(group)
              .setCallId(number)
              .setMessage(Message.valueOf(bytes))
              .setType(RaftClientRequest.writeRequestType())
              .build();
      try {
        server
            .submitClientRequestAsync(request)
            .whenComplete((reply, failure) -> replied(ticket, reply, failure));
      } catch (IOException | RuntimeException e) {
        ticket.failed(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The application of the entry decides about it. The reply only says that it may not happen. */
  private static void replied(
      Ticket ticket, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
    if (failure != null) {
      ticket.failed(String.valueOf(failure.getMessage()));
    } else if (reply != null && !reply.isSuccess()) {
      ticket.failed(String.valueOf(reply.getException()));
    }
  }

  @Override
  public Standing standing() {
    lock.lock();
    try {
      return now();
    } finally {
      lock.unlock();
    }
  }

  private Standing now() {
    Leadership own = leadership;
    if (own != null && own.isHeld()) {
      return System.nanoTime() - leadsFrom >= 0 ? new Leading(own.term()) : new Looking();
    }
    RaftPeerId elected = leader;
    return elected == null || elected.equals(id)
        ? new Looking()
        : peer(elected).<Standing>map(each -> new Following(each.uri())).orElseGet(Looking::new);
  }

  private Optional<Peer> peer(RaftPeerId wanted) {
    return membership.members().stream()
        .filter(each -> each.id().equals(wanted.toString()))
        .findFirst();
  }

  private RaftGroup configuration() {
    try {
      return RaftGroup.valueOf(group, server.getDivision(group).getRaftConf().getCurrentPeers());
    } catch (IOException e) {
      throw new UncheckedIOException("the voter is closed", e);
    }
  }

  @Override
  public Standing awaitOther(Standing known) throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IllegalStateException("the voter is closed");
        }
        Standing standing = now();
        if (!standing.equals(known)) {
          return standing;
        }
        long wait = leadership == null ? Long.MAX_VALUE : leadsFrom - System.nanoTime();
        long most = Duration.ofMillis(200).toNanos();
        long _ = changed.awaitNanos(wait > 0 ? Math.min(wait, most) : most);
      }
    } finally {
      lock.unlock();
    }
  }

  private Leadership leadership() {
    lock.lock();
    try {
      Leadership own = leadership;
      if (own == null || !(now() instanceof Leading)) {
        throw new OverloadedException("this voter does not lead");
      }
      return own;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Engine<Origin> lead(Meter meter, Engine.Failures failures, LongSupplier othersFree) {
    var replicated = new ReplicatedStore(store, leadership(), othersFree, this::keptLog);
    store.receive(() -> replicated, _ -> _ -> {});
    Origin leading = origin(replicated, meter);
    origin = leading;
    return Engine.origin(store.rocks(), store.hot(), leading, failures);
  }

  private Origin origin(ReplicatedStore replicated, Meter meter) {
    var served = new ServedStore(replicated, store, limits, clock);
    return new Origin(served, System::nanoTime, random, meter);
  }

  @Override
  public Engine<Replica> follow(Source source, Replica.Watcher watcher, Engine.Failures failures) {
    var served = new ServedStore(store, store, limits, clock);
    Replica replica =
        store.receive(
            () ->
                Replica.applying(
                    served,
                    System::nanoTime,
                    source,
                    watcher,
                    () -> standing() instanceof Following),
            created -> created::applied);
    return Engine.replica(store.rocks(), store.hot(), replica, failures);
  }

  @Override
  public boolean isProven() {
    Leadership own = leadership;
    return own != null && own.isProven();
  }

  @Override
  public void prove() {
    leadership().prove();
  }

  @Override
  public void handOver() {
    if (standing() instanceof Leading) {
      membership.handOver();
    }
  }

  private void loaded() {
    ended("the log of the leader begins behind that of this voter");
  }

  private void ended(String reason) {
    if (!isClosed()) {
      broken.accept(
          "the store of the leader is loaded and will be used from the next start on",
          new StoreUnusableException(reason));
    }
  }

  @Override
  public Membership membership() {
    return membership;
  }

  @Override
  public Status status() {
    RaftPeerId elected;
    lock.lock();
    try {
      boolean waits = id.equals(leader) && !(now() instanceof Leading);
      elected = waits ? null : leader;
    } finally {
      lock.unlock();
    }
    String name = elected == null ? "" : peer(elected).map(Peer::name).orElse("");
    try {
      var info = server.getDivision(group).getInfo();
      return new Status(
          node,
          info.getCurrentTerm(),
          name,
          info.getLastAppliedIndex(),
          members(membership.members()),
          members(membership.waiting()),
          new Forms(form(), release.newest()),
          keys.isUsed());
    } catch (IOException e) {
      throw new UncheckedIOException("the voter is closed", e);
    }
  }

  private static List<Member> members(List<Peer> peers) {
    return peers.stream()
        .map(each -> new Member(each.name(), Peer.text(each.address()), each.uri()))
        .toList();
  }

  @Override
  public void close() {
    update(() -> closed = true);
    renewal.close();
    keys.close();
    announcing.close();
    machine.end();
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the log was not closed: {}", e.getMessage());
    } finally {
      store.close();
    }
  }
}
