package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import selvedge.model.Codec;
import selvedge.model.Namespace;
import selvedge.patterns.Cache;
import selvedge.patterns.CacheOptions;
import selvedge.patterns.Cached;

/** Caches rendered pages. */
final class CacheProgram {
  private CacheProgram() {}

  private static String render(String page) {
    return "<h1>" + page + "</h1>";
  }

  static void run(Namespace namespace, PrintStream out) {
    // @start region="cache"
    CacheOptions options =
        CacheOptions.fresh(Duration.ofMinutes(1))
            .stale(Duration.ofHours(1))
            .refreshAhead(Duration.ofSeconds(10))
            .keepDecoded(16 << 20)
            .warned((key, failure) -> out.println("page " + key + ": " + failure));
    var pages = new Cache<>(namespace, "page/", Codec.TEXT, options);
    for (int i = 0; i < 2; i++) {
      Cached<String> home = pages.get("home", key -> Optional.of(render(key)));
      out.println(home.value().orElse("none") + " from " + home.from());
    }

    // This page changes rarely, and this one exists for a short time.
    pages.get("imprint", Duration.ofDays(1), key -> Optional.of(render(key)));
    pages.put("banner", "<p>today only</p>", Duration.ofMinutes(10));

    // The page has changed: load it now, however fresh the stored one is.
    out.println("again from " + pages.refresh("home", key -> Optional.of(render(key))).from());

    // Load the pages without a fresh value, at most 100 of them at once.
    int loaded = pages.warm(List.of("home", "news", "jobs"), 100, missing -> renderAll(missing));
    out.println("warmed " + loaded);
    pages.invalidatePrefix("");
    // @end
    out.println("banner: " + pages.find("banner").isPresent());
  }

  private static Map<String, String> renderAll(List<String> pages) {
    return pages.stream().collect(Collectors.toMap(page -> page, CacheProgram::render));
  }
}
