package selvedge.server.site;

import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import selvedge.engine.Engine;
import selvedge.engine.EngineOptions;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Limits;
import selvedge.model.tls.Trust;
import selvedge.server.access.Openness;
import selvedge.server.analytics.Analytics;
import selvedge.server.config.Config;
import selvedge.server.health.CommitWatch;
import selvedge.server.metrics.ServerMetrics;
import selvedge.server.otlp.Tracing;
import selvedge.server.voter.Voter;

/**
 * The settings and resources of a process that every site needs.
 *
 * @param analytics the numbers of the past, which outlive a site
 * @param tracing decides which requests are traced
 * @param commits observes the commits of an origin
 * @param health returns the state of the server
 * @param localSecret admits the owner of the data directory
 * @param openness when requests without a token are accepted
 * @param trust of outgoing connections
 * @param readmit ends the requests in flight that would not be admitted any more
 * @param voters opens the voter of this server; null if the program has none
 */
public record SiteContext(
    Config config,
    InstantSource clock,
    RandomGenerator random,
    ServerMetrics metrics,
    Analytics analytics,
    Tracing tracing,
    CommitWatch commits,
    SiteHealth health,
    String localSecret,
    Openness openness,
    Supplier<Trust> trust,
    Runnable readmit,
    Voter.@Nullable Opener voters) {

  Limits limits() {
    return config.limits();
  }

  StoreOpener stores() {
    return new StoreOpener(
        new StoreDirectory(config.data(), config.encryption()), limits(), clock, random);
  }

  EngineOptions engineOptions(Engine.Failures failures) {
    return new EngineOptions(
        config.data(), limits(), clock, System::nanoTime, random, config.encryption(), failures);
  }
}
