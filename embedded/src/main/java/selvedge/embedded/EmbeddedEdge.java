package selvedge.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.Observer;
import selvedge.engine.Engine;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.Selection;
import selvedge.engine.edge.StoreLoader;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.namespace.DefaultAccount;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.AccountId;
import selvedge.model.Change;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Namespace;
import selvedge.model.NamespaceInfo;
import selvedge.model.Selvedge;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.Version;

/**
 * An edge inside this process. It reads from its own store and sends writes to the origin.
 *
 * <p>Safe for use by many threads. If the feed is lost, a separate thread loads a newer store
 * beside the one in use and replaces it.
 */
public final class EmbeddedEdge implements Selvedge {
  private static final System.Logger LOG = System.getLogger("selvedge.embedded");

  private static final Duration REOPENING = Duration.ofSeconds(10);

  private final Path data;
  private final StoreDirectory directory;
  private final EmbeddedOptions options;
  private final HttpSource source;
  private final Client client;
  private final Duration patience;
  private final StoreOpener stores;
  private final StoreLoader loader;
  private volatile @Nullable ClusterId cluster;
  private final ReentrantReadWriteLock place = new ReentrantReadWriteLock();
  private Engine<Replica> engine;
  private volatile @Nullable Replica reporting;
  private final OpenState state;
  private volatile boolean closed;

