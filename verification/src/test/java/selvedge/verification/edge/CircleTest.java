package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Reply;
import selvedge.verification.process.Servers;

/** Edges that were told to follow each other. */
final class CircleTest {
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region start(Launch launch) {
    return Region.of(servers.startHere(launch));
  }

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  private Region follow(String name, URI origin) throws Exception {
    Region edge = start(on(name).follow(origin, name));
    edge.complete();
    return edge;
  }

  private ProcessResult point(String name, Region at) {
    return Command.run(
        "follow", at.server().uri().toString(), "--data", folder.resolve(name).toString());
  }

  private static Reply put(Region at, String namespace) {
    return at.client().put(namespace, "k", Bytes.utf8("v"));
  }

  @Test
  void anEdgeIsNotPointedAtAServerBehindIt() throws Exception {
    try (Region origin = start(on("origin"));
        Region fra = follow("fra", origin.server().uri());
        Region syd = follow("syd", fra.server().uri());
        Region nrt = follow("nrt", syd.server().uri())) {
      String namespace = origin.client().createNamespace("n");
      nrt.catchUpWith(origin);

      ProcessResult refused = point("fra", nrt);

      assertThat(refused.exit()).isNotZero();
      assertThat(refused.errors()).contains(nrt.server().uri() + " follows this server");
      put(nrt, namespace).ok();
      assertThat(point("nrt", origin).exit()).isZero();
      assertThat(point("nrt", fra).exit()).isZero();
    }
  }

  @Test
  void edgesThatFollowEachOtherSayItAndPassNothingAround() throws Exception {
    try (Region origin = start(on("origin"));
        Region before = follow("fra", origin.server().uri());
        Region syd = follow("syd", before.server().uri())) {
      String namespace = origin.client().createNamespace("n");
      put(syd, namespace).ok();
      before.catchUpWith(origin);
      int port = before.server().uri().getPort();
      before.server().close();

      Region fra = start(on("fra").follow(syd.server().uri(), "fra").listen(port));
      for (Region edge : List.of(fra, syd)) {
        Polling.await(
            "the circle in the status",
            () -> edge.status().path("trouble").asString("").contains("follows this server"));
        assertThat(edge.status().path("connected").asBoolean()).isFalse();
        Reply refused = put(edge, namespace);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body().utf8()).contains("follows this server");
        assertThat(edge.client().get(namespace, "k").ok().body().utf8()).isEqualTo("v");
      }
      assertThat(point("fra", origin).exit()).isZero();
      Polling.await("a way to the origin", () -> put(syd, namespace).status() == 200);
      syd.catchUpWith(origin);
      fra.close();
    }
  }
}
