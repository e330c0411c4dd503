package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.cache.HotStore;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.store.Upload;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.OverloadedException;
import selvedge.model.Profile;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;

/** What the log may do to a store, entry by entry. */
final class VoterMachineTest {
  private static final long TERM = 3;
  private static final ClientId CLIENT = ClientId.randomId();
  private static final LogSize UNBOUNDED = new LogSize(Long.MAX_VALUE, Long.MAX_VALUE);

  @TempDir private Path data;

  private final List<LogEntry> submitted = new CopyOnWriteArrayList<>();
  private final List<Ticket> tickets = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final List<Integer> forms = new ArrayList<>();
  private final Leadership leadership = new Leadership(TERM, new Recorder(), System::nanoTime);
  private GuardedStore store;
  private VoterMachine machine;
  private long index;
  private boolean abdicated;

  @SuppressWarnings("NullAway") // JUnit sets the directory and opens the store
  VoterMachineTest() {}

  @BeforeEach
  void open() throws IOException {
    Limits limits = Limits.of(Profile.OPEN);
    RocksStore rocks = new StoreDirectory(data).open(limits, InstantSource.system(), new Random(1));
    store = new GuardedStore(rocks, new HotStore(rocks, limits));
    machine =
        new VoterMachine(
            store,
            new LogMark(data.resolve("mark")),
            new LogTail(() -> UNBOUNDED),
            new OpenUploads(rocks::upload, limits.size(Limit.CHUNK_BYTES)),
            LogKeys.open(data, MasterKeys.NONE),
            CLIENT.toByteString(),
            new Events());
    machine.begin(leadership);
  }

  @AfterEach
  void close() {
    store.close();
  }

  /**
   * The client of Ratis repeats an entry at the next leader, and a short cache applied it twice.
   */
  @Test
  void anEntryThatIsInTheLogTwiceIsAppliedOnce() {
    LogEntry entry = changes(TERM, 1, "first");
    apply(TERM, entry);
    apply(TERM, entry);

    assertThat(store.latest()).isEqualTo(new Version(1));
    assertThat(broken).isEmpty();
  }

  @Test
  void anEntryThatNamesAnotherFormIsReported() {
    var put = new Mutation.Put(ClusterForm.KEY, Bytes.utf8("2"), Metadata.NONE, Expiry.NEVER);
    var change = new Change(new Version(1), Instant.EPOCH, NamespaceId.SYSTEM, put);
    apply(TERM, new LogEntry.Changes(TERM, ChangesCodec.encode(List.of(change))));
    apply(TERM, changes(TERM, 2, "another"));

    assertThat(forms).containsExactly(2);
  }

  /** The decision about an entry was made on the ground of its own term. */
  @Test
  void anEntryAtAPlaceOfAnotherTermChangesNothing() {
    apply(TERM + 1, changes(TERM, 1, "late"));

    assertThat(store.latest()).isEqualTo(Version.NONE);
  }

  @Test
  void anEntryThatThisLeadershipDidNotSubmitIsRefusedBeforeItIsAppended() {
    assertThatThrownBy(() -> machine.preAppendTransaction(transaction(77)))
        .isInstanceOf(StateMachineException.class)
        .hasMessageContaining("earlier term");
  }

  @Test
  void anEntryOfAnEndedLeadershipIsRefusedBeforeItIsAppended() {
    Ticket ticket = leadership.submit(new LogEntry.Proof(TERM));
    leadership.end("it has stepped down");

    assertThatThrownBy(() -> machine.preAppendTransaction(transaction(1)))
        .isInstanceOf(StateMachineException.class);
    assertThat(ticket.isAppended()).isFalse();
  }

  private ReplicatedStore replicated(LogSize keptLog) {
    return new ReplicatedStore(store, leadership, () -> Long.MAX_VALUE, () -> keptLog);
  }

  /** The log cannot be removed from the first chunk of an open upload on. */
  @Test
  void anUploadDuringWhichMoreIsWrittenThanTheLogKeepsIsRefused() throws InterruptedException {
    requireUploadIsRefused(new LogSize(1000, 100), "voter-log-bytes, 1000,");
  }

  @Test
  void anUploadDuringWhichMoreEntriesAreWrittenThanTheLogKeepsIsRefused()
      throws InterruptedException {
    requireUploadIsRefused(new LogSize(10_000, 0), "voter-log-entries, 0");
  }

  private void requireUploadIsRefused(LogSize keptLog, String reason) throws InterruptedException {
    Upload upload = replicated(keptLog).upload();
    Thread writer = Thread.startVirtualThread(() -> upload.write(Bytes.utf8("first")));
    Voters.await(() -> submitted.size() == 1);
    apply(TERM, submitted.getFirst(), 1);
    writer.join();
    leadership.submit(new LogEntry.Changes(TERM, Bytes.adopt(new byte[1001])));

    assertThatThrownBy(() -> upload.write(Bytes.utf8("second")))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining(reason);
    upload.close();

    assertThat(submitted.getLast()).isInstanceOf(LogEntry.Abandoned.class);
  }

