import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Converts the classes of a jar that are older than Java 6, so that the AOT cache can contain them.
 *
 * <p>Only their version changes, and the stack maps that the new version requires are added.
 */
final class RenewClasses {
  private static final int OLDEST_IN_CACHE = ClassFile.JAVA_6_VERSION;
  private static final int VERSION = ClassFile.JAVA_8_VERSION;

  private RenewClasses() {}

  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      try (FileSystem files = FileSystems.newFileSystem(Path.of(jar));
          Stream<Path> all = Files.walk(files.getPath("/"))) {
        for (Path file : all.filter(path -> path.toString().endsWith(".class")).toList()) {
          renew(file);
        }
      }
    }
  }

  private static void renew(Path file) throws IOException {
    ClassFile classes = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS);
    var old = classes.parse(Files.readAllBytes(file));
    if (old.majorVersion() < OLDEST_IN_CACHE) {
      Files.write(
          file,
          classes.transformClass(
              old,
              ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                  .andThen(ClassTransform.endHandler(builder -> builder.withVersion(VERSION, 0)))));
    }
  }
}
