package selvedge.cluster;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log of the gRPC in Ratis, which does not go through SLF4J. */
final class GrpcLog {
  /** Held here, because a logger that is not held forgets its level. */
  private static final Logger GRPC = Logger.getLogger("org.apache.ratis.thirdparty");

  private GrpcLog() {}

  /** Suppresses everything below warnings. */
  static void quiet() {
    GRPC.setLevel(Level.WARNING);
  }
}
