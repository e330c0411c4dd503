package selvedge.spring;

import selvedge.client.RefusedException;
import selvedge.model.SelvedgeException;

/** Separates failures of the store from errors of the program. */
public final class StoreFailures {
  private StoreFailures() {}

  /**
   * Returns whether the store, its configuration or the network is the cause.
   *
   * @param failure an exception of the store
   * @return false if the program made an invalid call
   */
  public static boolean isOne(SelvedgeException failure) {
    return failure.remedy() != SelvedgeException.Remedy.CALLER
        || failure instanceof RefusedException;
  }
}