  /** A refusal in the middle of a pipeline would leave a hole. */
  @Test
  void thePartsOfALargeCommitAreUnderWayOneAfterAnother() {
    var replicated = replicated(UNBOUNDED);
    var pending = replicated.begin(List.of(change(1, Bytes.adopt(new byte[3 << 20]))));
    pending.startSync();
    assertThat(submitted).hasSize(1);

    Thread writer = Thread.startVirtualThread(pending::await);
    for (int number = 1; number <= 4; number++) {
      int place = number;
      Voters.await(() -> submitted.size() == place);
      apply(TERM, submitted.get(place - 1), place);
    }

    Voters.await(() -> !writer.isAlive());
    assertThat(submitted).hasSize(4);
    assertThat(store.latest()).isEqualTo(new Version(1));
  }

  @Test
  void afterARefusalNothingMoreIsWrittenAndTheVoterStepsDown() {
    var replicated = replicated(UNBOUNDED);
    var pending = replicated.begin(List.of(change(1, Bytes.adopt(new byte[3 << 20]))));
    pending.startSync();
    tickets.getFirst().failed("too many entries are pending");

    assertThatThrownBy(pending::await)
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("not made");
    assertThatThrownBy(() -> replicated.begin(List.of(change(2, Bytes.utf8("next")))))
        .isInstanceOf(OverloadedException.class);
    assertThat(submitted).hasSize(1);
    assertThat(abdicated).isTrue();
  }

  /** Such a voter would stay a member that never answers. */
  @Test
  void aFailedLogIsReported() {
    machine.notifyLogFailed(new IOException("no such disk"), null);

    assertThat(broken).containsExactly("the log cannot be written");
  }

  /** On a full disk, for example: the process ends, and its next start repeats the log. */
  @Test
  void anEntryThatTheStoreRefusesIsReportedAndAppliedAfterTheNextStart() throws IOException {
    store.close();

    assertThatThrownBy(() -> apply(TERM, changes(TERM, 1, "one")))
        .isInstanceOf(SelvedgeException.class);
    assertThat(broken).containsExactly("an entry of the log cannot be applied");

    open();
    apply(TERM, changes(TERM, 1, "one"));

    assertThat(store.get(NamespaceId.SYSTEM, Key.of("k")).find()).isPresent();
  }

  private static LogEntry changes(long term, long version, String value) {
    Bytes bytes = ChangesCodec.encode(List.of(change(version, Bytes.utf8(value))));
    return new LogEntry.Changes(term, bytes);
  }

  private static Change change(long version, Bytes value) {
    return new Change(
        new Version(version),
        Instant.ofEpochSecond(1_800_000_000),
        NamespaceId.SYSTEM,
        new Mutation.Put(Key.of("k"), value, Metadata.NONE, Expiry.NEVER));
  }

  private void apply(long term, LogEntry entry) {
    apply(term, entry, 1_000);
  }

  private void apply(long term, LogEntry entry, long number) {
    StateMachineLogEntryProto data =
        LogProtoUtils.toStateMachineLogEntryProto(
            CLIENT,
            number,
            StateMachineLogEntryProto.Type.WRITE,
            ByteString.copyFrom(LogEntryCodec.encode(entry)),
            null);
    CompletableFuture<Message> _ =
        machine.applyTransaction(
            TransactionContext.newBuilder()
                .setStateMachine(machine)
                .setLogEntry(LogProtoUtils.toLogEntryProto(data, term, ++index))
                .build());
  }

  private TransactionContext transaction(long number) {
    return TransactionContext.newBuilder()
        .setStateMachine(machine)
        .setClientRequest(
            RaftClientRequest.newBuilder()
                .setClientId(CLIENT)
                .setServerId(RaftPeerId.valueOf("a-1"))
                .setGroupId(RaftGroupId.randomId())
                .setCallId(number)
                .setMessage(Message.EMPTY)
                .setType(RaftClientRequest.writeRequestType())
                .build())
        .build();
  }

  /** Records what is submitted, and appends nothing. */
  private final class Recorder implements Leadership.Submitter {
    private long numbers;

    @Override
    public void submit(long number, LogEntry entry, Ticket ticket) {
      submitted.add(entry);
      tickets.add(ticket);
    }

    @Override
    public long next() {
      return ++numbers;
    }

    @Override
    public void stepDown() {
      abdicated = true;
    }
  }

  /** Records what is broken. */
  private final class Events implements VoterMachine.Events {
    @Override
    public void upgraded(int form) {
      forms.add(form);
    }

    @Override
    public String asked(String request) {
      return "";
    }

    @Override
    public void leads(long term) {}

    @Override
    public void leadsNoMore() {}

    @Override
    public void elected(RaftPeerId leader) {}

    @Override
    public void voters(List<RaftPeer> voters, long index) {}

    @Override
    public void broken(String reason, Throwable cause) {
      broken.add(reason);
    }

    @Override
    public CompletableFuture<TermIndex> snapshotNeeded(RoleInfoProto role, TermIndex first) {
      return CompletableFuture.failedFuture(new IllegalStateException("not here"));
    }
  }
}
