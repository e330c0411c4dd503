package selvedge.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.cli.remote.TokenOption;
import selvedge.cli.remote.TrustOption;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.files.FileFailures;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/** {@code selvedge key}. */
@Command(
    name = "key",
    description = "Generate and rotate the master key of encrypted data.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge key generate /etc/selvedge/key",
      "  selvedge serve --encryption-key-file /etc/selvedge/key",
      "  selvedge key generate /etc/selvedge/key --add",
      "  selvedge key rotate --data /var/lib/selvedge"
    })
final class KeyCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  KeyCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give a command: generate or rotate");
  }

  @Command(
      name = "generate",
      description = "Write a new master key to a file that only its owner may read.",
      mixinStandardHelpOptions = true)
  void generate(
      @Parameters(paramLabel = "FILE", description = "The file; it must not exist.") Path file,
      @Option(
              names = "--add",
              description = "Put the new key before those in the file, for a rotation.")
          boolean add) {
    if (Files.exists(file) != add) {
      throw new InvalidRequestException(
          add
              ? "no key file " + file + " to add a key to"
              : file + " exists; to put a new key before the one in it, give --add");
    }
    Umask.restrict();
    try {
      String keys = AesMasterKey.generate() + "\n" + (add ? Files.readString(file) : "");
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, keys);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InvalidRequestException("cannot write " + file + ": " + FileFailures.reason(e));
    }
    print(
        add
            ? "wrote a new key before the others in " + file + "; next: selvedge key rotate"
            : "wrote a master key to " + file + "; keep a copy: without it the data are lost");
  }

  @Command(
      name = "rotate",
      description = {
        "Wrap the data keys of a running server by the first key of its key file.",
        "The file is read again. Afterwards the older keys in it may be deleted, unless backups"
            + " need them."
      },
      mixinStandardHelpOptions = true)
  void rotate(
      @Option(names = "--server", paramLabel = "URL", description = "The server.")
          @Nullable URI server,
      @Mixin TokenOption token,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "The data directory of a server on this machine; needs no token.")
          @Nullable Path data,
      @Option(
              names = "--rewrite",
              description = "Encrypt all data again with a new data key, in the background.")
          boolean rewrite,
      @Mixin TrustOption tls) {
    Remote remote = Remote.of(server, token.value(), data, tls.trust());
    JsonNode response = remote.request("POST", "/v1/key/rotate?rewrite=" + rewrite, "");
    print(
        "the master key "
            + TerminalText.escape(response.path("master_key").asString())
            + " wraps the data keys of "
            + remote.uri()
            + (rewrite ? "; all data is being encrypted again, see selvedge status" : ""));
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
