package selvedge.verification.disk;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path on a simulated disk, with the syntax of this machine's paths. */
record SimulatedPath(SimulatedFileSystem system, Path inner) implements Path {

  static Path plain(Path path) {
    return path instanceof SimulatedPath own ? own.inner : path;
  }

  private SimulatedPath wrap(Path path) {
    return new SimulatedPath(system, path);
  }

  private @Nullable Path wrapOrNull(@Nullable Path path) {
    return path == null ? null : wrap(path);
  }

  @Override
  public SimulatedFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrapOrNull(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrapOrNull(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrapOrNull(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(inner.getName(index));
  }

  @Override
  public Path subpath(int begin, int end) {
    return wrap(inner.subpath(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return inner.startsWith(plain(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return inner.endsWith(plain(other));
  }

  @Override
  public Path normalize() {
    return wrap(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(inner.resolve(plain(other)));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(inner.relativize(plain(other)));
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Path toAbsolutePath() {
    return wrap(Path.of("/").resolve(inner));
  }

  /** Returns a path that differs in each mount, and does not keep the disk in memory. */
  @Override
  public Path toRealPath(LinkOption... options) {
    return Path.of("/mount-" + system.number()).resolve("." + toAbsolutePath().normalize());
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return inner.compareTo(plain(other));
  }

  @Override
  public String toString() {
    return inner.toString();
  }
}
