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
 * A file or a directory: its contents as programs see them, and the changes that are not on the
 * platters yet. The contents on the platters are those without these changes. Confined to one
 * thread.
 */
final class Inode {
  private static final int SECTOR_BYTES = 512;
  private static final byte[] NOTHING = new byte[0];

  final boolean directory;
  private byte[] bytes = NOTHING;
  private int size;
  private final List<Write> writes = new ArrayList<>();
  private TreeMap<String, Inode> names = new TreeMap<>();
  private TreeMap<String, Inode> durableNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();

  /** Bytes at a position, or a truncation to the position if there are no bytes. */
  private static final class Write {
    private final int position;
    private final byte @Nullable [] bytes;

    /** The bytes that it replaced or cut off, and the size of the file before it. */
    private final byte[] replaced;

    private final int sizeBefore;

    Write(int position, byte @Nullable [] bytes, byte[] replaced, int sizeBefore) {
      this.position = position;
      this.bytes = bytes;
      this.replaced = replaced;
      this.sizeBefore = sizeBefore;
    }

    boolean hasReplaced(int place) {
      return place >= position && place - position < replaced.length;
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
    int place = (int) position;
    writes.add(new Write(place, written, part(place, written.length), size));
    put(place, written, 0, written.length);
    return written.length;
  }

  void truncate(long length) {
    if (length < size) {
      int place = (int) length;
      writes.add(new Write(place, null, part(place, size - place), size));
      shrink(place);
    }
  }

  private byte[] part(int position, int count) {
    int end = Math.min(size, position + count);
    return position < end ? Arrays.copyOfRange(bytes, position, end) : NOTHING;
  }

  private void put(int position, byte[] source, int from, int count) {
    int end = position + count;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    System.arraycopy(source, from, bytes, position, count);
    size = Math.max(size, end);
  }

  private void shrink(int length) {
    if (length < size) {
      Arrays.fill(bytes, length, size, (byte) 0);
      size = length;
    }
  }

  private void undo(Write write) {
    put(write.position, write.replaced, 0, write.replaced.length);
    shrink(write.sizeBefore);
  }

  /** Puts what programs see on the platters. */
  void sync() {
    if (directory) {
      nameChanges.forEach(change -> change.apply(durableNames));
      nameChanges.clear();
    } else {
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
    writes.reversed().forEach(this::undo);
    int mode = random.nextInt(3);
    for (Write write : writes) {
      if (mode == 0 || (mode == 1 && random.nextBoolean())) {
        continue;
      }
      if (write.bytes == null) {
        shrink(write.position);
      } else if (mode == 1 && random.nextBoolean()) {
        tear(write.position, write.bytes, random);
      } else {
        put(write.position, write.bytes, 0, write.bytes.length);
      }
    }
    writes.clear();
  }

  /** Keeps some of the sectors of a write. */
  private void tear(int position, byte[] given, Random random) {
    for (int at = 0; at < given.length; ) {
      int end =
          Math.min(
              given.length,
              (position + at) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES - position);
      if (random.nextBoolean()) {
        put(position + at, given, at, end - at);
      }
      at = end;
    }
  }

  /** Flips a bit behind the header of a file, also on the platters. */
  void flip(Random random) {
    int header = 64;
    int durable = writes.isEmpty() ? size : writes.getFirst().sizeBefore;
    if (durable > header && size >= durable) {
      int place = header + random.nextInt(durable - header);
      byte bit = (byte) (1 << random.nextInt(8));
      bytes[place] ^= bit;
      writes.stream()
          .filter(write -> write.hasReplaced(place))
          .findFirst()
          .ifPresent(write -> write.replaced[place - write.position] ^= bit);
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
    names.forEach((name, node) -> copy.names.put(name, node.copy(copies)));
    copy.durableNames = new TreeMap<>(copy.names);
    return copy;
  }
}
