package selvedge.server.quota;

import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Key;
import selvedge.model.NamespaceId;

/**
 * What the accounts may still do today. Safe for use by many threads; nothing here blocks.
 *
 * <p>Whoever answers a request spends before doing the work: one for each key that is read, written
 * or deleted, one for each page that is listed.
 */
public interface Allowance {

  /** Everything is allowed and nothing is counted. */
  Allowance UNLIMITED =
      new Allowance() {
        @Override
        public Optional<QuotaBalance> spend(AccountId account, Quota quota, long count) {
          return Optional.empty();
        }

        @Override
        public void giveBack(AccountId account, Quota quota, long count) {}

        @Override
        public void admitWrite(AccountId account, NamespaceId namespace, Key key, long bytes) {}

        @Override
        public void admitBytes(AccountId account, long bytes) {}

        @Override
        public List<QuotaBalance> usage(AccountId account) {
          return List.of();
        }
      };

  /**
   * Takes all of {@code count}, or throws {@link OverQuotaException} and takes none of it.
   *
   * @return what is left; empty when the quota does not bind
   */
  Optional<QuotaBalance> spend(AccountId account, Quota quota, long count);

  /** Takes back what was spent today on something that was refused after all. */
  void giveBack(AccountId account, Quota quota, long count);

  /**
   * Throws {@link OverQuotaException} when the key was written too short a time ago, or when so
   * many more bytes are more than the account may store.
   *
   * @param bytes what is known of the size before the value has arrived
   */
  void admitWrite(AccountId account, NamespaceId namespace, Key key, long bytes);

  /**
   * Counts bytes of a value whose length was not known before, as they arrive. Throws {@link
   * OverQuotaException} when they are more than the account may store.
   */
  void admitBytes(AccountId account, long bytes);

  /** Returns the quotas that bind, in the order of {@link Quota}. */
  List<QuotaBalance> usage(AccountId account);
}
