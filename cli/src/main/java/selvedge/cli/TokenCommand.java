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
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;

/** {@code selvedge token}. */
@Command(
    name = "token",
    description = "Create, list, rotate and revoke tokens of a running or a stopped server.",
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
        spec.commandLine(), "missing command: one of create, list, rotate or revoke");
  }

  @Command(
      name = "create",
      description = "Create a token. Its secret is printed once.",
      mixinStandardHelpOptions = true)
  void create(
      @Mixin TokenAdmin admin,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              defaultValue = "",
              description = "A name for the list of tokens.")
          String name,
      @Option(
              names = "--account",
              paramLabel = "ID",
              defaultValue = "all",
              description = "An account id, or all (default).")
          String account,
      @Option(
              names = "--namespace",
              paramLabel = "ID",
              defaultValue = "",
              description = "The id of a namespace of the account.")
          String namespace,
      @Option(
              names = "--prefix",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Restrict read or write to keys of the namespace with this prefix.")
          String prefix,
      @Option(
              names = "--grant",
              paramLabel = "GRANT",
              defaultValue = "admin",
              description = "read, write, replicate (for edges) or admin (default).")
          String grant,
      @Option(
              names = "--expires",
              paramLabel = "TIME",
              defaultValue = "",
              description = "Time until the token expires: 90d, 12h, 30m or 60s.")
          String expires) {
    if (!namespace.isEmpty() && account.equals("all")) {
      throw new InvalidRequestException(
          "--namespace requires --account with the id of its account");
    }
    Map<String, Object> fields = new TreeMap<>();
    fields.put("name", name);
    fields.put("account", account);
    fields.put("namespace", namespace);
    if (!prefix.isEmpty()) {
      fields.put("prefix", prefix);
    }
    fields.put("grant", grant);
    if (!expires.isEmpty()) {
      fields.put("expires_seconds", span("--expires", expires).toSeconds());
    }
    show(admin.create(fields), admin.json);
  }

  @Command(name = "list", description = "List the tokens.", mixinStandardHelpOptions = true)
  void list(@Mixin TokenAdmin admin) {
    List<Map<String, String>> tokens = admin.list();
    if (admin.json) {
      tokens.forEach(token -> show(token, true));
      return;
    }
    if (tokens.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println(
              "no tokens: a server that never had one accepts all requests on a loopback address");
    }
    for (Map<String, String> token : tokens) {
      String account = token.getOrDefault("account", "");
      String namespace = token.get("namespace");
      spec.commandLine()
          .getOut()
          .printf(
              "%-18s %-9s %-34s %-20s %s%n",
              token.get("id"),
              token.get("grant"),
              TerminalText.escape(
                  namespace == null ? account : account + "/" + namespace + prefix(token)),
              TerminalText.escape(token.getOrDefault("name", "")),
              when(token));
    }
  }

  @Command(
      name = "rotate",
      description =
          "Create a token that replaces another one. The old one stays valid for the overlap.",
      mixinStandardHelpOptions = true)
  void rotate(
      @Mixin TokenAdmin admin,
      @Parameters(paramLabel = "ID", description = "The id in selvedge token list.") String id,
      @Option(
              names = "--overlap",
              paramLabel = "TIME",
              defaultValue = "1d",
              description = "How long the old one stays valid: 1d (default), 12h, 30m, 60s or 0s.")
          String overlap) {
    Duration span = overlap.equals("0s") ? Duration.ZERO : span("--overlap", overlap);
    show(admin.rotate(id, span), admin.json);
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
      @Mixin TokenAdmin admin,
      @Parameters(paramLabel = "ID", description = "The id in selvedge token list.") String id) {
    admin.revoke(id);
    spec.commandLine().getOut().println("revoked " + id);
  }

  private void show(Map<String, String> token, boolean json) {
    if (json) {
      spec.commandLine().getOut().println(TokenAdmin.toJson(token));
      return;
    }
    token.forEach(
        (name, value) ->
            spec.commandLine().getOut().printf("%-10s %s%n", name, TerminalText.escape(value)));
    if (token.containsKey("secret")) {
      spec.commandLine().getOut().println("Store the secret: it is not printed again.");
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
        option
            + " must be a positive number with the unit d, h, m or s, such as 90d, got \""
            + text
            + "\"");
  }
}
