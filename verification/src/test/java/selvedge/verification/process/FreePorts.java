package selvedge.verification.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import java.util.stream.IntStream;

/** Ports for programs that cannot choose one themselves. */
public final class FreePorts {
  private FreePorts() {}

  /**
   * Returns the first of several free ports in a row. They lie below those that Linux gives to
   * outgoing connections, because one of these may take a port at any moment.
   */
  public static int inARow(int count) {
    for (int first : new Random().ints(1000, 10_000, 32_000).toArray()) {
      if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException("there are no " + count + " free ports in a row");
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
