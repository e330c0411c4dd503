package selvedge.engine.namespace;

import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;

/** The account of callers that name none, stored in an entry of the system namespace. */
public final class DefaultAccount {
  private static final Key KEY = Key.of("settings/account");

  private DefaultAccount() {}

  /** Returns the stored account. If there is none, stores the given one first. */
  public static AccountId storeIfAbsent(Namespace system, AccountId fresh) {
    if (!(system.get(KEY) instanceof Lookup.Found)) {
      system.put(KEY, Bytes.utf8(fresh.hex()), WriteOptions.PLAIN.ifAbsent());
    }
    return stored(system);
  }

  /** Stores the account in place of an earlier one. */
  public static void set(Namespace system, AccountId account) {
    boolean unchanged = system.get(KEY) instanceof Lookup.Found && stored(system).equals(account);
    if (!unchanged) {
      system.put(KEY, Bytes.utf8(account.hex()), WriteOptions.PLAIN);
    }
  }

  /** Returns the stored account, or throws if there is none. */
  public static AccountId stored(Namespace system) {
    if (system.get(KEY) instanceof Lookup.Found found) {
      return new AccountId(found.entry().value().bytes().utf8());
    }
    throw new IllegalStateException("the store has no default account");
  }
}
