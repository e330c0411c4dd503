package selvedge.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A stream that is given up when nothing comes for a while: the other side may be gone without a
 * word. Belongs to one thread; a thread of its own watches over it.
 */
final class PatientStream extends FilterInputStream {
  private final Thread watching;
  private volatile long heard = System.nanoTime();
  private volatile boolean waiting;

  PatientStream(InputStream in, Duration patience) {
    super(in);
    this.watching = Thread.ofVirtual().name("selvedge-patience").start(() -> watch(patience));
  }

  private void watch(Duration patience) {
    try {
      while (true) {
        Thread.sleep(patience.dividedBy(2));
        if (waiting && System.nanoTime() - heard > patience.toNanos()) {
          in.close();
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // Nobody reads any more.
      return;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    heard = System.nanoTime();
    waiting = true;
    try {
      return in.read(target, offset, length);
    } finally {
      waiting = false;
    }
  }

  @Override
  public void close() throws IOException {
    watching.interrupt();
    super.close();
  }
}
