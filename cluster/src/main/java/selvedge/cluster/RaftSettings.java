package selvedge.cluster;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ratis.conf.RaftProperties;

/**
 * The settings of Ratis that differ from its defaults, each for a reason.
 *
 * <p>A trial under faults found every one of them; {@code docs/explanation/quorum.md} has the
 * reasons.
 */
final class RaftSettings {
  private static final String RPC = "raft.server.rpc.";
  private static final String LOG = "raft.server.log.";
  private static final String GRPC = "raft.grpc.server.";

  private RaftSettings() {}

  /** Returns the settings that are the same for every voter. */
  static Map<String, String> common() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("raft.rpc.type", PromptGrpc.class.getName());
    settings.put(RPC + "timeout.min", "1000ms");
    settings.put(RPC + "timeout.max", "1500ms");
    settings.put(RPC + "first-election.timeout.min", "300ms");
    settings.put(RPC + "first-election.timeout.max", "700ms");
    settings.put("raft.server.leaderelection.pre-vote", "true");
    settings.put("raft.server.leaderelection.leader.step-down.wait-time", "4s");
    settings.put(LOG + "log-metadata.enabled", "false");
    settings.put(LOG + "unsafe-flush.enabled", "false");
    settings.put(LOG + "async-flush.enabled", "false");
    settings.put(LOG + "appender.wait-time.min", "0ms");
    settings.put(LOG + "appender.retry.policy", "1ms,10, 100ms,1000");
    settings.put(LOG + "appender.install.snapshot.enabled", "false");
    settings.put(LOG + "segment.size.max", "8MB");
    settings.put(LOG + "segment.cache.num.max", "2");
    settings.put(LOG + "purge.upto.snapshot.index", "true");
    settings.put(LOG + "purge.gap", "1");
    settings.put("raft.server.snapshot.auto.trigger.enabled", "true");
    settings.put("raft.server.snapshot.auto.trigger.threshold", "1");
    settings.put("raft.server.staging.timeout", "30s");
    settings.put("raft.server.retrycache.expirytime", "5s");
    settings.put("raft.server.close.threshold", "1d");
    return settings;
  }

  /**
   * Returns the settings of a voter.
   *
   * @param directory the directory of its log
   * @param address where it listens
   * @param others settings of a test, which replace the common ones
   */
  static RaftProperties of(Path directory, InetSocketAddress address, Map<String, String> others) {
    var properties = new RaftProperties();
    common().forEach(properties::set);
    others.forEach(properties::set);
    properties.set("raft.server.storage.dir", directory.toString());
    properties.set(
        "raft.server.removed.groups.dir", directory.resolve("removed-groups").toString());
    properties.set(GRPC + "host", address.getHostString());
    properties.set(GRPC + "port", Integer.toString(address.getPort()));
    return properties;
  }
}
