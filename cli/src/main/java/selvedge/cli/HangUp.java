package selvedge.cli;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import org.slf4j.LoggerFactory;

/**
 * The signal SIGHUP, which makes a server read its settings again.
 *
 * <p>The JDK has no supported interface to signals. That of {@code jdk.unsupported} is called by
 * name, because the compiler warns of each use, and no annotation suppresses the warning.
 */
final class HangUp {
  private HangUp() {}

  /** Runs the task at each signal, on a thread of its own, where the system has the signal. */
  static void onSignal(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle run =
          lookup.findVirtual(Runnable.class, "run", methodType(void.class)).bindTo(task);
      Object handling =
          MethodHandleProxies.asInterfaceInstance(
              handler, MethodHandles.dropArguments(run, 0, signal));
      Object hangUp =
          lookup.findConstructor(signal, methodType(void.class, String.class)).invoke("HUP");
      Object _ =
          lookup
              .findStatic(signal, "handle", methodType(handler, signal, handler))
              .invoke(hangUp, handling);
    } catch (Throwable e) {
      LoggerFactory.getLogger(HangUp.class).debug("SIGHUP does not read the settings again", e);
    }
  }
}
