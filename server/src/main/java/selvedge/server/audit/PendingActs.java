package selvedge.server.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import tools.jackson.core.JacksonException;

/**
 * The acts at an edge that its origin has not recorded yet, in a file with a line for each. Safe
 * for use by many threads.
 */
public final class PendingActs {
  private static final Logger LOG = LoggerFactory.getLogger(PendingActs.class);
  private static final String NAME = "audit-pending";

  private final Path file;
  private final long most;
  private final ReentrantLock lock = new ReentrantLock();
  private final RefusedActs refused = new RefusedActs();
  private final List<Act> acts;

  /**
   * @param data the data directory
   */
  public PendingActs(Path data, Limits limits) {
    this.file = data.resolve(NAME);
    this.most = limits.get(Limit.AUDIT_RECORDS);
    this.acts = new ArrayList<>();
    read();
  }

  /** Reads the file. The next act must not be appended to a line that a crash has cut off. */
  private void read() {
    try {
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        acts.add(ActCodec.decode(Bytes.utf8(line)));
      }
    } catch (IOException | JacksonException | DateTimeException e) {
      LOG.error("cannot read more than {} acts of {}", acts.size(), file, e);
      replace();
    }
  }

  /**
   * Stores the act durably. A failure is logged and not thrown: the act has happened. Of refused
   * acts only a few per minute are kept, and the oldest act goes when there are too many.
   */
  public void add(Act act) {
    lock.lock();
    try {
      refused.filter(act).ifPresent(this::keep);
    } finally {
      lock.unlock();
    }
  }

  /** Stores acts that an edge behind this one has reported, except those that are here. */
  public void addReported(List<Act> reported) {
    lock.lock();
    try {
      reported.stream().filter(act -> !acts.contains(act)).forEach(this::keep);
    } finally {
      lock.unlock();
    }
  }

  private void keep(Act act) {
    acts.add(act);
    if (acts.size() > most) {
      LOG.error("the origin does not take acts, so the oldest one is lost");
      acts.removeFirst();
      replace();
    } else {
      append(act);
    }
  }

  private void append(Act act) {
    Bytes line = Bytes.utf8(ActCodec.encode(act).utf8() + "\n");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (ByteBuffer rest = line.asReadOnlyBuffer(); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      LOG.error("an administrative act could not be stored for the origin in {}", file, e);
    }
  }

  /** Returns the oldest acts. */
  public List<Act> oldest(int count) {
    lock.lock();
    try {
      return List.copyOf(acts.subList(0, Math.min(count, acts.size())));
    } finally {
      lock.unlock();
    }
  }

  /** Removes acts that the origin has recorded. */
  public void remove(List<Act> recorded) {
    if (recorded.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      recorded.forEach(acts::remove);
      replace();
    } finally {
      lock.unlock();
    }
  }

  private void replace() {
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.write(next, acts.stream().map(act -> ActCodec.encode(act).utf8()).toList());
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("cannot replace {}; the origin will get acts again and ignore them", file, e);
    }
  }

  /** Records the acts of an edge that has become the origin. */
  public void moveTo(Audit audit) {
    List<Act> all = oldest(Integer.MAX_VALUE);
    if (!all.isEmpty()) {
      audit.addReported(all);
      remove(all);
    }
  }
}
