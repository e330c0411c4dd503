package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Servers;

/** Uses {@code @selvedge/workers} across a promotion that loses a change. */
final class PackagePromotionTest {
  private static final Path PACKAGE = Path.of("..", "workers/src/selvedge.js");

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region start(Launch launch) {
    return Region.of(servers.startHere(launch));
  }

  private Process script(String namespace, Region origin, Region edge) throws IOException {
    return new ProcessBuilder(
            "node",
            "clients/lineage.mjs",
            PACKAGE.toAbsolutePath().toString(),
            namespace,
            origin.server().uri().toString(),
            edge.server().uri().toString())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  private void require(BufferedReader said, String line) throws IOException {
    assertThat(said.readLine())
        .as("the script, with the errors " + Files.readString(folder.resolve("errors")))
        .isEqualTo(line);
  }

  private static void answer(Process script) throws IOException {
    Writer input = script.outputWriter();
    input.write("done\n");
    input.flush();
  }

  @Test
  void aLostVersionIsRefusedAndAWatchEndsOrGoesOn() throws Exception {
    Region origin = start(Launch.on(folder.resolve("origin")));
    String namespace = origin.client().createNamespace("n");
    Path data = folder.resolve("fra");
    try (Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region fra = start(Launch.on(data).follow(relay.uri(), "fra"))) {
      fra.catchUpWith(origin);
      Process script = script(namespace, origin, fra);
      try (BufferedReader said = script.inputReader()) {
        require(said, "let the edge follow, and cut it off");
        fra.catchUpWith(origin);
        relay.cut();
        answer(script);
        require(said, "promote the edge");
        origin.server().close();
        Polling.await(
            "a promotion", () -> Command.run("promote", "--data", data.toString()).exit() == 0);
        Polling.await("an origin", () -> fra.status().path("role").asString().equals("origin"));
        answer(script);
        require(said, "ok");
        assertThat(script.waitFor()).isZero();
      } finally {
        script.destroyForcibly();
      }
    }
    origin.close();
  }
}
