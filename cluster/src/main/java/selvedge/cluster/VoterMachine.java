package selvedge.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/**
 * Applies the committed entries of the log to the store of a voter. Apart from upkeep, nothing else
 * changes that store.
 *
 * <p>The threads of Ratis call it; one of them applies the entries. A commit has the versions of
 * its changes, so that the replay after a start skips what the store has.
 */
final class VoterMachine extends BaseStateMachine {
  /** The size of an entry that Ratis makes itself, such as the list of the voters. */
  private static final int OWN_ENTRY_BYTES = 128;

  private final GuardedStore store;
  private final LogMark mark;
  private final LogTail tail;
  private final OpenUploads uploads;
  private final LogKeys keys;
  private final ByteString client;
  private final Events events;

  /** The parts of a commit that is not complete. */
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  /** The term of the configuration that was applied last. */
  private long configurationTerm;

  private long partsTerm;
  private long partsIndex;

  /** The mark of the start. Ratis refuses to release the log before it. */
  private long startMark = -1;

  private volatile boolean ending;

  private volatile @Nullable Leadership leadership;

  /** The last place at which no upload and no commit was open. */
  private volatile @Nullable TermIndex whole;

  /** Receives what happens to this voter, on threads of Ratis. The methods must not block. */
  interface Events {

    /** This voter leads in a term, and has applied all earlier entries. */
    void leads(long term);

    /** This voter does not lead any more. */
    void leadsNoMore();

    /** Another voter, or this one, was elected. */
    void elected(RaftPeerId leader);

    /** Called when the log or the store has failed. */
    void broken(String reason, Throwable cause);

    /** An entry of the log, at the index, names the voters. A start repeats it. */
    void voters(List<RaftPeer> voters, long index);

    /** An entry of the log has changed the form in which the voters write. */
    void upgraded(int form);

    /** Answers a request of another voter. */
    String asked(String request);

    /** The log of the leader begins behind that of this voter, which needs a snapshot. */
    CompletableFuture<TermIndex> snapshotNeeded(RoleInfoProto role, TermIndex first);
  }

  /**
   * @param client the id under which this process submits entries
   */
  VoterMachine(
      GuardedStore store,
      LogMark mark,
      LogTail tail,
      OpenUploads uploads,
      LogKeys keys,
      ByteString client,
      Events events) {
    this.store = store;
    this.mark = mark;
    this.tail = tail;
    this.uploads = uploads;
    this.keys = keys;
    this.client = client;
    this.events = events;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    TermIndex place = mark.place();
    if (place != null) {
      setLastAppliedTermIndex(place);
      startMark = place.getIndex();
    }
  }

  /** Makes a mark at the end of the log that is applied, so that the next start replays nothing. */
  void end() {
    ending = true;
  }

  /** Begins a term in which this voter leads. */
  void begin(Leadership next) {
    leadership = next;
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    return mark.snapshot();
  }

