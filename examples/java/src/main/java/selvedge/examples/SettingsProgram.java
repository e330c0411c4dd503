package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import selvedge.model.Codec;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.patterns.Settings;

/** Reads the settings of a program and follows their changes. */
final class SettingsProgram {
  private SettingsProgram() {}

  static void run(Namespace namespace, PrintStream out) throws InterruptedException {
    importAll(namespace, out);
    // @start region="settings"
    try (Settings settings = Settings.open(namespace, "config/", Duration.ofMinutes(1))) {
      out.println("limit: " + settings.number("limit", 10));
      out.println("host: " + settings.require("db/host", Codec.TEXT));
      out.println(settings.getAll(List.of("limit", "color"), Codec.TEXT));

      // Another process changes a setting: the listener is called once it can be read here.
      var changed = new CountDownLatch(1);
      Settings.Registration registration =
          settings.onChange(
              "limit",
              change -> {
                out.println("changed to " + settings.number("limit", 10));
                changed.countDown();
              });
      Metadata why = Metadata.json("{\"description\":\"requests in a minute\"}");
      settings.set("limit", 20L, Codec.NUMBER, why);
      changed.await();
      registration.close();
      out.println(settings.find("limit").orElseThrow().metadata());
      out.println("updated to " + settings.update("limit", Codec.NUMBER, 10L, n -> n + 1));
      settings.remove("db/host");
    }
    // @end
  }

  private static void importAll(Namespace namespace, PrintStream out) {
    try (Settings settings = Settings.open(namespace, "config/", Duration.ofMinutes(1))) {
      Map<String, String> values = Map.of("limit", "5", "db/host", "10.0.0.1");
      out.println("imported: " + settings.setAll(values).succeeded());
    }
  }
}
