package selvedge.server.api.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.WriteOptions;
import selvedge.server.api.Request;

/** Stores values, and refuses those that are too long with their length and the limit. */
public final class ValueLength {
  private ValueLength() {}

  /** A put whose value comes from a body of unknown length. */
  public interface Storing {
    Outcome run() throws IOException;
  }

  /** Stores the body of the request as it comes. */
  public static Outcome put(
      Request request, Key key, Namespace namespace, WriteOptions how, Limits limits)
      throws IOException {
    long most = limits.get(Limit.VALUE_BYTES);
    return within(most, () -> namespace.put(key, MeasuredStream.bodyOf(request, most), how));
  }

  /** Throws {@link LimitExceededException} where the body turns out to be longer than that. */
  public static Outcome within(long most, Storing storing) throws IOException {
    try {
      return storing.run();
    } catch (TooLongException e) {
      throw refusal(e, most);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof TooLongException cause) {
        throw refusal(cause, most);
      }
      throw e;
    }
  }

  private static LimitExceededException refusal(TooLongException failure, long most) {
    return new LimitExceededException(
        "Value length of %d exceeds limit of %d.".formatted(failure.length(), most));
  }
}
