package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a Worker: the main module and the modules that it imports.
 *
 * @param isModule whether the Worker exports its handlers; otherwise it is a script that adds
 *     listeners
 */
record Bundle(boolean isModule, List<ModuleFile> modules) {
  Bundle {
    modules = List.copyOf(modules);
  }

  Path main() {
    return modules.getFirst().file();
  }

  /** Returns the files that wrangler wrote into a folder. One has the name of the main file. */
  static Bundle of(Path folder, Path main) {
    String name = main.getFileName().toString().replaceFirst("\\.[^.]+$", "") + ".js";
    Path first = folder.resolve(name);
    List<ModuleFile> modules = new ArrayList<>();
    modules.add(new ModuleFile(name, first, ModuleFile.Kind.ES_MODULE));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String relative = folder.relativize(file).toString();
        boolean isIgnored = relative.endsWith(".map") || relative.equals("README.md");
        if (!isIgnored && !file.equals(first)) {
          modules.add(new ModuleFile(relative, file, ModuleFile.Kind.of(relative)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
    return new Bundle(ImportScanner.scan(read(first)).isModule(), modules);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
