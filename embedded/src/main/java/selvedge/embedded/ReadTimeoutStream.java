package selvedge.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A stream with a timeout of reads, because the other side may be gone without closing it. Belongs
 * to one thread; a second thread watches it.
 */
final class ReadTimeoutStream extends FilterInputStream {
  private final Thread watching;
  private volatile long lastRead = System.nanoTime();
  private volatile boolean waiting;

  ReadTimeoutStream(InputStream in, Duration timeout) {
    super(in);
    this.watching = Thread.ofVirtual().name("selvedge-patience").start(() -> watch(timeout));
  }

  private void watch(Duration timeout) {
    try {
      while (true) {
        Thread.sleep(timeout.dividedBy(2));
        if (waiting && System.nanoTime() - lastRead > timeout.toNanos()) {
          in.close();
          return;
        }
      }
    } catch (InterruptedException | IOException e) {
      // The stream was closed.
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
    lastRead = System.nanoTime();
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
