package selvedge.server.quota;

import java.util.List;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Key;
import selvedge.model.NamespaceId;

/**
 * Counts and limits the operations of accounts. Safe for use by many threads; no method blocks.
 *
 * <p>A request spends its quota before it does its work: one for each key that is read, written or
 * deleted, and one for each page that is listed.
 */
public interface Allowance {

  /** Allows everything and counts nothing. */
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
   * Spends {@code count} operations of a quota.
   *
   * @return the remaining quota; empty if the quota is unlimited
   * @throws OverQuotaException if fewer than {@code count} are left; then none is spent
   */
  Optional<QuotaBalance> spend(AccountId account, Quota quota, long count);

  /** Returns operations that were spent today on a request that was then refused. */
  void giveBack(AccountId account, Quota quota, long count);

  /**
   * Admits a write to a key.
   *
   * @param bytes the size of the value as far as it is known before the value has arrived
   * @throws OverQuotaException if the last write of the key was too recent, or if the account would
   *     store too many bytes
   */
  void admitWrite(AccountId account, NamespaceId namespace, Key key, long bytes);

  /**
   * Counts the next bytes of a value of unknown length.
   *
   * @throws OverQuotaException if the account would store too many bytes
   */
  void admitBytes(AccountId account, long bytes);

  /** Returns the limited quotas in the order of {@link Quota}. */
  List<QuotaBalance> usage(AccountId account);
}
