package selvedge.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.model.InvalidRequestException;

/** {@code selvedge token}. */
@Command(
    name = "token",
    description = "Create, list, rotate and revoke tokens, with the server running or stopped.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge token create --name ci --grant write --account ID",
      "  selvedge token create --name site --grant read --account ID --namespace ID --expires 90d",
      "  selvedge token create --grant write --account ID --namespace ID --prefix user/7/",
      "  selvedge token create --name fra --grant replicate",
      "  selvedge token list",
      "  selvedge token rotate 0123456789abcdef --overlap 12h",
      "  selvedge token revoke 0123456789abcdef",
      "  selvedge token list --server https://kv.example:5820 --token-file admin"
    })
final class TokenCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  TokenCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "give a command: create, list, rotate or revoke");
  }

  @Command(
      name = "create",
      description = "Make a token. Its secret is shown once.",
      mixinStandardHelpOptions = true)
  void create(
      @Mixin TokenDoor door,
      @Option(names = "--name", defaultValue = "", description = "For people.") String name,
      @Option(
              names = "--account",
              defaultValue = "all",
              description = "An account id, or all (default).")
          String account,
      @Option(
              names = "--namespace",
              defaultValue = "",
              description = "The id of one namespace of that account.")
          String namespace,
      @Option(
              names = "--prefix",
              defaultValue = "",
              description = "Only keys of the namespace that start so, for read or write.")
          String prefix,
      @Option(
              names = "--grant",
              defaultValue = "admin",
              description = "read, write, replicate (for edges) or admin (default).")
          String grant,
      @Option(
              names = "--expires",
              defaultValue = "",
              description = "After so long: 90d, 12h, 30m or 60s.")
          String expires) {
    if (!namespace.isEmpty() && account.equals("all")) {
      throw new InvalidRequestException("a namespace belongs to an account: give --account too");
    }
    Map<String, Object> wish = new TreeMap<>();
    wish.put("name", name);
    wish.put("account", account);
    wish.put("namespace", namespace);
    if (!prefix.isEmpty()) {
      wish.put("prefix", prefix);
    }
    wish.put("grant", grant);
    if (!expires.isEmpty()) {
      wish.put("expires_seconds", span("--expires", expires).toSeconds());
    }
    show(door.create(wish), door.json);
  }

  @Command(name = "list", description = "List the tokens.", mixinStandardHelpOptions = true)
  void list(@Mixin TokenDoor door) {
    List<Map<String, String>> tokens = door.list();
    if (door.json) {
      tokens.forEach(token -> show(token, true));
      return;
    }
    if (tokens.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println("no tokens: a server that never had one is open on a loopback address");
    }
    for (Map<String, String> token : tokens) {
      String where = token.getOrDefault("account", "");
      String namespace = token.get("namespace");
      spec.commandLine()
          .getOut()
          .printf(
              "%-18s %-9s %-34s %-20s %s%n",
              token.get("id"),
              token.get("grant"),
              Shown.text(namespace == null ? where : where + "/" + namespace + prefix(token)),
              Shown.text(token.getOrDefault("name", "")),
              when(token));
    }
  }

  @Command(
      name = "rotate",
      description = "Make a token in place of another one, which goes on for a while.",
      mixinStandardHelpOptions = true)
  void rotate(
      @Mixin TokenDoor door,
      @Parameters(paramLabel = "ID", description = "As listed.") String id,
      @Option(
              names = "--overlap",
              defaultValue = "1d",
              description = "How long the old one goes on: 1d (default), 12h, 30m, 60s or 0s.")
          String overlap) {
    Duration span = overlap.equals("0s") ? Duration.ZERO : span("--overlap", overlap);
    show(door.rotate(id, span), door.json);
  }

  private static String when(Map<String, String> token) {
    String used = token.containsKey("last_used") ? "used " + token.get("last_used") + " " : "";
    return token.containsKey("expires") ? used + "until " + token.get("expires") : used;
  }

  private static String prefix(Map<String, String> token) {
    return token.containsKey("prefix") ? "/" + token.get("prefix") + "*" : "";
  }

  @Command(name = "revoke", description = "Revoke a token.", mixinStandardHelpOptions = true)
  void revoke(
      @Mixin TokenDoor door, @Parameters(paramLabel = "ID", description = "As listed.") String id) {
    door.revoke(id);
    spec.commandLine().getOut().println("revoked " + id);
  }

  private void show(Map<String, String> token, boolean json) {
    if (json) {
      spec.commandLine().getOut().println(TokenDoor.toJson(token));
      return;
    }
    token.forEach(
        (name, value) -> spec.commandLine().getOut().printf("%-10s %s%n", name, Shown.text(value)));
    if (token.containsKey("secret")) {
      spec.commandLine().getOut().println("Keep the secret: it is not shown again.");
    }
  }

  private static Duration span(String option, String text) {
    try {
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      @Nullable Duration span =
          switch (text.charAt(text.length() - 1)) {
            case 'd' -> Duration.ofDays(number);
            case 'h' -> Duration.ofHours(number);
            case 'm' -> Duration.ofMinutes(number);
            case 's' -> Duration.ofSeconds(number);
            default -> null;
          };
      if (span != null && number > 0) {
        return span;
      }
    } catch (NumberFormatException e) {
      throw badSpan(option, text);
    }
    throw badSpan(option, text);
  }

  private static InvalidRequestException badSpan(String option, String text) {
    return new InvalidRequestException(
        option + " takes a number and d, h, m or s, such as 90d, not \"" + text + "\"");
  }
}
