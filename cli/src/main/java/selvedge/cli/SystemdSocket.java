package selvedge.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies systemd of the state of a service of the type {@code notify}. Java has no datagrams over
 * Unix sockets, so this calls the C library. Safe for use by many threads.
 *
 * @param path the value of {@code NOTIFY_SOCKET}; empty if systemd expects no notifications
 */
record SystemdSocket(String path) {
  private static final Logger LOG = LoggerFactory.getLogger(SystemdSocket.class);
  private static final int FAMILY_UNIX = 1;
  private static final int DATAGRAM_CLOSED_ON_EXEC = 0x80002;
  private static final int NO_SIGNAL = 0x4000;
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES_MAX = 108;

  /** Returns the socket that the environment names. */
  static SystemdSocket ofEnvironment() {
    return new SystemdSocket(System.getenv().getOrDefault("NOTIFY_SOCKET", ""));
  }

  /** The service accepts requests. */
  void ready() {
    send("READY=1");
  }

  /** The service is stopping. */
  void stopping() {
    send("STOPPING=1");
  }

  private void send(String state) {
    if (path.isEmpty()) {
      return;
    }
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length > PATH_BYTES_MAX || !send(name, state.getBytes(StandardCharsets.UTF_8))) {
      LOG.warn("systemd was not notified of {}: cannot send to {}", state, path);
    }
  }

  private static boolean send(byte[] name, byte[] state) {
    if (name[0] == '@') {
      // The name of an abstract socket begins with a zero.
      name[0] = 0;
    }
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(FAMILY_BYTES + PATH_BYTES_MAX);
      address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) FAMILY_UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
      MemorySegment message = arena.allocate(state.length);
      MemorySegment.copy(state, 0, message, ValueLayout.JAVA_BYTE, 0, state.length);
      int socket =
          (int) function(linker, "socket", 3).invokeExact(FAMILY_UNIX, DATAGRAM_CLOSED_ON_EXEC, 0);
      if (socket < 0) {
        return false;
      }
      long sent =
          (long)
              sendTo(linker)
                  .invokeExact(
                      socket,
                      message,
                      (long) state.length,
                      NO_SIGNAL,
                      address,
                      FAMILY_BYTES + name.length);
      int _ = (int) function(linker, "close", 1).invokeExact(socket);
      return sent == state.length;
    } catch (Throwable e) {
      LOG.debug("the C library cannot be called", e);
      return false;
    }
  }

  @SuppressWarnings("restricted") // the program allows native access, as RocksDB needs it
  private static MethodHandle function(Linker linker, String name, int numbers) {
    ValueLayout[] arguments = new ValueLayout[numbers];
    Arrays.fill(arguments, ValueLayout.JAVA_INT);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  @SuppressWarnings("restricted") // as above
  private static MethodHandle sendTo(Linker linker) {
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("sendto"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT));
  }
}
