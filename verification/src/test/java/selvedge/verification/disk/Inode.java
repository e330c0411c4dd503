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
  private Contents seen = new Contents();
  private Contents durable = new Contents();
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

  /** The bytes of a file. */
  private static final class Contents {
    private byte[] bytes = new byte[0];
    private int size;

    void put(int position, byte[] source, int from, int count) {
      int end = position + count;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      System.arraycopy(source, from, bytes, position, count);
      size = Math.max(size, end);
    }

    void shrink(int length) {
      if (length < size) {
        Arrays.fill(bytes, length, size, (byte) 0);
        size = length;
      }
    }

    void apply(Write write) {
      if (write.bytes == null) {
        shrink(write.position);
      } else {
        put(write.position, write.bytes, 0, write.bytes.length);
      }
    }

    Contents copy() {
      var copy = new Contents();
      copy.bytes = Arrays.copyOf(bytes, size);
      copy.size = size;
      return copy;
    }
  }

  int size() {
    return seen.size;
  }

  int read(ByteBuffer target, long position) {
    if (position >= seen.size) {
      return -1;
    }
    int count = Math.min(target.remaining(), seen.size - (int) position);
    target.put(seen.bytes, (int) position, count);
    return count;
  }

  int write(ByteBuffer source, long position) {
    byte[] written = new byte[source.remaining()];
    source.get(written);
    apply(new Write((int) position, written));
    return written.length;
  }

  void truncate(long length) {
    if (length < seen.size) {
      apply(new Write((int) length, null));
    }
  }

  private void apply(Write write) {
    writes.add(write);
    seen.apply(write);
  }

  /** Puts what programs see on the platters. */
  void sync() {
    if (directory) {
      nameChanges.forEach(change -> change.apply(durableNames));
      nameChanges.clear();
    } else {
      writes.forEach(durable::apply);
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
    int mode = random.nextInt(3);
    for (Write write : writes) {
      if (mode == 0 || (mode == 1 && random.nextBoolean())) {
        continue;
      }
      if (write.bytes != null && mode == 1 && random.nextBoolean()) {
        tear(write.position, write.bytes, random);
      } else {
        durable.apply(write);
      }
    }
    writes.clear();
    seen = durable.copy();
  }

  /** Keeps some of the sectors of a write. */
  private void tear(int position, byte[] given, Random random) {
    for (int at = 0; at < given.length; ) {
      int end =
          Math.min(
              given.length,
              (position + at) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES - position);
      if (random.nextBoolean()) {
        durable.put(position + at, given, at, end - at);
      }
      at = end;
    }
  }

  /** Flips a bit behind the header of a file. */
  void flip(Random random) {
    int header = 64;
    if (durable.size > header && seen.size >= durable.size) {
      int place = header + random.nextInt(durable.size - header);
      byte bit = (byte) (1 << random.nextInt(8));
      durable.bytes[place] ^= bit;
      seen.bytes[place] ^= bit;
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
    copy.seen = seen.copy();
    copy.durable = seen.copy();
    names.forEach((name, node) -> copy.names.put(name, node.copy(copies)));
    copy.durableNames = new TreeMap<>(copy.names);
    return copy;
  }
}
