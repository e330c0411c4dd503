package selvedge.verification.commands;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Unix socket that receives datagrams, as systemd has one. */
final class DatagramSocket implements AutoCloseable {
  private static final int UNIX = 1;
  private static final int DATAGRAM = 2;
  private static final int BYTES_MAX = 4096;

  private final Path path;
  private final int socket;

  private DatagramSocket(Path path, int socket) {
    this.path = path;
    this.socket = socket;
  }

  static DatagramSocket bind(Path path) {
    byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(Short.BYTES + name.length);
      address.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
      int socket =
          (int)
              call("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)
                  .invokeWithArguments(UNIX, DATAGRAM, 0);
      int bound =
          (int)
              call("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
                  .invokeWithArguments(socket, address, Short.BYTES + name.length);
      if (bound != 0) {
        throw new IllegalStateException("cannot bind " + path);
      }
      return new DatagramSocket(path, socket);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call the C library", e);
    }
  }

  @SuppressWarnings("restricted") // Java has no such sockets
  private static MethodHandle call(String name, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  Path path() {
    return path;
  }

  /** Waits for the next datagram and returns its text. */
  String receive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BYTES_MAX);
      int bytes =
          (int)
              call(
                      "recv",
                      ValueLayout.JAVA_INT,
                      ValueLayout.ADDRESS,
                      ValueLayout.JAVA_LONG,
                      ValueLayout.JAVA_INT)
                  .invokeWithArguments(socket, buffer, (long) BYTES_MAX, 0);
      return new String(
          buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call the C library", e);
    }
  }

  @Override
  public void close() {
    try {
      int _ = (int) call("close", ValueLayout.JAVA_INT).invokeWithArguments(socket);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call the C library", e);
    }
  }
}
