package selvedge.verification.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file or a directory: its contents as programs see them, its contents on the platters, and the
 * changes between the two. Confined to one thread.
 */
final class Inode {
  private static final int SECTOR_BYTES = 512;

  final boolean directory;
  private byte[] bytes = new byte[0];
  private int size;
  private byte[] durable = new byte[0];
  private int durableSize;
  private final List<Write> writes = new ArrayList<>();
  private TreeMap<String, Inode> names = new TreeMap<>();
  private TreeMap<String, Inode> durableNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();

  /** Bytes at a position, or a truncation to the position if there are no bytes. */
  private static final class Write {
    private final int position;
    private final byte @Nullable [] bytes;

    Write(int position, byte @Nullable [] bytes) {
      this.position = position;
      this.bytes = bytes;
    }
  }

  /** A name that goes, a name that comes, or both at one moment. */
  private record NameChange(@Nullable String removed, @Nullable String added, Inode node) {
    void apply(Map<String, Inode> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (added != null) {
        names.put(added, node);
      }
    }
  }

  Inode(boolean directory) {
    this.directory = directory;
  }

  int size() {
    return size;
  }

  int read(ByteBuffer target, long position) {
    if (position >= size) {
      return -1;
    }
    int count = Math.min(target.remaining(), size - (int) position);
    target.put(bytes, (int) position, count);
    return count;
  }

  int write(ByteBuffer source, long position) {
    byte[] written = new byte[source.remaining()];
    source.get(written);
    writes.add(new Write((int) position, written));
    put((int) position, written, 0, written.length);
    return written.length;
  }

  private void put(int position, byte[] source, int from, int count) {
    int end = position + count;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    System.arraycopy(source, from, bytes, position, count);
    size = Math.max(size, end);
  }

  void truncate(long length) {
    if (length < size) {
      writes.add(new Write((int) length, null));
      shrink((int) length);
    }
  }

  private void shrink(int length) {
    if (length < size) {
      Arrays.fill(bytes, length, size, (byte) 0);
      size = length;
    }
  }

  /** Puts what programs see on the platters. */
  void sync() {
    if (directory) {
      nameChanges.forEach(change -> change.apply(durableNames));
      nameChanges.clear();
    } else if (!writes.isEmpty()) {
      durable = Arrays.copyOf(bytes, size);
      durableSize = size;
      writes.clear();
    }
  }

  Map<String, Inode> names() {
    return names;
  }

  void change(@Nullable String removed, @Nullable String added, Inode node) {
    var change = new NameChange(removed, added, node);
    nameChanges.add(change);
    change.apply(names);
  }

  /** Brings back what is on the platters, and some of the unsynced changes, whole or torn. */
  void cutPower(Random random) {
    if (directory) {
      cutNames(random);
      names.values().forEach(node -> node.cutPower(random));
    } else {
      cutContents(random);
    }
  }

  private void cutNames(Random random) {
    int kept = random.nextInt(3);
    nameChanges.removeIf(_ -> kept == 0 || (kept == 1 && random.nextBoolean()));
    nameChanges.forEach(change -> change.apply(durableNames));
    nameChanges.clear();
    names = new TreeMap<>(durableNames);
  }

  private void cutContents(Random random) {
    List<Write> lost = List.copyOf(writes);
    writes.clear();
    bytes = Arrays.copyOf(durable, durableSize);
    size = durableSize;
    int mode = random.nextInt(3);
    for (Write write : lost) {
      byte[] given = write.bytes;
      if (mode == 0 || (mode == 1 && random.nextBoolean())) {
        continue;
      }
      if (given == null) {
        shrink(write.position);
      } else {
        tear(write.position, given, mode == 1 && random.nextBoolean() ? random : null);
      }
    }
    durable = Arrays.copyOf(bytes, size);
    durableSize = size;
  }

  private void tear(int position, byte[] given, @Nullable Random random) {
    for (int at = 0; at < given.length; ) {
      int end =
          Math.min(
              given.length,
              (position + at) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES - position);
      if (random == null || random.nextBoolean()) {
        put(position + at, given, at, end - at);
      }
      at = end;
    }
  }

  /** Flips a bit behind the header of a file. */
  void flip(Random random) {
    int header = 64;
    if (durableSize > header && size >= durableSize) {
      int place = header + random.nextInt(durableSize - header);
      byte bit = (byte) (1 << random.nextInt(8));
      durable[place] ^= bit;
      bytes[place] ^= bit;
    }
  }

  /** Copies what programs see, as after a clean shutdown. */
  Inode copy(IdentityHashMap<Inode, Inode> copies) {
    Inode known = copies.get(this);
    if (known != null) {
      return known;
    }
    var copy = new Inode(directory);
    copies.put(this, copy);
    copy.bytes = Arrays.copyOf(bytes, size);
    copy.size = size;
    copy.durable = Arrays.copyOf(bytes, size);
    copy.durableSize = size;
    names.forEach((name, node) -> copy.names.put(name, node.copy(copies)));
    copy.durableNames = new TreeMap<>(copy.names);
    return copy;
  }
}
