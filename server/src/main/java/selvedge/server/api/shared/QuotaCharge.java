package selvedge.server.api.shared;

import java.io.IOException;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.server.api.CountedRequest;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;
import selvedge.server.quota.QuotaBalance;

/** Charges requests to the quotas of an account, and adds the remaining quota to the answer. */
public record QuotaCharge(Allowance allowance) {

  /** A charge for one change, and what is left of the quota. */
  record Payment(AccountId account, Quota quota, Optional<QuotaBalance> left) {}

  /** Charges a read, whatever it finds. */
  public Response read(AccountId account, Quota quota, ErrorResponses.Action action)
      throws IOException {
    Optional<QuotaBalance> left = allowance.spend(account, quota, 1);
    return withLeft(action.run(), left);
  }

  /** Charges a change, unless it is refused. */
  public Response change(AccountId account, Quota quota, ErrorResponses.Action action)
      throws IOException {
    return settle(pay(account, quota), action);
  }

  /** Charges a change that has not been made yet. */
  Payment pay(AccountId account, Quota quota) {
    return new Payment(account, quota, allowance.spend(account, quota, 1));
  }

  void giveBack(Payment payment) {
    allowance.giveBack(payment.account(), payment.quota(), 1);
  }

  /**
   * Returns the answer to a change that was charged, and refunds the charge if the change failed.
   */
  Response settle(Payment payment, ErrorResponses.Action action) throws IOException {
    boolean done = false;
    try {
      Response response = action.run();
      done = response.status() < 300;
      return withLeft(response, payment.left());
    } finally {
      if (!done) {
        giveBack(payment);
      }
    }
  }

  /**
   * Refuses a write that comes too soon or exceeds the storage of the account, before its body is
   * read. Returns the request whose body must be read: a body of unknown length is counted while it
   * arrives.
   */
  public Request admitWrite(AccountId account, NamespaceId namespace, Key key, Request request) {
    allowance.admitWrite(account, namespace, key, request.contentLength().orElse(0));
    return request.contentLength().isPresent()
        ? request
        : new CountedRequest(request, bytes -> allowance.admitBytes(account, bytes));
  }

  private static Response withLeft(Response response, Optional<QuotaBalance> left) {
    return left.map(l -> response.header(HeaderNames.SELVEDGE_QUOTA_LEFT, Long.toString(l.left())))
        .orElse(response);
  }
}
