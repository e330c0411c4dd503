package selvedge.verification.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import selvedge.engine.store.rocks.Platform;
import selvedge.engine.store.rocks.Tables;
import selvedge.engine.work.Threads;

/** A simulated disk as one process sees it, until that process ends. */
public final class SimulatedFileSystem extends FileSystem implements Platform {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Map<String, PathMatcher> MATCHERS = new ConcurrentHashMap<>();

  private final long number = NUMBERS.incrementAndGet();
  private final SimulatedDisk disk;
  private final Threads threads;
  private final int journalFileBytes;
  private final SimulatedProvider provider = new SimulatedProvider(this);
  private boolean dead;

  SimulatedFileSystem(SimulatedDisk disk, Threads threads, int journalFileBytes) {
    this.disk = disk;
    this.threads = threads;
    this.journalFileBytes = journalFileBytes;
  }

  /** Returns a number that no other mount has. */
  long number() {
    return number;
  }

  void flip(Path file) throws IOException {
    provider.require(file).flip(disk.random);
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Ends the process: whatever still runs of it can use the disk no more. */
  public void die() {
    dead = true;
  }

  public boolean isDead() {
    return dead;
  }

  void requireAlive() {
    if (dead) {
      throw new PowerCut("the process has ended");
    }
  }

  @Override
  public Tables.Opener tables() {
    return (directory, create, _, _) -> SimulatedTables.open(directory, create, disk.random);
  }

  @Override
  public Threads threads() {
    return threads;
  }

  @Override
  public int journalFileBytes() {
    return journalFileBytes;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public Path getPath(String first, String... more) {
    return new SimulatedPath(this, FileSystems.getDefault().getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    PathMatcher matcher =
        MATCHERS.computeIfAbsent(pattern, FileSystems.getDefault()::getPathMatcher);
    return path -> matcher.matches(SimulatedPath.plain(path));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public boolean isOpen() {
    return !dead;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new Room(disk));
  }

  @Override
  public void close() {
    die();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  /** The room on the disk. */
  static final class Room extends FileStore {
    private static final int BLOCK_BYTES = 4096;

    private final SimulatedDisk disk;

    Room(SimulatedDisk disk) {
      this.disk = disk;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Room room && room.disk == disk;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(disk);
    }

    @Override
    public String name() {
      return "simulated";
    }

    @Override
    public String type() {
      return "simulated";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public long getTotalSpace() {
      return disk.usable();
    }

    @Override
    public long getUsableSpace() {
      return disk.usable();
    }

    @Override
    public long getUnallocatedSpace() {
      return disk.usable();
    }

    @Override
    public long getBlockSize() {
      return BLOCK_BYTES;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object getAttribute(String attribute) throws IOException {
      throw new UnsupportedOperationException();
    }
  }
}