  private EmbeddedEdge(Path data, URI origin, EmbeddedOptions options) {
    this.data = data;
    this.directory = new StoreDirectory(data, options.keys());
    this.options = options;
    this.state = OpenState.ofEdge(options.limits(), options.patience());
    Duration silence = options.limits().seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3);
    this.stores = new StoreOpener(directory, options.limits(), options.clock(), options.random());
    this.loader =
        new StoreLoader(stores, Selection.EVERYTHING, null, this::pause, new LoggedProgress());
    this.source =
        new HttpSource(
            new HttpSource.Address(origin, options.token(), options.trust()),
            this::report,
            () -> Optional.ofNullable(cluster),
            silence);
    this.client = Client.of(clientOptions(origin, options).observer(this::naming));
    this.patience = Duration.ofMillis(options.limits().get(Limit.EDGE_WAIT_MILLIS));
    try {
      directory.recover();
      if (!stores.hasStore()) {
        loadFirst();
      }
      this.engine = start();
    } catch (RuntimeException e) {
      source.close();
      client.close();
      throw e;
    }
  }

  /** Names this edge in each request, so that no other cluster and no dead origin accepts it. */
  private Observer.Sent naming(Observer.Attempt attempt) {
    return new Observer.Sent() {
      @Override
      public void ended(int status, Duration time) {}

      @Override
      public Map<String, String> headers() {
        Replica replica = reporting;
        ClusterId own = cluster;
        return replica == null || own == null
            ? Map.of()
            : Map.of(
                "Selvedge-Cluster", own.toString(),
                "Selvedge-Edge-Epoch", Long.toString(replica.epoch()));
      }
    };
  }

  private static ClientOptions clientOptions(URI origin, EmbeddedOptions options) {
    ClientOptions open = ClientOptions.of(origin).trust(options.trust());
    return options.token().isEmpty() ? open : open.token(options.token());
  }

  /**
   * Opens an edge of a server. Into an empty directory it loads a snapshot first, for which it
   * waits as long as it takes.
   *
   * @param data a directory that no other process has open
   * @param origin the address of the server, such as {@code http://10.0.0.1:5820}
   * @param options token, trust, limits and clock
   * @return the open edge, which the caller must close
   * @throws selvedge.model.StoreUnusableException if the directory is in use or holds something
   *     else
   * @throws InvalidRequestException if the directory belongs to an origin, lacks namespaces that an
   *     edge only cached there, or cannot be created
   */
  public static EmbeddedEdge open(Path data, URI origin, EmbeddedOptions options) {
    var mark = new EdgeFile(data);
    var directory = new StoreDirectory(data);
    if (Files.exists(directory.store()) && mark.read().isEmpty()) {
      throw new InvalidRequestException(
          data + " belongs to an origin: give another directory, or open it without an origin");
    }
    if (!mark.lacking().isEmpty()) {
      throw new InvalidRequestException(
          data
              + " lacks the namespaces "
              + mark.lacking()
              + ", which a server only caches there: give another directory");
    }
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new InvalidRequestException("cannot make the directory " + data + ": " + e);
    }
    mark.write(origin.toString(), origin.toString(), "");
    return new EmbeddedEdge(data, origin, options);
  }

  /**
   * Takes no lock, because a thread of the replica calls it while {@link #close} may wait for it.
   */
  private String report() {
    Replica replica = reporting;
    return replica == null
        ? "{\"location\":\"" + options.location() + "\"}"
        : new EdgeReport(options.location(), replica).json();
  }

  private Engine<Replica> start() {
    Engine<Replica> started =
        Engine.replica(options.engine(data), source, Selection.EVERYTHING, new FeedWatcher());
    reporting = started.role();
    cluster = started.role().descent().cluster();
    return started;
  }

  /** Loads a newer store when the feed is lost, and logs why the feed cannot be followed. */
  private final class FeedWatcher implements Replica.Watcher {
    @Override
    public void applied(List<Change> changes) {}

    @Override
    public void lost(String reason) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the feed cannot be followed, loading a snapshot: " + reason);
      Thread.ofPlatform().name("selvedge-reload").daemon().start(EmbeddedEdge.this::reload);
    }

    @Override
    public void refused() {
      LOG.log(
          System.Logger.Level.WARNING,
          "opening the store again, because it refuses writes and the disk has space again");
      Thread.ofPlatform().name("selvedge-reload").daemon().start(EmbeddedEdge.this::reopen);
    }

    @Override
    public void troubled(String reason) {
      if (!closed) {
        LOG.log(System.Logger.Level.WARNING, "not following: " + reason);
      }
    }
  }

  private void loadFirst() {
    if (!loader.load(source, null)) {
      throw new StaleException("interrupted before there was a snapshot");
    }
    directory.install();
  }

  /** No failure ends it: without a newer store this edge never follows again. */
  private void reload() {
    Descent own = local(Replica::descent);
    while (true) {
      try {
        if (loader.load(source, own)) {
          reopen(this::install);
        }
        return;
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.WARNING, "loading a snapshot failed, trying again: " + e);
        if (!pause(REOPENING)) {
          return;
        }
      }
    }
  }

  private void reopen() {
    reopen(() -> {});
  }

  /** Tries again as long as the disk refuses it: without an open store there are no reads. */
  private void reopen(Runnable replacing) {
    place.writeLock().lock();
    try {
      if (!closed) {
        engine.close();
        replacing.run();
      }
      while (!closed) {
        try {
          engine = start();
          return;
        } catch (SelvedgeException e) {
          LOG.log(System.Logger.Level.WARNING, "the store cannot be opened: " + e.getMessage());
          boolean _ = pause(REOPENING);
        }
      }
    } finally {
      place.writeLock().unlock();
    }
  }

  /** Returns whether the loader must continue. */
  private boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static final class LoggedProgress implements StoreLoader.Progress {
    @Override
    public void started(boolean continued) {}

    @Override
    public void received(long entries) {}

    @Override
    public void failed(String reason) {
      LOG.log(System.Logger.Level.WARNING, "no snapshot yet, trying again: " + reason);
    }

    @Override
    public void completed(Version version) {}
  }

  private void install() {
    try {
      new StoreReplacement(stores)
          .install()
          .ifPresent(
              kept ->
                  LOG.log(
                      System.Logger.Level.WARNING,
                      "the changes that the origin does not have are kept in " + kept));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the store is not replaced: " + e.getMessage());
    }
  }

  /** Runs a read on the current replica, which is not replaced meanwhile. */
  <T> T local(Function<Replica, T> read) {
    place.readLock().lock();
    try {
      return read.apply(engine.role());
    } finally {
      place.readLock().unlock();
    }
  }

  long epoch() {
    return local(Replica::epoch);
  }

  /** Returns whether no store of the lineage here has a version. */
  boolean isLost(Version version) {
    return !version.equals(Version.NONE) && local(Replica::descent).openings().isLost(version);
  }

  /** Waits a limited time for a version and returns whether it has arrived. */
  boolean hasArrived(Version version) {
    if (version.number() > 0) {
      try {
        local(Replica::signal).await(new Version(version.number() - 1), patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return local(Replica::latest).compareTo(version) >= 0;
  }

  @Override
  public Namespace namespace(String title) {
    return state.call(() -> new EmbeddedNamespace(open(title), state));
  }

  private Namespace open(String title) {
    return local(replica -> find(replica, title))
        .<Namespace>map(info -> new EdgeNamespace(this, info.id(), () -> client.namespace(title)))
        .orElseGet(() -> made(title));
  }

  private static Optional<NamespaceInfo> find(Replica replica, String title) {
    AccountId home = DefaultAccount.stored(replica.system());
    return replica.find(home, title);
  }

  private Namespace made(String title) {
    Namespace remote = client.namespace(title);
    if (!hasArrived(remote.latest())) {
      throw new StaleException(
          "namespace \""
              + title
              + "\" was created but has not arrived at this edge yet: try again");
    }
    NamespaceInfo info =
        local(replica -> find(replica, title))
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "namespace \""
                            + title
                            + "\" does not belong to the default account of the server"));
    return new EdgeNamespace(this, info.id(), () -> remote);
  }

  @Override
  public List<String> titles() {
    return state.call(
        () ->
            local(replica -> replica.list(DefaultAccount.stored(replica.system()))).stream()
                .map(NamespaceInfo::title)
                .toList());
  }

  @Override
  public Namespace create(String title) {
    return state.call(
        () -> {
          client.create(title);
          return new EmbeddedNamespace(open(title), state);
        });
  }

  @Override
  public void rename(String title, String newTitle) {
    state.call(
        () -> {
          client.rename(title, newTitle);
          return awaitGone(title);
        });
  }

  @Override
  public void delete(String title) {
    state.call(
        () -> {
          client.delete(title);
          return awaitGone(title);
        });
  }

  /** Waits a limited time until a deleted title is gone at this edge. */
  private String awaitGone(String title) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (local(replica -> find(replica, title)).isPresent() && System.nanoTime() < deadline) {
      hasArrived(new Version(local(Replica::latest).number() + 1));
    }
    return title;
  }

  @Override
  public void close() {
    state.close();
    closed = true;
    source.close();
    place.writeLock().lock();
    try {
      engine.close();
    } finally {
      place.writeLock().unlock();
    }
    client.close();
  }
}
