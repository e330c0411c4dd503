package selvedge.verification.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of a simulated file system. */
final class SimulatedProvider extends FileSystemProvider {
  private static final Path ROOT = Path.of("/");

  private final SimulatedFileSystem system;

  SimulatedProvider(SimulatedFileSystem system) {
    this.system = system;
  }

  private static String name(Path path) {
    Path last = absolute(path).getFileName();
    return last == null ? "" : last.toString();
  }

  private static Path absolute(Path path) {
    return ROOT.resolve(SimulatedPath.plain(path)).normalize();
  }

  private @Nullable Inode find(Path path) {
    system.requireAlive();
    Inode node = system.disk().root();
    String names = absolute(path).toString();
    for (int start = 1; start < names.length(); ) {
      int slash = names.indexOf('/', start);
      int end = slash < 0 ? names.length() : slash;
      node = node.directory ? node.names().get(names.substring(start, end)) : null;
      if (node == null) {
        return null;
      }
      start = end + 1;
    }
    return node;
  }

  Inode require(Path path) throws IOException {
    Inode node = find(path);
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  private Inode parent(Path path) throws IOException {
    Path parent = absolute(path).getParent();
    Inode node = parent == null ? null : find(parent);
    if (node == null || !node.directory) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Inode node = find(path);
    if (node != null && options.contains(StandardOpenOption.CREATE_NEW)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    if (node == null) {
      boolean creates =
          options.contains(StandardOpenOption.CREATE)
              || options.contains(StandardOpenOption.CREATE_NEW);
      if (!creates) {
        throw new NoSuchFileException(path.toString());
      }
      var created = new Inode(false);
      Inode directory = parent(path);
      change("create", path, true, () -> directory.change(null, name(path), created));
      node = created;
    }
    Inode opened = node;
    if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && opened.size() > 0) {
      change("truncate", path, false, () -> opened.truncate(0));
    }
    return new SimulatedChannel(system, path, opened);
  }

  private void change(String operation, Path path, boolean grows, SimulatedDisk.Change change)
      throws IOException {
    system.disk().change(system, operation, path, grows, change);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    Inode node = require(directory);
    if (!node.directory) {
      throw new NotDirectoryException(directory.toString());
    }
    List<Path> found = new ArrayList<>();
    for (String name : node.names().keySet()) {
      Path path = directory.resolve(name);
      if (filter.accept(path)) {
        found.add(path);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    if (find(directory) != null) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    Inode parent = parent(directory);
    change("mkdir", directory, true, () -> parent.change(null, name(directory), new Inode(true)));
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    Inode node = require(existing);
    Inode parent = parent(link);
    change("link", link, true, () -> parent.change(null, name(link), node));
  }

  @Override
  public void delete(Path path) throws IOException {
    Inode node = require(path);
    if (node.directory && !node.names().isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    Inode parent = parent(path);
    change("delete", path, false, () -> parent.change(name(path), null, node));
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Inode node = require(source);
    if (find(target) != null
        && !Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Inode from = parent(source);
    Inode to = parent(target);
    change(
        "move to",
        target,
        false,
        () -> {
          if (from == to) {
            from.change(name(source), name(target), node);
          } else {
            to.change(null, name(target), node);
            from.change(name(source), null, node);
          }
        });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isSameFile(Path path, Path other) {
    return absolute(path).equals(absolute(other));
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    require(path);
    return new SimulatedFileSystem.Room(system.disk());
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    require(path);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return type.cast(new Attributes(require(path)));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  private record Attributes(Inode node) implements BasicFileAttributes {
    @Override
    public FileTime lastModifiedTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime lastAccessTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public FileTime creationTime() {
      return FileTime.fromMillis(0);
    }

    @Override
    public boolean isRegularFile() {
      return !node.directory;
    }

    @Override
    public boolean isDirectory() {
      return node.directory;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return node.size();
    }

    @Override
    public Object fileKey() {
      return node;
    }
  }
}
