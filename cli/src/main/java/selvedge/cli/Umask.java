package selvedge.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Restricts the files that this process creates to its user. */
final class Umask {
  private static final int GROUP_AND_OTHERS = 0x3f;

  private Umask() {}

  /**
   * Sets the umask, which also applies to the files of RocksDB. Does nothing on a system without a
   * umask.
   */
  static void restrict() {
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("umask").ifPresent(address -> call(linker, address));
  }

  @SuppressWarnings("restricted") // the program allows native access, as RocksDB needs it
  private static void call(Linker linker, MemorySegment address) {
    MethodHandle umask =
        linker.downcallHandle(
            address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int _ = (int) umask.invokeExact(GROUP_AND_OTHERS);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set the umask", e);
    }
  }
}
