package selvedge.server.api.route;

import selvedge.server.access.Right;
import selvedge.server.quota.Quota;

/**
 * One operation of a protocol. Everything that the server decides by the operation of a request
 * stands in its {@link RouteEntry}: a new operation is one entry and one handler.
 */
public sealed interface Route
    permits RestRoute, BindingRoute, V1Route, ExplorerRoute, ProbeRoute, PageRoute, UnmatchedRoute {

  RouteEntry entry();

  ProtocolName protocol();

  /** The operation in the words of its protocol, as errors name it. */
  default String operation() {
    return entry().operation();
  }

  /** Returns whether the operation changes nothing. */
  default boolean isRead() {
    return entry().isRead();
  }

  /**
   * Returns the right on the namespace or the account that the operation requires.
   *
   * @throws IllegalStateException if it requires none
   */
  default Right right() {
    return entry().access().right();
  }

  /** Returns whether the operation is an administrative act, which the audit records. */
  default boolean isAudited() {
    return !isRead()
        && switch (entry().access()) {
          case Access.Operator() -> true;
          case Access.Account(Right right) -> right == Right.ADMIN;
          case Access.Namespace(Right right) -> right == Right.ADMIN;
          case Access.Anyone() -> true;
          case Access.AnyCaller(), Access.InAccount(), Access.Everywhere(_) -> false;
        };
  }

  /**
   * Returns the quota that the operation is counted against.
   *
   * @throws java.util.NoSuchElementException if it is not counted
   */
  default Quota quota() {
    return entry().quotas().getFirst();
  }
}
