package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import selvedge.engine.cache.HotStore;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;
import selvedge.server.config.Voting;

/**
 * The data directory of a server that does not run, and its way into a cluster and out of it. Used
 * by one thread.
 */
public final class StoppedVoter {
  private final Path data;
  private final MasterKeys encryption;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final VoterFile file;

  public StoppedVoter(
      Path data, MasterKeys encryption, InstantSource clock, RandomGenerator random) {
    this.data = data;
    this.encryption = encryption;
    this.clock = clock;
    this.random = random;
    this.file = new VoterFile(data, Release.own());
  }

  /**
   * Makes the directory of a single machine that of the first voter of a cluster. The store stays
   * as it is, and may be in use: the next start counts.
   */
  public void begin(String node, boolean isRehearsal) {
    Voting.requireName(node);
    if (!Files.isDirectory(new StoreDirectory(data, encryption).store())) {
      throw new InvalidRequestException(
          "no store in "
              + data
              + ": --data must be the data directory of a server; a cluster of empty machines needs"
              + " no init");
    }
    new EdgeFile(data)
        .read()
        .ifPresent(
            origin -> {
              throw new InvalidRequestException(
                  data + " is the data of an edge of " + origin + ": run init at its origin");
            });
    file.read()
        .ifPresent(
            content -> {
              throw new InvalidRequestException(
                  data + " belongs to the voter " + content.id() + " already");
            });
    if (!isRehearsal) {
      file.write(VoterFile.Content.first(newId(node)));
    }
  }

  private String newId(String node) {
    return node + "-" + HexFormat.of().toHexDigits(random.nextLong());
  }

  private VoterFile.Content requireVoter() {
    return file.read()
        .orElseThrow(() -> new InvalidRequestException(data + " is not the directory of a voter"));
  }

  /** Makes the directory of the only voter of a cluster that of a single machine. */
  public void end(boolean isRehearsal) {
    VoterFile.Content own = requireVoter();
    if (own.peers().stream().anyMatch(each -> !each.id().equals(own.id()))) {
      throw new InvalidRequestException(
          "the voters are "
              + names(own.peers())
              + ": remove the others first, with selvedge cluster remove; if they are lost, see"
              + " selvedge cluster recover");
    }
    open(
        store -> {
          if (!isRehearsal) {
            SyncedFiles.deleteAll(data.resolve("raft"));
            forget();
          }
        });
  }

  private static String names(List<Peer> peers) {
    return peers.stream().map(Peer::name).sorted().collect(Collectors.joining(", "));
  }

  /** Deletes the files of the voter, that of its identity last. */
  private void forget() throws IOException {
    for (String name : List.of("voter.mark", "voter.loaded", "voter.key", "voter")) {
      SyncedFiles.delete(data.resolve(name));
      SyncedFiles.syncNames(data);
    }
  }

  /** Work on the store of a server that does not run. */
  private interface Work {
    void run(RocksStore store) throws IOException;
  }

  private void open(Work work) {
    var directory = new StoreDirectory(data, encryption);
    try (RocksStore store = directory.open(Limits.of(Profile.OPEN), clock, random)) {
      work.run(store);
    } catch (IOException e) {
      throw new StoreUnusableException("cannot change " + data + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes the directory of a voter that of the first voter of a new lineage, for a cluster that has
   * lost its majority. All entries of its log count, because any of them may have been
   * acknowledged.
   *
   * @return what was done, or would be, in plain words
   */
  public List<String> recover(boolean isRehearsal) {
    VoterFile.Content own = requireVoter();
    List<String> lines = new ArrayList<>();
    open(
        store -> {
          Version before = store.latest();
          var guarded = new GuardedStore(store, new HotStore(store, Limits.of(Profile.OPEN)));
          Descent.settle(guarded);
          var log = new Tail(store, guarded);
          log.read(isRehearsal);
          lines.add(
              "the store of "
                  + data
                  + " has version "
                  + before
                  + ", and with its log version "
                  + log.last);
          new LogFiles(log.stopped)
              .damage()
              .ifPresent(why -> lines.add("later entries of the log do not count: " + why));
          lines.add(
              "writes that the other voters have acknowledged after that are lost: "
                  + names(own.peers())
                  + " formed the cluster, so recover the one with the highest version");
          if (!isRehearsal) {
            NewLineage.begin(store, clock.instant(), random);
            lines.add("the data continues as a new lineage of epoch " + Descent.of(store).epoch());
          }
        });
    if (!isRehearsal) {
      lines.add(begin(own));
      lines.add(
          "the other voters must not start again with their directories: empty them, and start"
              + " them with --join");
    }
    return lines;
  }

  /** Puts the old log aside and makes this the first voter of a cluster. */
  private String begin(VoterFile.Content own) {
    String node = own.id().substring(0, own.id().lastIndexOf('-'));
    Path aside = data.resolve("raft-before-" + clock.instant().getEpochSecond());
    try {
      file.write(VoterFile.Content.first(newId(node)));
      SyncedFiles.delete(data.resolve("voter.mark"));
      SyncedFiles.delete(data.resolve("voter.loaded"));
      SyncedFiles.move(data.resolve("raft"), aside);
    } catch (IOException e) {
      throw new StoreUnusableException("cannot change " + data + ": " + e.getMessage(), e);
    }
    return "the old log is kept in "
        + aside
        + "; start the voter alone: --cluster "
        + node
        + "=HOST:PORT";
  }

  /** The entries of the log that the store may lack. */
  private final class Tail implements VoterMachine.Events {
    private final RocksStore store;
    private final GuardedStore guarded;
    private final LogMark mark;
    private final StoppedLog stopped;
    private Version last;

    Tail(RocksStore store, GuardedStore guarded) throws IOException {
      this.store = store;
      this.guarded = guarded;
      this.mark = new LogMark(data.resolve("voter.mark"));
      this.stopped = new StoppedLog(data.resolve("raft"), mark.index());
      this.last = store.latest();
    }

    void read(boolean isRehearsal) throws IOException {
      long from = mark.index();
      var limits = Limits.of(Profile.OPEN);
      var machine =
          new VoterMachine(
              guarded,
              mark,
              new LogTail(() -> LogSize.kept(limits)),
              new OpenUploads(store::upload, limits.size(Limit.CHUNK_BYTES)),
              LogKeys.open(data, encryption),
              ByteString.EMPTY,
              this);
      stopped.read(
          entry -> {
            if (entry.getIndex() > from) {
              apply(machine, entry, isRehearsal);
            }
          });
      if (!isRehearsal) {
        last = store.latest();
      }
    }

    private void apply(VoterMachine machine, LogEntryProto entry, boolean isRehearsal) {
      if (isRehearsal) {
        machine
            .preview(entry)
            .filter(each -> each.compareTo(last) > 0)
            .ifPresent(each -> last = each);
      } else {
        machine.replay(entry);
      }
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
    public void upgraded(int form) {}

    @Override
    public String asked(String request) {
      throw new IllegalStateException("the voter does not run");
    }

    @Override
    public void broken(String reason, Throwable cause) {
      throw new StoreUnusableException(reason, cause);
    }

    @Override
    public CompletableFuture<TermIndex> snapshotNeeded(RoleInfoProto role, TermIndex first) {
      throw new IllegalStateException("the voter does not run");
    }
  }
}