  /** Refuses an entry of another term before it is appended, and records that it will be. */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction)
      throws IOException {
    RaftClientRequest request = Objects.requireNonNull(transaction.getClientRequest());
    Leadership current = leadership;
    Ticket ticket = current == null ? null : current.ticket(request.getCallId());
    if (ticket == null || current == null || !current.isHeld()) {
      throw new StateMachineException("the entry is of an earlier term", false);
    }
    ticket.appended();
    return transaction;
  }

  /** Applies an entry of the log of a voter that does not run, whether it is committed or not. */
  void replay(LogEntryProto entry) {
    if (entry.hasStateMachineLogEntry()) {
      apply(entry);
    } else {
      enter(entry.getTerm());
    }
  }

  /** Returns the last version of an entry, if it ends a commit, and applies nothing. */
  Optional<Version> preview(LogEntryProto proto) {
    enter(proto.getTerm());
    if (!proto.hasStateMachineLogEntry()) {
      return Optional.empty();
    }
    LogEntry entry =
        keys.decode(proto.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
    if (entry.term() != proto.getTerm()) {
      return Optional.empty();
    }
    if (entry instanceof LogEntry.Part part) {
      add(part, proto.getIndex());
    }
    return entry instanceof LogEntry.Changes changes
        ? Optional.of(ChangesCodec.decode(whole(changes)).getLast().version())
        : Optional.empty();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry());
    try {
      apply(entry);
      reached(TermIndex.valueOf(entry), entry.getSerializedSize());
    } catch (RuntimeException | Error e) {
      events.broken("an entry of the log cannot be applied", e);
      throw e;
    }
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  /** Answers the voter that leads. */
  @Override
  public CompletableFuture<Message> queryStale(Message request, long minIndex) {
    String answer = events.asked(request.getContent().toStringUtf8());
    return CompletableFuture.completedFuture(Message.valueOf(answer));
  }

  private void apply(LogEntryProto proto) {
    StateMachineLogEntryProto data = proto.getStateMachineLogEntry();
    LogEntry entry = keys.decode(data.getLogData().asReadOnlyByteBuffer());
    enter(proto.getTerm());
    if (entry.term() == proto.getTerm()) {
      switch (entry) {
        case LogEntry.Part part -> add(part, proto.getIndex());
        case LogEntry.Changes changes -> apply(whole(changes));
        case LogEntry.Chunk(long _, long upload, Bytes bytes) ->
            uploads.write(upload, proto.getIndex(), bytes);
        case LogEntry.Abandoned abandoned -> uploads.abandon(abandoned.upload());
        case LogEntry.Proof _ -> {}
      }
    }
    Leadership current = leadership;
    if (current != null && data.getClientId().equals(client)) {
      current.applied(data.getCallId());
    }
  }

  /** Enters the term of an entry. What is open from earlier terms will never be complete. */
  private void enter(long term) {
    uploads.enter(term);
    if (partsTerm != term) {
      partsTerm = term;
      parts.reset();
    }
    Leadership current = leadership;
    if (current != null && current.term() < term) {
      current.replaced();
    }
  }

  private void add(LogEntry.Part part, long index) {
    if (parts.size() == 0) {
      partsIndex = index;
    }
    parts.writeBytes(part.bytes().toArray());
  }

  private Bytes whole(LogEntry.Changes last) {
    if (parts.size() == 0) {
      return last.bytes();
    }
    parts.writeBytes(last.bytes().toArray());
    Bytes all = Bytes.adopt(parts.toByteArray());
    parts.reset();
    return all;
  }

  private void apply(Bytes bytes) {
    List<Change> changes = ChangesCodec.decode(bytes);
    Version latest = store.latest();
    if (changes.getLast().version().compareTo(latest) > 0) {
      if (changes.getFirst().version().compareTo(latest) <= 0) {
        throw new IllegalStateException(
            "the log has a commit from version "
                + changes.getFirst().version()
                + " to "
                + changes.getLast().version()
                + ", and the store is at version "
                + latest);
      }
      store.apply(ChangesCodec.withValues(changes, uploads::finish));
      if (changes.stream().anyMatch(ClusterForm::concerns)) {
        events.upgraded(ClusterForm.of(store));
      }
    }
    ChangesCodec.uploads(changes).forEach(uploads::taken);
  }

  private void reached(TermIndex place, long bytes) {
    tail.add(place, bytes);
    if (parts.size() == 0 && uploads.isEmpty()) {
      whole = place;
    }
    updateLastAppliedTermIndex(place);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    enter(term);
    reached(TermIndex.valueOf(term, index), OWN_ENTRY_BYTES);
  }

  /** Returns a place that the store has reached, without any upload or commit that began before. */
  Optional<TermIndex> wholePlace() {
    return Optional.ofNullable(whole);
  }

  /**
   * Records how far the store has come, if that is due, and returns the index up to which the log
   * may be removed. Ratis calls this after each entry.
   */
  @Override
  public long takeSnapshot() throws IOException {
    if (!tail.isMarkDue() && !ending) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    tail.marked();
    advanceMark();
    long removable = Math.min(tail.released(), mark.index());
    return removable > startMark ? removable : RaftLog.INVALID_LOG_INDEX;
  }

  /**
   * The store has every applied entry on disk. The mark stays before an upload or a commit that is
   * not complete.
   */
  private void advanceMark() throws IOException {
    TermIndex applied = getLastAppliedTermIndex();
    long index = uploads.before(applied.getIndex());
    if (parts.size() > 0) {
      index = Math.min(index, partsIndex - 1);
    }
    if (index > mark.index()) {
      Optional<TermIndex> place =
          index == applied.getIndex() ? Optional.of(applied) : tail.find(index);
      if (place.isPresent()) {
        mark.set(place.get());
      }
    }
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    configurationTerm = term;
    if (configuration.getOldPeersCount() == 0) {
      events.voters(
          configuration.getPeersList().stream().map(ProtoUtils::toRaftPeer).toList(), index);
    }
  }

  /** The leader is ready once it has applied the configuration with which its term begins. */
  @Override
  public void notifyLeaderReady() {
    events.leads(configurationTerm);
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    Leadership current = leadership;
    if (current != null) {
      current.end("it has stepped down");
    }
    events.leadsNoMore();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    events.elected(leader);
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    events.broken("the log cannot be written", cause);
  }

  /**
   * Some failures of the log, such as a missing file, close it without the call above. This process
   * may close it, too.
   */
  @Override
  public void close() {
    events.broken("the log was closed", new StoreUnusableException("the log has failed"));
  }

  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex first) {
    return events.snapshotNeeded(role, first);
  }
}
