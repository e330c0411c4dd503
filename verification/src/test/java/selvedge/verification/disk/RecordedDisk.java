package selvedge.verification.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The disk of a process that ran with {@code src/test/native/machine.c}: it replays what the
 * process has changed, and loses what a power cut may lose. Confined to one thread.
 */
public final class RecordedDisk {
  private static final int HEAD_BYTES = 1 + Integer.BYTES + Long.BYTES + Integer.BYTES;

  private final Inode root;
  private final Map<Integer, Inode> open = new HashMap<>();
  private long replayed;

  /** The changes in a record. The numbers are those of {@code enum operation}. */
  private enum Operation {
    OPEN,
    CREATE,
    MAKE_DIRECTORY,
    WRITE,
    TRUNCATE,
    SYNC,
    RENAME,
    REMOVE,
    LINK
  }

  private RecordedDisk(Inode root) {
    this.root = root;
  }

  /** Returns a disk with the files of a directory, all of them durable. */
  public static RecordedDisk of(Path directory) throws IOException {
    return new RecordedDisk(read(directory));
  }

  /** Copies what programs see, all of it durable. */
  public RecordedDisk copy() {
    return new RecordedDisk(root.copy(new IdentityHashMap<>()));
  }

  private static Inode read(Path path) throws IOException {
    var node = new Inode(Files.isDirectory(path));
    if (node.directory) {
      try (Stream<Path> all = Files.list(path)) {
        for (Path each : all.sorted().toList()) {
          node.change(null, each.getFileName().toString(), read(each));
        }
      }
    } else {
      node.write(ByteBuffer.wrap(Files.readAllBytes(path)), 0);
    }
    node.sync();
    return node;
  }

  /** Makes the changes of a record up to a position, which follow those that were replayed. */
  public void replay(Path record, long until) throws IOException {
    try (FileChannel in = FileChannel.open(record, StandardOpenOption.READ)) {
      in.position(replayed);
      ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      while (replayed + HEAD_BYTES <= until && read(in, head.clear())) {
        Operation operation = Operation.values()[head.get() - 1];
        int number = head.getInt();
        long place = head.getLong();
        int length = head.getInt();
        ByteBuffer bytes = ByteBuffer.allocate(length);
        if (replayed + HEAD_BYTES + length > until || !read(in, bytes)) {
          return;
        }
        replayed += HEAD_BYTES + length;
        make(operation, number, place, bytes);
      }
    }
  }

  private static boolean read(FileChannel in, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (in.read(target) < 0) {
        return false;
      }
    }
    target.flip();
    return true;
  }

  private void make(Operation operation, int number, long place, ByteBuffer bytes) {
    switch (operation) {
      case OPEN -> open.put(number, find(text(bytes)));
      case CREATE -> open.put(number, add(text(bytes), new Inode(false)));
      case MAKE_DIRECTORY -> add(text(bytes), new Inode(true));
      case WRITE -> opened(number).write(bytes, place);
      case TRUNCATE -> truncate(opened(number), place);
      case SYNC -> opened(number).sync();
      case RENAME -> rename(text(bytes).split("\0", -1));
      case REMOVE -> {
        String path = text(bytes);
        parent(path).change(name(path), null, find(path));
      }
      case LINK -> {
        String[] paths = text(bytes).split("\0", -1);
        add(paths[1], find(paths[0]));
      }
    }
  }

  private static void truncate(Inode file, long length) {
    if (length > file.size()) {
      file.write(ByteBuffer.allocate(1), length - 1);
    } else {
      file.truncate(length);
    }
  }

  private void rename(String[] paths) {
    Inode node = find(paths[0]);
    Inode from = parent(paths[0]);
    Inode to = parent(paths[1]);
    if (from == to) {
      from.change(name(paths[0]), name(paths[1]), node);
    } else {
      to.change(null, name(paths[1]), node);
      from.change(name(paths[0]), null, node);
    }
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }

  private Inode opened(int number) {
    Inode node = open.get(number);
    if (node == null) {
      throw new IllegalStateException("the file " + number + " was never opened");
    }
    return node;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Inode parent(String path) {
    return find(path.substring(0, path.lastIndexOf('/')));
  }

  private Inode add(String path, Inode node) {
    parent(path).change(null, name(path), node);
    return node;
  }

  private Inode find(String path) {
    Inode node = root;
    for (String each : path.split("/", -1)) {
      if (!each.isEmpty()) {
        node = node.names().get(each);
        if (node == null) {
          throw new IllegalStateException("there is no " + path);
        }
      }
    }
    return node;
  }

  /** Loses what a power cut may lose. */
  public void cutPower(Random random) {
    root.cutPower(random);
    open.clear();
  }

  /** Writes what programs see to a new directory. */
  public void writeTo(Path directory) throws IOException {
    write(root, directory);
  }

  private static void write(Inode node, Path path) throws IOException {
    if (node.directory) {
      Files.createDirectories(path);
      for (Map.Entry<String, Inode> each : node.names().entrySet()) {
        write(each.getValue(), path.resolve(each.getKey()));
      }
    } else {
      byte[] bytes = new byte[node.size()];
      node.read(ByteBuffer.wrap(bytes), 0);
      Files.write(path, bytes);
    }
  }
}
